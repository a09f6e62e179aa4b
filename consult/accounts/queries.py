"""Reads about people and organisations, scoped to who asks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true, update
from sqlalchemy.orm import contains_eager, joinedload

from consult.accounts.models import LIVE, Account, ApiToken, Membership, Organisation
from consult.actor import Actor
from consult.db import session
from consult.errors import Missing
from consult.vocabulary import MembershipState, OrganisationState, Role, Scope


def account_with_bodies(account_id: int) -> Account | None:
    """An account with its living memberships and their organisations, in one query."""
    return session.execute(_with_bodies().where(Account.id == account_id)).scalars().unique().one_or_none()


def account(account_id: int, *, lock: bool = False) -> Account:
    """One account; `lock` holds its row until the commit. Raises Missing."""
    refuse_impossible(account_id)
    wanted = select(Account).where(Account.id == account_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise Missing
    return found


def account_token(account_id: int, token_id: int) -> ApiToken:
    """A token of one account. Raises Missing when it is somebody else's, or none."""
    refuse_impossible(token_id)
    found = session.scalars(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.account_id == account_id)
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def account_by_email(email: str) -> Account | None:
    return session.scalars(
        select(Account).where(func.lower(Account.email) == email.strip().lower())
    ).one_or_none()


# What an actor is made of: a row for each body that approved the person, or one without. Every request asks
# for it, so it is columns, not objects.
_BEHIND = (
    select(
        Account.id,
        Account.name,
        Account.email,
        Account.role,
        Account.language,
        Account.session_epoch,
        Membership.organisation_id,
        Membership.is_focal_point,
        Organisation.state,
    )
    .outerjoin(
        Membership, (Membership.account_id == Account.id) & (Membership.state == MembershipState.APPROVED)
    )
    .outerjoin(Membership.organisation)
    .where(Account.email_confirmed_at.is_not(None), Account.disabled_at.is_(None))
)


def session_holder(account_id: int) -> tuple[Actor, int] | None:
    """Who acts in a session of a usable account, and the epoch that the session must be of."""
    rows = session.execute(_BEHIND.where(Account.id == account_id)).all()
    return (_acting(rows), rows[0].session_epoch) if rows else None


def token_holder(secret: str) -> Actor | None:
    """Who acts with a token, within its scopes; None when it is unknown, expired, revoked, or not usable."""
    rows = session.execute(
        _BEHIND.join(ApiToken, ApiToken.account_id == Account.id)
        .add_columns(ApiToken.id.label("token_id"), ApiToken.scopes, ApiToken.last_used_on)
        .where(
            ApiToken.token_hash == hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest(),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > func.now()),
        )
    ).all()
    if not rows:
        return None
    today = datetime.now(UTC).date()
    if rows[0].last_used_on != today:
        session.execute(update(ApiToken).where(ApiToken.id == rows[0].token_id).values(last_used_on=today))
    return _acting(rows, frozenset(Scope(scope) for scope in rows[0].scopes))


def _acting(rows: Sequence[Any], scopes: frozenset[Scope] | None = None) -> Actor:
    places = [(row.organisation_id, row.is_focal_point, row.state) for row in rows if row.organisation_id]
    return _actor(rows[0], places, scopes)


def actor_of(person: Account) -> Actor:
    """What permissions need to know of an account that came with its memberships."""
    return _actor(
        person,
        [
            (place.organisation_id, place.is_focal_point, place.organisation.state)
            for place in person.memberships
            if place.state == MembershipState.APPROVED
        ],
    )


def _actor(
    person: Any,
    approved: Sequence[tuple[int, bool, OrganisationState]],
    scopes: frozenset[Scope] | None = None,
) -> Actor:
    """`approved` holds (body, whether as its focal point, the body's state).

    A pending body lets its people draft (filing asks for more). One that was declined gives no rights, but
    for those of its focal points who may mend its registration.
    """
    return Actor(
        account_id=person.id,
        name=person.name,
        email=person.email,
        role=Role(person.role),
        organisations=frozenset(body for body, _, state in approved if state != OrganisationState.DECLINED),
        focal_for=frozenset(body for body, is_focal_point, _ in approved if is_focal_point),
        scopes=scopes,
        language=person.language,
    )


def visible_organisations(actor: Actor) -> ColumnElement[bool]:
    """Which bodies exist for the actor: confirmed ones for all, others for their people and for staff."""
    keeps = actor.role in (Role.SECRETARIAT, Role.AUDITOR, Role.ADMINISTRATOR)
    if actor.system or (keeps and (actor.scopes is None or Scope.READ in actor.scopes)):
        return true()
    confirmed = Organisation.state == OrganisationState.CONFIRMED
    if not actor.is_signed_in:
        return confirmed
    own = Organisation.id.in_(
        select(Membership.organisation_id).where(
            Membership.account_id == actor.account_id,
            Membership.state.in_(LIVE),
        )
    )
    return or_(confirmed, own, Organisation.registered_by == actor.account_id)


def organisation(actor: Actor, organisation_id: int, *, lock: bool = False) -> Organisation:
    """One body; `lock` holds its row until the commit, so that acts on it queue up.

    With `lock` a token finds what it may not read: the act that follows asks for the scope that it needs.
    Raises Missing when there is none for this actor.
    """
    refuse_impossible(organisation_id)
    who = replace(actor, scopes=None) if lock else actor
    wanted = select(Organisation).where(Organisation.id == organisation_id, visible_organisations(who))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise Missing
    return found


def organisation_named(actor: Actor, wanted: str) -> Organisation | None:
    """The one confirmed body with exactly this name, acronym or number, whatever the case; None otherwise."""
    plain = wanted.strip().lower()
    if not plain or "\0" in plain:
        return None
    same = [func.lower(Organisation.name) == plain, func.lower(Organisation.acronym) == plain]
    if plain.isascii() and plain.isdigit() and len(plain) < 19:
        same.append(Organisation.id == int(plain))
    found = session.scalars(
        select(Organisation)
        .where(or_(*same), Organisation.state == OrganisationState.CONFIRMED, visible_organisations(actor))
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def sees(actor: Actor, organisation_id: int) -> bool:
    """Whether the body exists for the actor, as things stand in this transaction."""
    wanted = select(Organisation.id).where(Organisation.id == organisation_id, visible_organisations(actor))
    return session.scalar(wanted) is not None


def own_organisations(actor: Actor) -> Sequence[Membership]:
    """The actor's living memberships with their bodies, by name."""
    if not actor.is_signed_in:
        return []
    return session.scalars(
        select(Membership)
        .join(Membership.organisation)
        .options(contains_eager(Membership.organisation))
        .where(
            Membership.account_id == actor.account_id,
            Membership.state.in_(LIVE),
        )
        .order_by(Organisation.name)
    ).all()


def focal_points_of(organisation_id: int) -> Sequence[Account]:
    """Who vouches for a body and gets its mail."""
    return session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state == MembershipState.APPROVED,
            Membership.is_focal_point,
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    ).all()


def members_of(organisation_id: int) -> Sequence[Membership]:
    """Living memberships with their accounts: requests first, then focal points, then by name."""
    return session.scalars(
        select(Membership)
        .join(Membership.account)
        .options(contains_eager(Membership.account))
        .where(Membership.organisation_id == organisation_id, Membership.state.in_(LIVE))
        .order_by(Membership.state.desc(), Membership.is_focal_point.desc(), Account.name, Membership.id)
    ).all()


def membership(organisation_id: int, account_id: int) -> Membership:
    """The living membership of a person in a body. Raises Missing."""
    refuse_impossible(account_id)
    found = session.scalars(
        select(Membership)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.account_id == account_id,
            Membership.state.in_(LIVE),
        )
        .options(joinedload(Membership.account))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Missing
    return found


def refuse_impossible(number: int) -> None:
    """Raise Missing for a number that no row can have: the database would call it out of range."""
    if not 0 < number < 2**63:
        raise Missing


def _with_bodies() -> Select[Account]:
    return (
        select(Account)
        .outerjoin(
            Membership,
            (Membership.account_id == Account.id) & Membership.state.in_(LIVE),
        )
        .outerjoin(Membership.organisation)
        .options(contains_eager(Account.memberships).contains_eager(Membership.organisation))
        .execution_options(populate_existing=True)
    )
