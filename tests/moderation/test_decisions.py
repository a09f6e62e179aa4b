"""Readings: who decides what, two people for a rejection, what the contributor hears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult.actor import Actor
from consult.audit import AuditEntry
from consult.db import clock, session
from consult.errors import Conflict, Forbidden, Invalid
from consult.moderation import queries
from consult.moderation.actions import Opinion, decide
from consult.moderation.appeals import open_appeal
from consult.moderation.claims import claim_case
from consult.moderation.models import STAGE_AFTER, Case, Decision
from consult.moderation.verdicts import stage_after
from consult.outbox import Promise
from consult.submissions.actions import reopen
from consult.submissions.filing import file_submission
from consult.submissions.models import Paragraph
from consult.vocabulary import CaseStage, Reason, SubmissionState, Verdict
from tests import factories as make
from tests.moderation.conftest import acting

pytestmark = pytest.mark.usefixtures("app")

SECRET_NOTE = "CANARY-NOTE between moderators"
S, V = CaseStage, Verdict


def give(actor: Actor, case: Case, verdict: Verdict, **more: str) -> Decision:
    """Claim and decide."""
    claim_case(actor=actor, case=queries.case(actor, case.id))
    return say(actor, case, verdict, **more)


def say(actor: Actor, case: Case, verdict: Verdict, **more: object) -> Decision:
    explained = (
        {}
        if verdict in (V.ACCEPT, V.ESCALATE)
        else {"reason": Reason.OFF_TOPIC, "message": "It speaks of tax."}
    )
    opinion = Opinion(verdict, **explained | {"internal_note": SECRET_NOTE} | more)  # type: ignore[arg-type]
    decision = decide(actor=actor, case=queries.locked_case(actor, case.id), opinion=opinion)
    session.commit()
    return decision


def letters(kind: str = "") -> list[dict[str, str]]:
    rows = session.scalars(select(Promise).where(Promise.kind == "mail").order_by(Promise.id)).all()
    return [row.args for row in rows if kind in row.args["subject"]]


def test_accepting_publishes_and_tells(reader: Actor):
    organisation = make.an_organisation()
    focal = make.a_member(organisation, focal=True, language="en")
    case = make.a_case(organisation=organisation)
    decision = give(reader, case, V.ACCEPT)
    submission = case.submission
    assert decision.is_final
    assert (case.stage, case.outcome, case.claimed_by) == (S.DECIDED, V.ACCEPT, None)
    assert (submission.state, submission.decided_at) == (SubmissionState.ACCEPTED, case.decided_at)
    searchable = select(Paragraph.search.is_not(None)).where(Paragraph.version_id == case.version_id)
    assert set(session.scalars(searchable)) == {True}
    sent = letters("was accepted")
    filer = session.get_one(type(focal), submission.created_by)
    assert {letter["to"] for letter in sent} == {focal.email, filer.email}
    assert reader.name not in str(sent)
    assert SECRET_NOTE not in str(letters())


def test_a_filer_who_left_the_body_is_not_written_to(reader: Actor):
    case = make.a_case()
    person = session.get_one(make.Account, case.submission.created_by)
    session.query(make.Membership).filter_by(account_id=person.id).update({"state": "ended"})
    give(reader, case, V.ACCEPT)
    assert letters("was accepted") == []


def test_returning_opens_the_text_again_and_says_why(reader: Actor):
    case = make.a_case()
    give(reader, case, V.RETURN)
    assert case.submission.state == SubmissionState.RETURNED
    assert case.submission.is_editable
    [letter] = letters("please change")
    assert "It speaks of tax." in letter["body"]
    assert "Outside the scope of the consultation" in letter["body"]


@pytest.mark.parametrize("verdict", [V.RETURN, V.REJECT])
def test_a_return_or_rejection_needs_its_reason_and_a_message(verdict: Verdict, reader: Actor):
    case = make.a_case()
    with pytest.raises(Invalid) as refusal:
        give(reader, case, verdict, reason=None, message=" \n")  # type: ignore[arg-type]
    assert set(refusal.value.fields) == {"reason", "message"}
    assert case.stage == S.FIRST


def test_rejecting_takes_two_people_and_one_letter(reader: Actor, senior: Actor):
    case = make.a_case()
    assert not give(reader, case, V.REJECT).is_final
    assert (case.stage, case.submission.state) == (S.SECOND, SubmissionState.IN_MODERATION)
    assert letters("not accepted") == []
    assert give(senior, case, V.REJECT, message="It is about tax law.").is_final
    assert (case.stage, case.submission.state) == (S.DECIDED, SubmissionState.REJECTED)
    [letter] = letters("not accepted")
    assert "It is about tax law." in letter["body"]
    assert "two people" in letter["body"]


@pytest.mark.parametrize("second", [V.ACCEPT, V.RETURN, V.ESCALATE])
def test_disagreement_goes_to_a_third_person(
    second: Verdict, reader: Actor, senior: Actor, other_senior: Actor
):
    case = make.a_case()
    give(reader, case, V.REJECT)
    assert not give(senior, case, second).is_final
    assert case.stage == S.ESCALATED
    with pytest.raises(Forbidden):
        give(senior, case, V.REJECT)
    # The first reader's vote and this one are two.
    assert give(other_senior, case, V.REJECT).is_final
    assert case.submission.state == SubmissionState.REJECTED


def test_a_rejection_after_a_plain_escalation_still_wants_a_second_person(
    reader: Actor, senior: Actor, other_senior: Actor
):
    case = make.a_case()
    give(reader, case, V.ESCALATE)
    assert not give(senior, case, V.REJECT).is_final
    assert case.stage == S.SECOND
    assert give(other_senior, case, V.REJECT).is_final


def test_no_single_person_can_ever_reject():
    """Walks every path of the table: a rejection that is not an appeal's holds two people's votes."""

    def walk(stage: CaseStage, votes: tuple[Verdict, ...]) -> None:
        for (known, verdict), _after in STAGE_AFTER.items():
            if known != stage or len(votes) > 4:
                continue
            after = stage_after(stage, verdict, another_rejects=V.REJECT in votes)
            if after == S.DECIDED and verdict == V.REJECT:
                assert votes.count(V.REJECT) >= 1
            elif after != S.DECIDED:
                walk(after, (*votes, verdict))

    walk(S.FIRST, ())


@pytest.mark.parametrize("stage", [S.ESCALATED, S.APPEAL])
def test_what_was_escalated_cannot_be_escalated_again(stage: CaseStage, senior: Actor):
    case = make.a_case()
    case.stage = stage
    session.commit()
    with pytest.raises(Conflict):
        give(senior, case, V.ESCALATE)


def test_deciding_needs_a_living_claim_of_ones_own(reader: Actor, senior: Actor):
    case = make.a_case()
    with pytest.raises(Conflict, match="claim it first"):
        say(reader, case, V.ACCEPT)
    claim_case(actor=senior, case=case)
    with pytest.raises(Conflict, match="claim it first"):
        say(reader, case, V.ACCEPT)
    case.claimed_by, case.claimed_until = reader.account_id, clock() - timedelta(seconds=1)
    session.commit()
    with pytest.raises(Conflict, match="claim it first"):
        say(reader, case, V.ACCEPT)


def test_a_decided_case_stays_decided(reader: Actor):
    case = make.a_case()
    give(reader, case, V.ACCEPT)
    with pytest.raises(Conflict, match="decided"):
        say(reader, case, V.RETURN)


def test_what_was_filed_anew_cannot_be_decided_by_its_old_case(reader: Actor):
    case = make.a_case()
    claim_case(actor=reader, case=case)
    member = Actor(account_id=case.submission.created_by, organisations=frozenset({case.organisation_id}))
    reopen(actor=member, submission=case.submission)
    file_submission(actor=member, submission=case.submission)
    session.commit()
    with pytest.raises(Conflict, match="outdated"):
        say(reader, case, V.ACCEPT)


def test_an_outsider_may_not_decide():
    case = make.a_case()
    for role in ("secretariat", "administrator", "contributor", "auditor"):
        with pytest.raises(Forbidden):
            decide(actor=acting(make.an_account(role=role)), case=case, opinion=Opinion(V.ACCEPT))


def test_the_record_holds_codes_and_no_words(reader: Actor, senior: Actor):
    case = make.a_case()
    give(reader, case, V.REJECT)
    give(senior, case, V.REJECT)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    acts = [entry.act for entry in entries if entry.subject_type == "moderation_case"]
    assert acts == ["case.claimed", "case.judged", "case.claimed", "case.judged"]
    assert entries[-1].act == "submission.rejected"
    assert entries[-1].detail == {"version": 1, "reason": "off_topic", "on_appeal": False}
    assert "tax" not in str([entry.detail for entry in entries])
    assert SECRET_NOTE not in str([entry.detail for entry in entries])


def rejected(reader: Actor, senior: Actor) -> tuple[Case, Actor]:
    case = make.a_case()
    give(reader, case, V.REJECT)
    give(senior, case, V.REJECT)
    member = acting(session.get_one(make.Account, case.submission.created_by))
    return case, member


def test_an_appeal_is_judged_by_another_and_is_final(reader: Actor, senior: Actor, other_senior: Actor):
    case, member = rejected(reader, senior)
    open_appeal(actor=member, submission=case.submission, grounds="Tax on wages is the subject.")
    session.commit()
    assert (case.stage, case.submission.state) == (S.APPEAL, SubmissionState.IN_MODERATION)
    assert len(letters("appeal was received")) == 1
    for refused in (reader, senior):
        with pytest.raises(Forbidden):
            give(refused, case, V.ACCEPT)
    claim_case(actor=other_senior, case=queries.case(other_senior, case.id))
    assert len(queries.decisions_seen(other_senior, case)) == 2
    assert say(other_senior, case, V.ACCEPT).is_final
    assert case.submission.state == SubmissionState.ACCEPTED
    assert queries.appeal_of(case).outcome == V.ACCEPT
    assert "Your appeal was heard" in letters("was accepted")[0]["body"]


def test_an_appeal_that_fails_cannot_be_repeated(reader: Actor, senior: Actor, other_senior: Actor):
    case, member = rejected(reader, senior)
    open_appeal(actor=member, submission=case.submission, grounds="Please read it again.")
    session.commit()
    assert give(other_senior, case, V.REJECT).is_final
    assert "This decision is final" in letters("not accepted")[-1]["body"]
    with pytest.raises(Conflict, match="before"):
        open_appeal(actor=member, submission=case.submission, grounds="Once more.")


def test_an_appeal_has_its_time_and_its_people(reader: Actor, senior: Actor):
    case, member = rejected(reader, senior)
    with pytest.raises(Forbidden):
        open_appeal(actor=senior, submission=case.submission, grounds="No.")
    case.decided_at = clock() - timedelta(days=case.consultation.appeal_days, seconds=1)
    session.commit()
    with pytest.raises(Conflict, match="over"):
        open_appeal(actor=member, submission=case.submission, grounds="Late.")


def test_only_a_rejection_is_appealed(reader: Actor):
    case = make.a_case()
    member = acting(session.get_one(make.Account, case.submission.created_by))
    give(reader, case, V.RETURN)
    with pytest.raises(Conflict, match="rejection"):
        open_appeal(actor=member, submission=case.submission, grounds="Why?")


def test_a_second_reader_is_blind_until_the_end(reader: Actor, senior: Actor):
    case = make.a_case()
    give(reader, case, V.REJECT)
    claim_case(actor=senior, case=queries.case(senior, case.id))
    assert queries.decisions_seen(senior, case) == []
    assert len(queries.decisions_seen(reader, case)) == 1
    say(senior, case, V.REJECT)
    assert len(queries.decisions_seen(senior, case)) == 2
