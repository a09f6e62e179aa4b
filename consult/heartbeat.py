"""When each moving part was last seen alive; kept in PostgreSQL, so that the web never asks Redis."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, session


class Heartbeat(Base):
    """One part (relay, schedule, queue, worker) and the last moment it was seen."""

    __tablename__ = "heartbeat"

    part: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


def beat(part: str) -> None:
    """Note that a part is alive now."""
    now = func.clock_timestamp()
    session.execute(
        insert(Heartbeat)
        .values(part=part, at=now)
        .on_conflict_do_update(index_elements=[Heartbeat.part], set_={"at": now})
    )
