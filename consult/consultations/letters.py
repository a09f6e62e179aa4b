"""What a consultation writes to people, each in their own language."""

from __future__ import annotations

from consult.consultations.models import DeadlineChange
from consult.consultations.timetable import in_words
from consult.i18n import speaking
from consult.mail import Recipient, write_to


def tell_deadline_moved(recipient: Recipient, change: DeadlineChange) -> None:
    """Promise the letter `deadline_moved` to somebody who has a draft.

    The times are those of the consultation's own zone.
    """
    consultation = change.consultation
    with speaking(recipient.language):
        write_to(
            recipient,
            "deadline_moved",
            title=consultation.title,
            before=in_words(change.before, consultation.time_zone),
            after=in_words(change.after, consultation.time_zone),
            later=change.after > change.before,
            reason=change.reason,
            path=f"/consultations/{consultation.slug}",
        )
