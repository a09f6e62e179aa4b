"""Periodic jobs: a list, kept in PostgreSQL, so that several schedulers do the work of one."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from consult import db
from consult.heartbeat import beat
from consult.outbox import Scheduled, promise
from workers.keeping import settings

log = structlog.get_logger(__name__)

TICK = 5.0
PERIODIC: dict[str, timedelta] = {
    "forget_old_keys": timedelta(hours=1),
    "forget_kept_promises": timedelta(days=1),
}


def tick() -> list[str]:
    """Promise every periodic job that is due; returns their kinds. Two schedulers never promise one twice."""
    promised = []
    with db.transaction() as session:
        beat("schedule")
        for kind, every in PERIODIC.items():
            now = func.clock_timestamp()
            taken = session.execute(
                insert(Scheduled)
                .values(kind=kind, last_at=now)
                .on_conflict_do_update(
                    index_elements=[Scheduled.kind],
                    set_={"last_at": now},
                    where=Scheduled.last_at <= now - every,
                )
                .returning(Scheduled.kind)
            ).scalar_one_or_none()
            if taken is not None:
                promise(kind)
                promised.append(kind)
    return promised


def run(stop: Callable[[], bool]) -> None:
    """Tick until `stop()`."""
    settings()
    while not stop():
        try:
            tick()
        except Exception:
            log.exception("schedule_failed")
        finally:
            db.forget()
        time.sleep(TICK)
