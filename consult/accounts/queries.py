"""Reads about people and organisations, scoped to who asks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, false, func, or_, select, true, update
from sqlalchemy.orm import contains_eager, selectinload

from consult.accounts.models import Account, ApiToken, Membership, Organisation
from consult.actor import Actor
from consult.db import session
from consult.errors import Missing
from consult.vocabulary import MembershipState, OrganisationState, Role, Scope


def account_with_bodies(account_id: int) -> Account | None:
    """An account with its living memberships and their organisations, in one query."""
    return session.scalars(_with_bodies().where(Account.id == account_id)).unique().one_or_none()


def account_by_email(email: str) -> Account | None:
    return session.scalars(
        select(Account).where(func.lower(Account.email) == email.strip().lower())
    ).one_or_none()


def token_holder(secret: str) -> tuple[Account, frozenset[Scope]] | None:
    """The usable account behind a token, and the token's scopes; None when unknown, expired or revoked."""
    token = session.scalars(
        select(ApiToken).where(
            ApiToken.token_hash == hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest(),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > func.now()),
        )
    ).one_or_none()
    if token is None:
        return None
    today = datetime.now(UTC).date()
    if token.last_used_on != today:
        session.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_on=today))
    person = account_with_bodies(token.account_id)
    if person is None or not person.is_usable:
        return None
    return person, frozenset(Scope(scope) for scope in token.scopes)


def actor_of(person: Account, scopes: frozenset[Scope] | None = None) -> Actor:
    """What permissions need to know of an account that came with its memberships.

    A body that was declined gives no rights; a pending one lets its people draft (filing asks for more).
    """
    living = [
        place
        for place in person.memberships
        if place.state == MembershipState.APPROVED and place.organisation.state != OrganisationState.DECLINED
    ]
    return Actor(
        account_id=person.id,
        name=person.name,
        email=person.email,
        role=Role(person.role),
        organisations=frozenset(place.organisation_id for place in living),
        focal_for=frozenset(place.organisation_id for place in living if place.is_focal_point),
        scopes=scopes,
        language=person.language,
    )


def visible_organisations(actor: Actor) -> ColumnElement[bool]:
    """Which bodies exist for the actor: confirmed ones for all, others for their people and the secretariat."""
    if actor.role in (Role.SECRETARIAT, Role.AUDITOR, Role.ADMINISTRATOR) or actor.system:
        return true()
    confirmed = Organisation.state == OrganisationState.CONFIRMED
    if not actor.is_signed_in:
        return confirmed
    own = Organisation.id.in_(
        select(Membership.organisation_id).where(
            Membership.account_id == actor.account_id,
            Membership.state.in_((MembershipState.APPROVED, MembershipState.REQUESTED)),
        )
    )
    return or_(confirmed, own, Organisation.registered_by == actor.account_id)


def organisation(actor: Actor, organisation_id: int) -> Organisation:
    """One body. Raises Missing when there is none for this actor."""
    found = session.scalars(
        select(Organisation)
        .where(Organisation.id == organisation_id, visible_organisations(actor))
        .options(selectinload(Organisation.identifiers))
    ).one_or_none()
    if found is None:
        raise Missing
    return found


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
            Membership.state.in_((MembershipState.APPROVED, MembershipState.REQUESTED)),
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


def members_of(organisation_id: int, *, focal_only: bool = False) -> Sequence[Membership]:
    """Memberships of a body, newest request first."""
    return session.scalars(
        select(Membership)
        .options(selectinload(Membership.account))
        .where(
            Membership.organisation_id == organisation_id,
            Membership.is_focal_point if focal_only else ~false(),
        )
        .order_by(Membership.id.desc())
    ).all()


def _with_bodies():  # type: ignore[no-untyped-def]
    return (
        select(Account)
        .outerjoin(
            Membership,
            (Membership.account_id == Account.id)
            & Membership.state.in_((MembershipState.APPROVED, MembershipState.REQUESTED)),
        )
        .outerjoin(Membership.organisation)
        .options(contains_eager(Account.memberships).contains_eager(Membership.organisation))
        .execution_options(populate_existing=True)
    )
