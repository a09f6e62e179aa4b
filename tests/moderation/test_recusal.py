"""What an own organisation filed, or is asked to sign, does not exist for a moderator; SQL agrees."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from consult.accounts.models import Organisation
from consult.actor import PUBLIC, Actor
from consult.db import clock, session
from consult.errors import Missing
from consult.moderation import queries, queue
from consult.moderation.actions import Opinion
from consult.moderation.campaigns import call_campaign, decide_campaign
from consult.moderation.claims import claim_next
from consult.moderation.models import Case
from consult.moderation.queue import Filters, QueueState
from consult.permissions import Can, permitted
from consult.submissions.models import Signature
from consult.vocabulary import CaseStage, Role, Scope, Verdict
from tests import factories as make
from tests.moderation.conftest import acting

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def recused() -> tuple[Actor, Organisation]:
    """A senior moderator who belongs to a body."""
    person, organisation = make.an_account(role=Role.SENIOR_MODERATOR), make.an_organisation()
    make.join(person, organisation)
    return acting(person), organisation


def sign(case: Case, organisation: Organisation, *, declined: bool = False) -> None:
    place = Signature(submission_id=case.submission_id, organisation_id=organisation.id, invited_at=clock())
    place.declined_at = clock() if declined else None
    make.keep(place)


def test_a_co_signatory_is_recused_until_it_declines(recused):
    actor, organisation = recused
    signed, declined = make.a_case(), make.a_case()
    sign(signed, organisation)
    sign(declined, organisation, declined=True)
    with pytest.raises(Missing):
        queries.case(actor, signed.id)
    assert queries.case(actor, declined.id) is declined
    assert [case.id for case in queue.cases(actor, Filters(), 10)] == [declined.id]
    assert queue.counts(actor, Filters())["takable"] == 1
    assert claim_next(actor=actor).id == declined.id
    assert claim_next(actor=actor) is None


def test_no_count_tells_of_it(recused):
    actor, organisation = recused
    for stage in CaseStage:
        case = make.a_case(organisation=organisation)
        case.stage, case.decided_at = stage, clock()
        session.commit()
    for state in QueueState:
        assert set(queue.counts(actor, Filters(state=state)).values()) == {0}
        assert list(queue.cases(actor, Filters(state=state), 10)) == []
    assert queue.consultations_with_cases(actor) == []


def test_a_campaign_decides_around_it_without_a_word(recused):
    actor, organisation = recused
    consultation = make.a_consultation()
    own = make.a_case(consultation, organisation)
    others = [make.a_case(consultation) for _each in range(2)]
    stranger = acting(make.an_account(role=Role.MODERATOR))
    campaign = call_campaign(actor=stranger, case_ids=[own.id, *(case.id for case in others)], name="Wages")
    session.commit()
    outcome = decide_campaign(actor=actor, campaign=campaign, opinion=Opinion(Verdict.ACCEPT))
    session.commit()
    assert [decision.case_id for decision in outcome.decided] == [case.id for case in others]
    assert outcome.left_out == []
    assert own.stage == CaseStage.FIRST
    assert {case.id for case in queries.members_of(actor, campaign, 10)} == {case.id for case in others}


def test_the_table_and_the_sql_agree(recused):
    """Every role, with and without a body of its own in the case, with every scope alone."""
    _actor, organisation = recused
    cases = [make.a_case(organisation=organisation), make.a_case()]
    actors = [PUBLIC]
    for role in Role:
        for bodies in (frozenset(), frozenset({organisation.id})):
            actors += [
                Actor(account_id=1, role=role, organisations=bodies, scopes=scopes)
                for scopes in (None, *(frozenset({scope}) for scope in Scope))
            ]
    for actor in actors:
        by_sql = set(session.scalars(select(Case.id).where(queries.visible_to(actor))))
        assert by_sql == {case.id for case in cases if permitted(actor, Can.READ_CASE, case)}, actor
