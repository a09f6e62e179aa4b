"""Carries promises from PostgreSQL to RQ; what Redis forgets is carried again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job, JobStatus
from rq.queue import EnqueueData
from sqlalchemy import func, or_, select, update

from consult import db
from consult.config import Config
from consult.heartbeat import beat
from consult.outbox import Promise
from workers.keeping import settings
from workers.queues import HANDLERS, QUEUES

log = structlog.get_logger(__name__)

BATCH = 500
PAUSE = 0.25
# A promise that was handed over this long ago, is not kept, and whose row nobody holds, is looked at again.
SWEEP_AFTER = timedelta(seconds=30)
BEAT_EVERY = 10.0


class JsonJobs:
    """RQ's serializer: JSON, because a pickle in Redis is code."""

    @staticmethod
    def dumps(value: object) -> bytes:
        return json.dumps(value).encode()

    @staticmethod
    def loads(data: bytes) -> object:
        return json.loads(data)


def queues(redis: Redis) -> dict[str, Queue]:
    return {name: Queue(name, connection=redis, serializer=JsonJobs) for name in QUEUES}


def carry(redis: Redis) -> int:
    """Hand one batch of due promises to RQ; returns how many.

    A row is marked as handed over before Redis hears of it: a job that starts at once must find the row free.
    When Redis does not take it, the mark goes again. Raises RedisError.
    """
    with db.transaction() as session:
        now = func.clock_timestamp()
        due = session.execute(
            select(Promise.id, Promise.kind, Promise.enqueued_at.is_not(None))
            .where(
                Promise.done_at.is_(None),
                Promise.due_at <= now,
                or_(Promise.enqueued_at.is_(None), Promise.enqueued_at < now - SWEEP_AFTER),
            )
            .order_by(Promise.due_at, Promise.id)
            .limit(BATCH)
            # A running job holds its row: SKIP LOCKED leaves it alone, however long it takes.
            .with_for_update(skip_locked=True)
        ).all()
        _mark([row[0] for row in due], handed_over=True)
    if not due:
        return 0
    try:
        _enqueue(redis, [(number, kind, again) for number, kind, again in due])
    except RedisError:
        with db.transaction():
            _mark([row[0] for row in due], handed_over=False)
        raise
    return len(due)


def _mark(numbers: Sequence[int], *, handed_over: bool) -> None:
    if numbers:
        db.session.execute(
            update(Promise)
            .where(Promise.id.in_(numbers))
            .values(enqueued_at=func.clock_timestamp() if handed_over else None)
            .execution_options(synchronize_session=False)
        )


def _enqueue(redis: Redis, due: Sequence[tuple[int, str, bool]]) -> None:
    by_queue = queues(redis)
    jobs: dict[str, list[EnqueueData]] = {name: [] for name in by_queue}
    for number, kind, again in due:
        handling = HANDLERS[kind]
        job_id = f"promise-{number}"
        if again and _still_waits(redis, job_id):
            continue
        jobs[handling.queue].append(
            Queue.prepare_data(
                "workers.keeping.keep_promise",
                args=(number,),
                timeout=handling.seconds,
                job_id=job_id,
                result_ttl=0,
                failure_ttl=0,
            )
        )
    for name, prepared in jobs.items():
        if prepared:
            by_queue[name].enqueue_many(prepared)


def _still_waits(redis: Redis, job_id: str) -> bool:
    """Whether RQ holds the job in its queue: then it is only a long queue, not a loss."""
    if not Job.exists(job_id, connection=redis):
        return False
    return Job.fetch(job_id, connection=redis, serializer=JsonJobs).get_status() == JobStatus.QUEUED


def run(stop: Callable[[], bool], config: Config | None = None) -> None:
    """Carry until `stop()`; while Redis is away, try again, more slowly, and lose nothing."""
    config = config or settings()
    redis = Redis.from_url(str(config.redis_url), socket_timeout=5, socket_connect_timeout=2)
    wait, next_beat = PAUSE, 0.0
    while not stop():
        try:
            carried = carry(redis)
            if time.monotonic() >= next_beat:
                _beat(redis)
                next_beat = time.monotonic() + BEAT_EVERY
            wait = 0.0 if carried == BATCH else PAUSE
        except RedisError as fault:
            log.warning("redis_away", error=type(fault).__name__)
            wait = min(max(wait, PAUSE) * 2, 5.0)
        except Exception:
            log.exception("relay_failed")
            wait = min(max(wait, PAUSE) * 2, 5.0)
        finally:
            db.forget()
        time.sleep(wait)


def _beat(redis: Redis) -> None:
    with db.transaction():
        beat("relay")
        if redis.ping():
            beat("queue")
        if Worker.all(connection=redis):
            beat("worker")
