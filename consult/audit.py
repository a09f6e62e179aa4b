"""The append-only record of who did what; holds facts and codes, never words or personal data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.actor import Actor
from consult.db import Base, Identified, session, told_moment


class AuditEntry(Identified, Base):
    """One act. A trigger refuses UPDATE and DELETE (see migration 0001)."""

    __tablename__ = "audit_entry"

    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    actor_id: Mapped[int | None]
    actor_role: Mapped[str]
    act: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    detail: Mapped[dict[str, Any]]

    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entry_actor", "actor_id", "id"),
    )


def record(actor: Actor, act: str, subject: Any, **detail: Any) -> AuditEntry:
    """Add one entry about `subject` (a mapped row that has been flushed).

    `act` is a past participle after the subject's name ("submission.filed"); `detail` holds codes, numbers,
    hashes, states before and after.
    """
    entry = AuditEntry(
        actor_id=actor.account_id,
        actor_role=actor.label,
        act=act,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        detail=detail,
    )
    if (moment := told_moment()) is not None:
        entry.at = moment
    session.add(entry)
    return entry


def entries_about(subject: Any) -> Sequence[AuditEntry]:
    """Every act on one subject, oldest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_type == subject.__tablename__, AuditEntry.subject_id == subject.id)
        .order_by(AuditEntry.id)
    ).all()
