"""What an administrator does to accounts: grant a role, close, open again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from consult.accounts.directory import places_of
from consult.accounts.models import Account, ApiToken, Membership
from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict
from consult.i18n import gettext as _
from consult.i18n import speaking
from consult.mail import write_to
from consult.permissions import Can, require
from consult.vocabulary import MembershipState, Role
from consult.wording import label

# They judge or see what bodies send: they never speak for one.
JUDGES = frozenset({Role.MODERATOR, Role.SENIOR_MODERATOR, Role.AUDITOR})


def grant_role(*, actor: Actor, person: Account, role: Role) -> Account:
    """Give an account another role; it counts from its next request on.

    Records `account.role_granted`, sends `role_granted`. Raises Conflict for the actor's own account, and
    when a moderator or auditor-to-be is a focal point, or waits to be a member, of some body. Plain
    memberships stay: they are what recusal goes by.
    """
    require(actor, Can.MANAGE_STAFF)
    _refuse_own(actor, person)
    if role in JUDGES:
        _refuse_while_speaking_for(places_of(person.id), role)
    if person.role == role:
        return person
    record(actor, "account.role_granted", person, before=str(person.role), after=str(role))
    person.role = role
    with speaking(person.language):
        write_to(person, "role_granted", role=label(role))
    return person


def disable_account(*, actor: Actor, person: Account) -> Account:
    """Close an account: its sessions and tokens end now, its deeds stay on record.

    Records `account.disabled`, sends `account_disabled`. Raises Conflict for the actor's own account.
    """
    require(actor, Can.MANAGE_STAFF)
    _refuse_own(actor, person)
    if person.disabled_at is not None:
        return person
    person.disabled_at = clock()
    person.session_epoch += 1
    session.execute(
        update(ApiToken)
        .where(ApiToken.account_id == person.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=person.disabled_at)
    )
    record(actor, "account.disabled", person)
    write_to(person, "account_disabled")
    return person


def enable_account(*, actor: Actor, person: Account) -> Account:
    """Open a closed account again; sessions and tokens stay ended. Records `account.enabled`."""
    require(actor, Can.MANAGE_STAFF)
    if person.disabled_at is not None:
        person.disabled_at = None
        record(actor, "account.enabled", person)
    return person


def _refuse_own(actor: Actor, person: Account) -> None:
    if actor.account_id == person.id:
        raise Conflict(_("Another administrator must do this to your own account."))


def _refuse_while_speaking_for(places: Sequence[Membership], role: Role) -> None:
    tied = [
        place.organisation.name
        for place in places
        if place.is_focal_point or place.state == MembershipState.REQUESTED
    ]
    if tied:
        raise Conflict(
            _(
                "A person with the role “%(role)s” speaks for no organisation. End this first: %(names)s.",
                role=label(role),
                names=", ".join(tied),
            )
        )
