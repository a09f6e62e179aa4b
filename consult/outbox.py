"""Promises kept after the commit: what an action wants done later is a row beside its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Identified, session


class Promise(Identified, Base):
    """Something to do once the transaction stands; done when its effect is committed, not before."""

    __tablename__ = "promise"

    kind: Mapped[str]
    args: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    enqueued_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]

    __table_args__ = (Index("ix_promise_open", "due_at", postgresql_where=text("done_at IS NULL")),)


class Scheduled(Base):
    """When a periodic job was last promised."""

    __tablename__ = "scheduled"

    kind: Mapped[str] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]


def promise(kind: str, *, due_at: datetime | None = None, **args: Any) -> Promise:
    """Write a promise of `kind` (a key of `workers.queues.HANDLERS`) with primitive arguments.

    The relay looks for promises several times a second. It is not woken by NOTIFY: that takes a lock over all
    commits, and filing must not queue behind it.
    """
    row = Promise(kind=kind, args=args)
    if due_at is not None:
        row.due_at = due_at
    session.add(row)
    return row
