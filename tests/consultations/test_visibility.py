"""The permission table and its SQL twins agree, on who and on when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult.actor import PUBLIC, SYSTEM, Actor
from consult.consultations import queries
from consult.consultations.models import Consultation
from consult.db import session
from consult.errors import Missing
from consult.permissions import Can, permitted
from consult.vocabulary import Phase, Role, Scope
from tests.factories import a_consultation

pytestmark = pytest.mark.usefixtures("app")

ACTORS = [PUBLIC, SYSTEM, *(Actor(account_id=1, role=role) for role in Role)]
ACTORS += [
    Actor(account_id=1, role=role, scopes=frozenset(scopes))
    for role in Role
    for scopes in ((), (Scope.READ,), (Scope.ADMINISTER,))
]


def test_table_and_sql_agree_on_who_sees_what() -> None:
    rows = [a_consultation(opens=opens, closes=opens + 10, published=published)
            for opens in (-20, -5, 5) for published in (True, False)]  # fmt: skip
    for actor in ACTORS:
        seen = set(session.scalars(select(Consultation.id).where(queries.visible_to(actor))))
        allowed = {row.id for row in rows if permitted(actor, Can.READ_CONSULTATION, row)}
        assert seen == allowed, actor


def test_model_and_sql_agree_on_the_phase_to_the_microsecond() -> None:
    row = a_consultation(opens=-1, closes=1)
    draft = a_consultation(published=False)
    tick = timedelta(microseconds=1)
    for edge in (row.opens_at, row.closes_at):
        for now in (edge - tick, edge, edge + tick):
            phases = [
                phase
                for phase in Phase
                if row.id
                in session.scalars(select(Consultation.id).where(queries.in_phase(phase, now))).all()
            ]
            assert phases == [row.phase(now)]
    drafts = session.scalars(
        select(Consultation.id).where(queries.in_phase(Phase.DRAFT, datetime.now(UTC)))
    ).all()
    assert drafts == [draft.id]


@pytest.mark.parametrize("slug", ["nothing-here", "", "nul\x00", "half\ud800", "x" * 500, "UPPER", "a/b"])
def test_what_is_no_address_is_missing(slug: str) -> None:
    with pytest.raises(Missing):
        queries.consultation(PUBLIC, slug)


def test_a_draft_is_missing_for_the_public() -> None:
    draft = a_consultation(published=False)
    with pytest.raises(Missing):
        queries.consultation(PUBLIC, draft.slug)
    secretariat = Actor(account_id=1, role=Role.SECRETARIAT)
    assert queries.consultation(secretariat, draft.slug, lock=True).id == draft.id
