"""Reads about consultations, scoped to who asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import selectinload

from consult.accounts.models import Organisation
from consult.actor import Actor
from consult.consultations.models import Consultation, DeadlineChange
from consult.consultations.timetable import warnings
from consult.db import session
from consult.errors import Missing
from consult.vocabulary import OrganisationState, Phase, Role, Scope

PREPARERS = (Role.SECRETARIAT, Role.ADMINISTRATOR, Role.AUDITOR)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The twin of Can.READ_CONSULTATION: what is announced, and for those who prepare or audit, all."""
    announced = Consultation.published_at.is_not(None)
    if actor.role in PREPARERS and (actor.scopes is None or Scope.READ in actor.scopes):
        return or_(announced, Consultation.published_at.is_(None))
    return announced


def in_phase(phase: Phase, now: datetime) -> ColumnElement[bool]:
    """The twin of `Consultation.phase` at `now` (aware)."""
    announced = Consultation.published_at.is_not(None)
    match phase:
        case Phase.DRAFT:
            return Consultation.published_at.is_(None)
        case Phase.UPCOMING:
            return announced & (Consultation.opens_at > now)
        case Phase.OPEN:
            return announced & (Consultation.opens_at <= now) & (Consultation.closes_at > now)
        case Phase.CLOSED:
            return announced & (Consultation.closes_at <= now)


def consultation(actor: Actor, slug: str, *, lock: bool = False) -> Consultation:
    """One consultation with its areas; `lock` holds its row until the end of the transaction.

    Raises Missing when there is none for this actor.
    """
    # What cannot be a slug is not asked for: PostgreSQL takes no NUL, UTF-8 no lone surrogate.
    if not re.fullmatch(r"[a-z0-9-]{1,100}", slug):
        raise Missing
    wanted = select(Consultation).where(Consultation.slug == slug, visible_to(actor))
    if lock:
        # What was read before the lock may be old by now.
        wanted = wanted.with_for_update(of=Consultation).execution_options(populate_existing=True)
    found = session.scalars(wanted.options(selectinload(Consultation.areas))).one_or_none()
    if found is None:
        raise Missing
    return found


def running(actor: Actor, now: datetime) -> Sequence[Consultation]:
    """Open consultations, the first to close first."""
    return session.scalars(
        select(Consultation)
        .where(visible_to(actor), in_phase(Phase.OPEN, now))
        .order_by(Consultation.closes_at, Consultation.id)
    ).all()


def announced(actor: Actor, now: datetime) -> Sequence[Consultation]:
    """Published consultations that have not opened, the first to open first."""
    return session.scalars(
        select(Consultation)
        .where(visible_to(actor), in_phase(Phase.UPCOMING, now))
        .order_by(Consultation.opens_at, Consultation.id)
    ).all()


def past(
    actor: Actor, now: datetime, limit: int, before: tuple[datetime, int] | None = None
) -> Sequence[Consultation]:
    """At most `limit` + 1 closed consultations, the last to close first, from the place `before` on."""
    wanted = select(Consultation).where(visible_to(actor), in_phase(Phase.CLOSED, now))
    if before is not None:
        wanted = wanted.where(tuple_(Consultation.closes_at, Consultation.id) < before)
    return session.scalars(
        wanted.order_by(Consultation.closes_at.desc(), Consultation.id.desc()).limit(limit + 1)
    ).all()


def newest(
    actor: Actor, limit: int, *, phase: Phase | None = None, now: datetime, before: int | None = None
) -> Sequence[Consultation]:
    """At most `limit` + 1 consultations with their areas, the last made first, from the id `before` on."""
    wanted = select(Consultation).where(visible_to(actor)).options(selectinload(Consultation.areas))
    if phase is not None:
        wanted = wanted.where(in_phase(phase, now))
    if before is not None:
        wanted = wanted.where(Consultation.id < before)
    return session.scalars(wanted.order_by(Consultation.id.desc()).limit(limit + 1)).all()


def deadline_changes(consultation: Consultation) -> Sequence[DeadlineChange]:
    """How often the deadline moved, oldest first."""
    return session.scalars(
        select(DeadlineChange)
        .where(DeadlineChange.consultation_id == consultation.id)
        .order_by(DeadlineChange.id)
    ).all()


def slug_is_taken(slug: str) -> bool:
    return session.scalar(select(func.count()).where(Consultation.slug == slug)) != 0


def organisations_awaiting_confirmation() -> int:
    """How many bodies wait for the secretariat's word."""
    waiting = select(func.count()).where(Organisation.state == OrganisationState.PENDING)
    return session.scalar(waiting) or 0


def shown(consultation: Consultation, now: datetime) -> dict[str, Any]:
    """A consultation as `ConsultationOut` writes it, at `now`: with its phase and what to warn of."""
    columns = {column.name: getattr(consultation, column.name) for column in Consultation.__table__.columns}
    return columns | {
        "areas": consultation.areas,
        "phase": consultation.phase(now),
        "window_is_short": consultation.window_is_short,
        "warnings": warnings(consultation, now),
    }
