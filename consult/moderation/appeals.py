"""A contributor's request for another reading, judged by someone who took no part."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict
from consult.i18n import gettext as _
from consult.moderation import letters
from consult.moderation.models import Appeal, Case
from consult.moderation.queries import appeal_of
from consult.permissions import Can, require
from consult.submissions.models import Submission, Version
from consult.submissions.transitions import advance
from consult.vocabulary import CaseStage, SubmissionState, SubmissionVerb


def open_appeal(*, actor: Actor, submission: Submission, grounds: str) -> Appeal:
    """Ask for another reading of a rejected submission, whose row the caller has locked.

    Once for each version, within the consultation's `appeal_days` after the decision. The case opens again
    for a senior moderator who took no part. Records `submission.appealed`; promises a letter. Raises
    Forbidden, Conflict (not rejected, appealed before, too late).
    """
    require(actor, Can.WRITE_SUBMISSION, submission)
    case = standing_case(submission)
    if submission.state != SubmissionState.REJECTED or case is None:
        raise Conflict(_("Only a rejection can be appealed."), state=str(submission.state))
    if appeal_of(case) is not None:
        raise Conflict(_("An appeal was made before; its outcome is final."))
    until, now = letters.appeal_until(case), clock()
    if until is None or now > until:
        raise Conflict(_("The time to appeal is over."), until=until.isoformat() if until else None)
    advance(submission, SubmissionVerb.APPEAL)
    submission.decided_at = None
    appeal = Appeal(
        submission_id=submission.id, case_id=case.id, grounds=grounds, made_by=actor.account_id, made_at=now
    )
    session.add(appeal)
    _begin_again(case, now + timedelta(days=case.consultation.service_days))
    session.flush()
    record(actor, "submission.appealed", submission, version=submission.version)
    letters.tell_appeal(case)
    return appeal


def standing_case(submission: Submission) -> Case | None:
    """The case of the version that stands, for the submission's own people; None while it is not screened."""
    return session.scalars(
        select(Case)
        .join(Case.version)
        .where(Case.submission_id == submission.id, Version.number == submission.version)
        .options(
            joinedload(Case.version).defer(Version.canonical),
            joinedload(Case.consultation),
            selectinload(Case.decisions),
        )
    ).one_or_none()


def may_still_appeal(submission: Submission, case: Case | None, appeal: Appeal | None) -> bool:
    """Whether an appeal would be heard now."""
    if case is None or appeal is not None or submission.state != SubmissionState.REJECTED:
        return False
    until = letters.appeal_until(case)
    return until is not None and clock() <= until


def _begin_again(case: Case, due: datetime) -> None:
    version = case.version
    version.outcome = version.outcome_reason = version.answered_at = None
    version.outcome_message = ""
    case.stage, case.outcome, case.decided_at = CaseStage.APPEAL, None, None
    case.claimed_by = case.claimed_until = None
    case.fair_at = case.due_at = due
