"""Claims: exclusive, expiring, the fairest first, and only what the moderator may read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from consult.actor import Actor
from consult.audit import AuditEntry
from consult.db import clock, session
from consult.errors import Conflict, Forbidden, Unidentified
from consult.moderation.claims import LASTS, claim_case, claim_next, fairest, release, renew
from consult.moderation.queue import Filters
from consult.vocabulary import CaseStage, FindingKind, Role, Scope, StakeholderGroup
from tests import factories as make
from tests.moderation.conftest import a_reader, acting

pytestmark = pytest.mark.usefixtures("app")


def take(actor: Actor, **filters: object) -> int | None:
    case = claim_next(actor=actor, filters=Filters(**filters))  # type: ignore[arg-type]
    return case.id if case else None


def test_next_is_the_fairest_and_then_another(reader: Actor):
    consultation = make.a_consultation()
    first, second = make.a_case(consultation), make.a_case(consultation)
    urgent = make.a_case(make.a_consultation(closes=3))
    assert [take(reader), take(reader), take(reader), take(reader)] == [urgent.id, first.id, second.id, None]
    assert first.claimed_by == reader.account_id
    assert abs(first.claimed_until - clock() - LASTS) < timedelta(seconds=5)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_type == "moderation_case")).all()
    assert acts == ["case.claimed"] * 3


def test_filters_narrow_the_next(reader: Actor):
    consultation = make.a_consultation()
    plain = make.a_case(consultation)
    french = make.a_case(
        make.a_consultation(), language="fr", texts={"rt2": "Écrivez à moi: am@example.org."}
    )
    union = make.a_case(consultation, make.an_organisation(stakeholder_group=StakeholderGroup.TRADE_UNIONS))
    assert take(reader, language="ru") is None
    assert take(reader, group=StakeholderGroup.TRADE_UNIONS) == union.id
    assert take(reader, area="rt2", finding=FindingKind.EMAIL) == french.id
    assert take(reader, overdue=True) is None
    assert take(reader, consultation=consultation.slug) == plain.id


def test_a_claimed_case_is_nobody_elses_until_it_expires(reader: Actor):
    case, (_person, other) = make.a_case(), a_reader()
    claim_case(actor=reader, case=case)
    assert take(other) is None
    with pytest.raises(Conflict, match="Another moderator"):
        claim_case(actor=other, case=case)
    case.claimed_until = clock() - timedelta(seconds=1)
    session.commit()
    assert take(other) == case.id


def test_claiming_again_renews_and_opening_renews_late(reader: Actor):
    case = make.a_case()
    claim_case(actor=reader, case=case)
    until = case.claimed_until
    assert renew(actor=reader, case=case) is False
    case.claimed_until = clock() + timedelta(minutes=3)
    session.commit()
    claim_case(actor=reader, case=case)
    assert case.claimed_until >= until
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.act == "case.claimed")).all()) == 1


def test_release_gives_it_back(reader: Actor):
    case, (_person, other) = make.a_case(), a_reader()
    claim_case(actor=reader, case=case)
    with pytest.raises(Conflict):
        release(actor=other, case=case)
    release(actor=reader, case=case)
    with pytest.raises(Conflict):
        release(actor=reader, case=case)
    assert take(other) == case.id


def test_a_decided_case_cannot_be_claimed(reader: Actor):
    case = make.a_case()
    case.stage = CaseStage.DECIDED
    session.commit()
    with pytest.raises(Conflict, match="decided"):
        claim_case(actor=reader, case=case)
    assert take(reader) is None


@pytest.mark.parametrize("stage", [CaseStage.SECOND, CaseStage.ESCALATED, CaseStage.APPEAL])
def test_later_readings_are_for_seniors_who_took_no_part(stage: CaseStage, reader: Actor, senior: Actor):
    _person, other = a_reader(Role.SENIOR_MODERATOR)
    case = make.a_case()
    case.stage, case.readers = stage, [senior.account_id]
    session.commit()
    for refused in (reader, senior):
        assert take(refused) is None
        with pytest.raises(Forbidden):
            claim_case(actor=refused, case=case)
    assert take(other) == case.id


def test_what_comes_from_an_own_organisation_is_never_offered():
    person, _actor = a_reader(Role.SENIOR_MODERATOR)
    organisation = make.an_organisation()
    make.join(person, organisation)
    make.a_case(organisation=organisation)
    other = make.a_case()
    actor = acting(person)
    assert [take(actor), take(actor)] == [other.id, None]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MODERATOR, Role.SENIOR_MODERATOR}))
def test_nobody_else_claims(role: Role):
    case = make.a_case()
    for act in (lambda who: claim_next(actor=who), lambda who: claim_case(actor=who, case=case)):
        with pytest.raises(Forbidden):
            act(acting(make.an_account(role=role)))
        with pytest.raises(Unidentified):
            act(Actor())


def test_a_token_claims_only_with_its_scope(reader: Actor):
    make.a_case()
    narrow = Actor(account_id=reader.account_id, role=reader.role, scopes=frozenset({Scope.READ}))
    with pytest.raises(Forbidden):
        claim_next(actor=narrow)


@pytest.mark.parametrize(
    ("role", "index"), [(Role.MODERATOR, "ix_case_next"), (Role.SENIOR_MODERATOR, "ix_case_next_senior")]
)
def test_the_next_case_is_found_along_the_index(role: Role, index: str, queries):
    """Among ten thousand, of which the fairest thousand are held by others."""
    make.a_case()
    _person, actor = a_reader(role)
    session.execute(
        text(
            "with spare as (insert into version (submission_id, number, title, language, publication,"
            " canonical, sha256, text_fingerprint, received_at, late)"
            " select submission_id, n, '', 'en', 'public', '', '', '', now(), false"
            " from moderation_case, generate_series(2, 10001) n returning id, number, submission_id)"
            " insert into moderation_case (version_id, submission_id, consultation_id, organisation_id,"
            " language, stakeholder_group, due_at, fair_at, claimed_until)"
            " select spare.id, spare.submission_id, consultation_id, organisation_id, language,"
            " stakeholder_group, due_at, fair_at - spare.number * interval '1 second',"
            " case when spare.number > 9000 then now() + interval '1 hour' end"
            " from spare, moderation_case"
        )
    )
    session.execute(text("analyze moderation_case"))
    statement = fairest(actor, Filters()).compile(session.bind, compile_kwargs={"literal_binds": True})
    plan = "\n".join(session.scalars(text(f"explain {statement}")))
    assert f"Index Scan using {index}" in plan, plan
    assert "Seq Scan" not in plan, plan
    assert "Sort" not in plan, plan
    with queries() as seen:
        claimed = claim_next(actor=actor)
        session.flush()
    assert claimed is not None
    assert claimed.version.number == 9000
    assert [statement.split()[0] for statement in seen] == ["UPDATE", "INSERT"]
