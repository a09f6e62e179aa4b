"""Screening opens a case once for each standing version, and closes what is outdated."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from consult.actor import PUBLIC, Actor
from consult.audit import AuditEntry
from consult.db import session
from consult.errors import Unidentified
from consult.moderation import jobs, opening
from consult.moderation.models import Case, Finding
from consult.outbox import Promise
from consult.submissions.actions import reopen, withdraw
from consult.submissions.filing import file_submission
from consult.submissions.models import Submission, Version
from consult.vocabulary import CaseStage, FindingKind, SubmissionState
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

LEAKY = "Write to amal.haddad@example.org for the survey, or see https://example.org/survey today."


def version_ids(*submissions: Submission) -> list[int]:
    ids = [submission.id for submission in submissions]
    return list(
        session.scalars(select(Version.id).where(Version.submission_id.in_(ids)).order_by(Version.id))
    )


def member_of(submission: Submission) -> Actor:
    return Actor(account_id=submission.created_by, organisations=frozenset({submission.organisation_id}))


def test_a_case_opens_with_its_findings_and_the_submission_moves_on():
    submission = make.a_submission(
        texts={"rt1": LEAKY, "rt2": "The sea is no border for those who drown in it."}
    )
    jobs.screen(version_ids=version_ids(submission))
    case = session.scalars(select(Case)).one()
    assert submission.state == SubmissionState.IN_MODERATION
    assert (case.stage, case.language, case.areas) == (CaseStage.FIRST, "en", ["rt1", "rt2"])
    assert {finding.kind for finding in case.findings} == {FindingKind.EMAIL, FindingKind.LINK}
    assert case.fair_at < case.due_at
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "submission.screened")).one()
    assert entry.detail["findings"] == ["email", "link"]
    assert entry.actor_role == "system"


def test_a_finding_keeps_the_place_and_not_the_words():
    submission = make.a_submission(texts={"rt1": LEAKY})
    jobs.screen(version_ids=version_ids(submission))
    finding = session.scalars(select(Finding).where(Finding.kind == FindingKind.EMAIL)).one()
    [place] = finding.evidence
    assert LEAKY[place["start"] : place["end"]] == "amal.haddad@example.org"
    assert "amal" not in str(finding.evidence) + str(finding.facts)


def test_screening_twice_is_as_good_as_once():
    submission = make.a_submission()
    for _time in range(2):
        jobs.screen(version_ids=version_ids(submission))
    assert len(session.scalars(select(Case)).all()) == 1


def test_only_the_system_screens():
    submission = make.a_submission()
    with pytest.raises(Unidentified):
        opening.open_cases(actor=PUBLIC, version_ids=version_ids(submission))


def test_a_version_that_was_amended_before_screening_gets_no_case():
    submission = make.a_submission()
    reopen(actor=member_of(submission), submission=submission)
    file_submission(actor=member_of(submission), submission=submission)
    jobs.screen(version_ids=version_ids(submission))
    assert session.scalars(select(Case)).one().version.number == 2


def test_a_new_version_closes_the_case_of_the_older_one():
    case = make.a_case()
    submission = case.submission
    reopen(actor=member_of(submission), submission=submission)
    file_submission(actor=member_of(submission), submission=submission)
    case.claimed_by = make.an_account().id
    session.commit()
    jobs.screen(version_ids=version_ids(submission))
    session.refresh(case)
    assert (case.stage, case.claimed_by) == (CaseStage.CLOSED, None)
    newer = session.scalars(select(Case).where(Case.id != case.id)).one()
    assert newer.stage == CaseStage.FIRST


def test_withdrawal_closes_the_case_and_before_screening_none_opens():
    case, unscreened = make.a_case(), make.a_submission()
    for submission in (case.submission, unscreened):
        withdraw(actor=member_of(submission), submission=submission)
    promised = session.scalars(select(Promise).where(Promise.kind == "close_cases")).all()
    for promise in promised:
        jobs.close_cases(**promise.args)
    jobs.screen(version_ids=version_ids(unscreened))
    session.refresh(case)
    assert case.stage == CaseStage.CLOSED
    assert len(session.scalars(select(Case)).all()) == 1
    assert case.submission.state == SubmissionState.WITHDRAWN


def duplicates() -> dict[str, list[str]]:
    rows = session.execute(
        select(Submission, Finding)
        .join(Case, Case.submission_id == Submission.id)
        .join(Finding, Finding.case_id == Case.id)
        .where(Finding.kind == FindingKind.DUPLICATE)
    ).all()
    return {submission.reference: finding.facts["references"] for submission, finding in rows}


def test_the_same_text_of_another_sender_is_found_whichever_came_first():
    consultation = make.a_consultation()
    first = make.a_case(consultation).submission
    same = make.a_submission(consultation, texts={"rt1": f"  {make.TEXT}  "})
    elsewhere = make.a_submission()
    jobs.screen(version_ids=version_ids(same, elsewhere))
    found = duplicates()
    assert found[same.reference]
    assert first.reference in found[same.reference]
    assert same.reference in found[first.reference]
    assert elsewhere.reference not in found


def test_a_withdrawn_twin_does_not_count():
    consultation = make.a_consultation()
    gone = make.a_case(consultation).submission
    withdraw(actor=member_of(gone), submission=gone)
    make.a_case(consultation)
    assert duplicates() == {}


def test_queries_do_not_grow_with_the_batch(app: Flask, queries):
    def cost(number: int) -> int:
        consultation = make.a_consultation()
        filed = [make.a_submission(consultation) for _each in range(number)]
        ids = version_ids(*filed)
        session.expire_all()
        with queries() as seen:
            jobs.screen(version_ids=ids)
            session.flush()
        return len(seen)

    assert cost(2) == cost(12) == 10
