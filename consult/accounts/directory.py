"""Lists of bodies, people and tokens, for those who look for one or keep them in order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import aliased, selectinload

from consult.accounts.likeness import name_key, site_of
from consult.accounts.models import LIVE, Account, ApiToken, Membership, Organisation
from consult.accounts.queries import visible_organisations
from consult.actor import Actor
from consult.db import session
from consult.vocabulary import MembershipState, OrganisationState


def organisations(
    actor: Actor,
    *,
    state: OrganisationState | None = None,
    words: str = "",
    after: int | None = None,
    most: int = 51,
) -> Sequence[Organisation]:
    """Bodies visible to the actor by name, with identifiers; `after` is the number of the last one shown."""
    by_name = func.lower(Organisation.name)
    wanted = (
        select(Organisation)
        .where(visible_organisations(actor))
        .options(selectinload(Organisation.identifiers))
    )
    if state is not None:
        wanted = wanted.where(Organisation.state == state)
    if words.strip():
        like = _containing(words)
        wanted = wanted.where(or_(Organisation.name.ilike(like), Organisation.acronym.ilike(like)))
    if after is not None:
        last = aliased(Organisation)
        its_name = select(func.lower(last.name)).where(last.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(by_name, Organisation.id) > tuple_(its_name, after))
    return session.scalars(wanted.order_by(by_name, Organisation.id).limit(most)).all()


def waiting_count() -> int:
    """How many bodies wait for the secretariat."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Organisation)
            .where(Organisation.state == OrganisationState.PENDING)
        )
        or 0
    )


def alike(
    actor: Actor, *, name: str, website: str = "", apart_from: int | None = None
) -> Sequence[Organisation]:
    """Bodies visible to the actor that may be the same: an equal name key or website host. At most ten."""
    same = []
    if key := name_key(name):
        same.append(Organisation.name_key == key)
    if site := site_of(website):
        same.append(Organisation.site == site)
    if not same:
        return []
    wanted = select(Organisation).where(
        or_(*same), visible_organisations(actor), Organisation.state != OrganisationState.DECLINED
    )
    if apart_from is not None:
        wanted = wanted.where(Organisation.id != apart_from)
    return session.scalars(wanted.order_by(Organisation.id).limit(10)).all()


def people(*, words: str = "", after: int = 0, most: int = 51) -> Sequence[Account]:
    """Accounts by number; `words` is a part of an address or a name."""
    wanted = select(Account).where(Account.id > after)
    if words.strip():
        like = _containing(words)
        wanted = wanted.where(or_(Account.email.ilike(like), Account.name.ilike(like)))
    return session.scalars(wanted.order_by(Account.id).limit(most)).all()


def places_of(account_id: int) -> Sequence[Membership]:
    """A person's living memberships with their bodies, by name."""
    return session.scalars(
        select(Membership)
        .join(Membership.organisation)
        .options(selectinload(Membership.organisation))
        .where(Membership.account_id == account_id, Membership.state.in_(LIVE))
        .order_by(Organisation.name)
    ).all()


def last_place(organisation_id: int, account_id: int) -> Membership | None:
    """The newest membership of a person in a body, ended and declined ones included."""
    return session.scalars(
        select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.account_id == account_id)
        .order_by(Membership.id.desc())
        .limit(1)
    ).one_or_none()


def other_focal_points(organisation_id: int, account_id: int) -> int:
    """How many usable focal points a body has besides this person."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .join(Membership.account)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.account_id != account_id,
                Membership.state == MembershipState.APPROVED,
                Membership.is_focal_point,
                Account.disabled_at.is_(None),
            )
        )
        or 0
    )


def other_members(organisation_id: int, account_id: int) -> int:
    """How many approved members a body has besides this person."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(
                Membership.organisation_id == organisation_id,
                Membership.account_id != account_id,
                Membership.state == MembershipState.APPROVED,
            )
        )
        or 0
    )


def tokens_of(account_id: int) -> Sequence[ApiToken]:
    """Tokens of an account that were not revoked, newest first; expired ones are shown until revoked."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id.desc())
    ).all()


def _containing(words: str) -> str:
    """A LIKE pattern that takes what was typed literally."""
    literal = words.strip().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{literal}%"
