"""What happens later: a moved deadline is told to everyone who holds a draft."""

from __future__ import annotations

from sqlalchemy import select

from consult.accounts import queries as people
from consult.accounts.models import Account
from consult.consultations.letters import tell_deadline_moved
from consult.consultations.models import DeadlineChange
from consult.db import session
from consult.submissions.queries import draft_holders


def announce_deadline(*, change_id: int) -> None:
    """Write to each focal point and author of an open draft, once, that the closing moment was moved."""
    change = session.get_one(DeadlineChange, change_id)
    recipients: dict[int, Account] = {}
    for organisation_id, creator_id in draft_holders(change.consultation_id):
        for person in people.focal_points_of(organisation_id):
            recipients[person.id] = person
        if creator_id is not None and creator_id not in recipients:
            recipients[creator_id] = session.scalars(select(Account).where(Account.id == creator_id)).one()
    for person in recipients.values():
        if person.is_usable:
            tell_deadline_moved(person, change)
