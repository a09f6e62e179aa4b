"""A reader's verdict on a case, and all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict, Invalid
from consult.i18n import gettext as _
from consult.moderation import letters
from consult.moderation.claims import refuse_reader
from consult.moderation.models import Case, Decision
from consult.moderation.queries import appeal_of
from consult.moderation.verdicts import EXPLAINED, SUBMISSION_VERB, stage_after
from consult.permissions import Can, require
from consult.submissions import disclosure
from consult.submissions.transitions import advance
from consult.vocabulary import CaseStage, Reason, SubmissionState, Verdict


@dataclass(frozen=True)
class Opinion:
    """What a reader says: the verdict, why (a code), what the contributor is told, what stays inside."""

    verdict: Verdict
    reason: Reason | None = None
    message: str = ""
    internal_note: str = ""


def decide(*, actor: Actor, case: Case, opinion: Opinion) -> Decision:
    """Give a verdict on a case that the caller has locked and the actor holds.

    It leads to the next reading by `STAGE_AFTER`, or ends the case: then the submission moves on, an accepted
    version is published, and its filer and focal points get a letter. Records `case.judged`, and at the end
    `submission.accepted`, `.returned` or `.rejected`. Raises Forbidden, Invalid (no reason or message to a
    return or rejection), Conflict (not held, decided, or outdated by a newer version or a withdrawal).
    """
    require(actor, Can.READ_CASE, case)
    if case.is_open and not case.is_held_by(actor.account_id, clock()):
        raise Conflict(_("You do not hold this case; claim it first."), stage=str(case.stage))
    refuse_outdated(case)
    require(actor, Can.DECIDE_CASE, case)
    refuse_reader(actor, case)
    explained(opinion)
    return conclude(actor=actor, case=case, opinion=opinion)


def explained(opinion: Opinion) -> None:
    """Raise Invalid unless a return or a rejection comes with its reason and a message."""
    if opinion.verdict not in EXPLAINED:
        return
    faults: dict[str, list[str]] = {}
    if opinion.reason is None:
        faults["reason"] = [_("Choose the reason that the contributor will be told.")]
    if not opinion.message.strip():
        faults["message"] = [_("Tell the contributor in plain words what is the matter.")]
    if faults:
        raise Invalid(fields=faults)


def refuse_outdated(case: Case) -> None:
    """Raise Conflict unless the case still asks about what its submission says now."""
    if not case.is_open:
        raise Conflict(_("This case is decided already."), stage=str(case.stage))
    submission = case.submission
    if submission.version != case.version.number or submission.state != SubmissionState.IN_MODERATION:
        raise Conflict(
            _("This version is outdated: a newer one was filed, or the submission was withdrawn."),
            state=str(submission.state),
            version=submission.version,
        )


def conclude(*, actor: Actor, case: Case, opinion: Opinion) -> Decision:
    """Write one verdict down and let it have its effect; every rule has been asked by the caller."""
    before = case.stage
    another_rejects = any(
        earlier.verdict == Verdict.REJECT and earlier.decided_by != actor.account_id
        for earlier in case.decisions
    )
    case.stage = stage_after(before, opinion.verdict, another_rejects=another_rejects)
    now = clock()
    decision = Decision(
        case_id=case.id,
        stage=before,
        verdict=opinion.verdict,
        reason=opinion.reason,
        message=opinion.message,
        internal_note=opinion.internal_note,
        decided_by=cast(int, actor.account_id),
        decided_at=now,
        is_final=case.stage == CaseStage.DECIDED,
    )
    case.decisions.append(decision)
    case.readers = [*case.readers, decision.decided_by]
    case.claimed_by = case.claimed_until = None
    record(
        actor,
        "case.judged",
        case,
        stage=str(before),
        verdict=str(opinion.verdict),
        reason=str(opinion.reason) if opinion.reason else None,
        after=str(case.stage),
    )
    if decision.is_final:
        case.outcome, case.decided_at = opinion.verdict, now
        _announce(actor, case, decision)
    session.flush()
    return decision


def _announce(actor: Actor, case: Case, decision: Decision) -> None:
    submission, version = case.submission, case.version
    advance(submission, SUBMISSION_VERB[decision.verdict])
    submission.decided_at = decision.decided_at
    version.outcome, version.outcome_reason = decision.verdict, decision.reason
    version.outcome_message, version.answered_at = decision.message.strip(), decision.decided_at
    if decision.verdict == Verdict.ACCEPT:
        disclosure.publish(version)
    if decision.stage == CaseStage.APPEAL:
        appeal = appeal_of(case)
        assert appeal is not None
        appeal.outcome, appeal.judged_at = decision.verdict, decision.decided_at
    record(
        actor,
        f"submission.{submission.state}",
        submission,
        version=version.number,
        reason=str(decision.reason) if decision.reason else None,
        on_appeal=decision.stage == CaseStage.APPEAL,
    )
    letters.tell_decision(case, decision)
