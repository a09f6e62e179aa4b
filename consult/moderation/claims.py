"""Who reads which case: exclusive, expiring claims, and the fairest next one."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict, Forbidden
from consult.i18n import gettext as _
from consult.moderation import queries
from consult.moderation.models import Case
from consult.moderation.queue import Filters, narrowed
from consult.permissions import Can, require
from consult.vocabulary import SENIOR_STAGES, Role

LASTS = timedelta(minutes=30)

# Opening a held case renews the claim, but not at every reload: it is one write less for most pages.
RENEWED_BELOW = timedelta(minutes=25)

# Asked before a case is known: no organisation's, so nobody is recused.
ANY_CASE = SimpleNamespace(organisation_id=None, signing_organisations=frozenset())


def claim_next(*, actor: Actor, filters: Filters | None = None) -> Case | None:
    """Claim the fairest case that the actor may read now; None when there is none.

    One statement along the index of the queue: rows that another moderator is claiming at this moment are
    skipped, not waited for. Filters narrow the choice. Records `case.claimed`. Raises Forbidden.
    """
    require(actor, Can.CLAIM_CASE, ANY_CASE)
    return _take(actor, Case.id == fairest(actor, filters or Filters()).scalar_subquery())


def fairest(actor: Actor, filters: Filters) -> Select[int]:
    """SQL: the id of the fairest case that is free and that the actor may read, its row held."""
    return (
        select(Case.id)
        .where(queries.readable_by(actor), queries.is_free(), queries.visible_to(actor))
        .where(*narrowed(actor, filters))
        .order_by(Case.fair_at, Case.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def claim_case(*, actor: Actor, case: Case) -> Case:
    """Claim this very case, or renew an own claim on it.

    Records `case.claimed` unless it is a renewal. Raises Forbidden (a reading that is not the actor's to
    give), Conflict (decided, or another moderator holds it).
    """
    require(actor, Can.CLAIM_CASE, case)
    refuse_reader(actor, case)
    if case.is_held_by(actor.account_id, clock()):
        renew(actor=actor, case=case)
        return case
    taken = _take(actor, Case.id == case.id, Case.stage == case.stage, queries.is_open(), queries.is_free())
    if taken is None:
        session.refresh(case)
        if not case.is_open:
            raise Conflict(_("This case is decided already."), stage=str(case.stage))
        raise Conflict(_("Another moderator holds this case."), claimed_until=_moment(case))
    return taken


def renew(*, actor: Actor, case: Case) -> bool:
    """Lengthen an own living claim to its full time when a good part of it has gone; True when written."""
    now = clock()
    if not case.is_held_by(actor.account_id, now):
        return False
    assert case.claimed_until is not None
    if case.claimed_until - now > RENEWED_BELOW:
        return False
    until = session.execute(
        update(Case)
        .where(Case.id == case.id, Case.claimed_by == actor.account_id, queries.is_open())
        .values(claimed_until=func.clock_timestamp() + LASTS)
        .returning(Case.claimed_until)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if until is not None:
        set_committed_value(case, "claimed_until", until)
    return until is not None


def release(*, actor: Actor, case: Case) -> None:
    """Give a held case back to the queue. Records `case.released`. Raises Forbidden, Conflict (not held)."""
    require(actor, Can.CLAIM_CASE, case)
    freed = session.execute(
        update(Case)
        .where(Case.id == case.id, Case.claimed_by == actor.account_id, queries.is_open())
        .values(claimed_by=None, claimed_until=None)
        .returning(Case.id)
    ).scalar_one_or_none()
    if freed is None:
        raise Conflict(_("You do not hold this case."))
    record(actor, "case.released", case)


def claimable_by(actor: Actor, case: Case, now: datetime) -> bool:
    """Whether the actor could claim the case at `now`."""
    try:
        require(actor, Can.CLAIM_CASE, case)
        refuse_reader(actor, case)
    except Forbidden:
        return False
    return case.is_open and not case.is_held(now)


def refuse_reader(actor: Actor, case: Case) -> None:
    """Raise Forbidden when the next reading of this case is not the actor's to give."""
    if actor.account_id in case.readers:
        raise Forbidden(_("You have read this case before; another person must read it now."))
    if case.stage in SENIOR_STAGES and actor.role != Role.SENIOR_MODERATOR:
        raise Forbidden(_("This reading is for a senior moderator."))


def _take(actor: Actor, *which: ColumnElement[bool]) -> Case | None:
    taken = session.scalars(
        update(Case)
        .where(*which)
        .values(claimed_by=actor.account_id, claimed_until=func.clock_timestamp() + LASTS)
        .returning(Case)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if taken is not None:
        record(actor, "case.claimed", taken, stage=str(taken.stage))
    return taken


def _moment(case: Case) -> str | None:
    return case.claimed_until.isoformat() if case.claimed_until else None
