"""Twenty moderators at once: nobody ever holds the same case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select, text

from consult import db
from consult.actor import Actor
from consult.audit import AuditEntry
from consult.moderation.claims import claim_next
from consult.moderation.models import Case
from consult.vocabulary import Role
from tests import factories as make
from tests.moderation.conftest import a_reader

MODERATORS, CASES = 20, 500

# Copies of one case, each with a version of its own.
MANY = """
with spare as (
  insert into version (submission_id, number, title, language, publication, canonical, sha256,
    text_fingerprint, received_at, late)
  select submission_id, n, '', 'en', 'public', '', '', '', now(), false
  from moderation_case, generate_series(2, :cases) n returning id, submission_id)
insert into moderation_case (version_id, submission_id, consultation_id, organisation_id, language,
  stakeholder_group, due_at, fair_at)
select spare.id, spare.submission_id, consultation_id, organisation_id, language, stakeholder_group, due_at,
  fair_at + spare.id * interval '1 second'
from spare, moderation_case
"""


def test_nobody_holds_the_same_case(committed: Flask):
    with committed.app_context():
        make.a_case()
        db.session.execute(text(MANY), {"cases": CASES})
        db.session.commit()
        roles = [Role.MODERATOR if number % 2 else Role.SENIOR_MODERATOR for number in range(MODERATORS)]
        actors = [a_reader(role)[1] for role in roles]
    together = Barrier(MODERATORS)

    def work(actor: Actor) -> list[int]:
        taken: list[int] = []
        together.wait()
        for _each in range(CASES // MODERATORS):
            with db.transaction():
                case = claim_next(actor=actor)
            db.forget()
            assert case is not None
            taken.append(case.id)
        return taken

    # More threads than connections: some wait for one, as web threads do.
    with ThreadPoolExecutor(MODERATORS) as threads:
        taken = list(threads.map(work, actors))
    ids = [number for some in taken for number in some]
    assert len(ids) == len(set(ids)) == CASES
    with committed.app_context():
        rows = db.session.execute(select(Case.claimed_by, func.count()).group_by(Case.claimed_by))
        held = {row[0]: row[1] for row in rows}
        assert held == {actor.account_id: len(some) for actor, some in zip(actors, taken, strict=True)}
        claims = select(func.count()).where(AuditEntry.act == "case.claimed")
        assert db.session.scalar(claims) == CASES
