"""What contributors are told, in plain words and their own language; no letter names a moderator."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date

from consult import mail
from consult.i18n import current_locale
from consult.moderation.models import Case, Decision
from consult.moderation.queries import people_to_tell
from consult.vocabulary import CaseStage, Verdict
from consult.wording import label

LETTERS = {
    Verdict.ACCEPT: "decision_accepted",
    Verdict.RETURN: "decision_returned",
    Verdict.REJECT: "decision_rejected",
}


def tell_decision(case: Case, decision: Decision) -> None:
    """Promise the letter of a final decision to the filer and the body's focal points."""
    submission = case.submission
    for person in people_to_tell(case.version, case.organisation_id):
        mail.write_to(
            person,
            LETTERS[decision.verdict],
            reference=submission.reference,
            version=case.version.number,
            title=case.version.title,
            consultation=case.consultation.title,
            publication=case.version.publication,
            reason=decision.reason,
            message=decision.message.strip(),
            on_appeal=decision.stage == CaseStage.APPEAL,
            appeal_until=appeal_until(case),
            label=label,
            day=_day,
        )


def tell_appeal(case: Case) -> None:
    """Promise the letter that an appeal has come in."""
    for person in people_to_tell(case.version, case.organisation_id):
        mail.write_to(
            person,
            "appeal_received",
            reference=case.submission.reference,
            title=case.version.title,
            consultation=case.consultation.title,
            due_at=case.due_at,
            day=_day,
        )


def appeal_until(case: Case) -> datetime | None:
    """Until when a rejection can be appealed: the consultation's days from the decision on."""
    if case.decided_at is None:
        return None
    return case.decided_at + timedelta(days=case.consultation.appeal_days)


def _day(moment: datetime) -> str:
    """A date in the language of the letter that is being written."""
    return format_date(moment, "long", locale=current_locale().replace("-", "_"))
