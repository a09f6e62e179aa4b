"""What is acknowledged is kept and done once: with Redis away, and with a worker killed at work."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from sqlalchemy import func, select

from consult import db, embedded
from consult.config import Config
from consult.moderation.models import Case
from consult.outbox import Promise
from consult.submissions.models import Submission
from tests import factories as make
from workers import keeping, relay
from workers.queues import MAIL, PROMPT
from workers.relay import JsonJobs, carry

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[embedded.Services]:
    """A Redis of this test alone, that may be killed."""
    services = embedded.ensure(tmp_path / "redis", postgres=False)
    yield services
    services.release()
    shutil.rmtree(services.folder)  # for root, a system-wide one: pytest's folders are private


@pytest.fixture
def desk(
    committed: Flask, config: Config, own_redis: embedded.Services, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], str]:
    """`desk()` files one submission by the API and gives its reference."""
    monkeypatch.setitem(keeping._ready_in, os.getpid(), replace(config, redis_url=own_redis.redis_url))
    consultation, organisation = make.a_consultation(), make.an_organisation()
    headers = make.bearer(make.a_member(organisation, focal=True))
    path = f"/api/v1/consultations/{consultation.slug}/submissions"
    body = {
        "organisation": organisation.id,
        "language": "en",
        "title": "Fair recruitment",
        "contributions": [{"area": "rt1", "text": "Recruitment fees are returned within thirty days."}],
        "submit": True,
    }

    def file_one() -> str:
        answer = committed.test_client().post(path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json["reference"])

    return file_one


def work_off(url: str) -> None:
    connection = Redis.from_url(url)
    for queue in (PROMPT, MAIL):
        SimpleWorker([queue], connection=connection, serializer=JsonJobs).work(
            burst=True, logging_level="ERROR"
        )


def state_of(reference: str) -> str:
    db.session.rollback()
    return str(db.session.get_one(Submission, int(reference[2:])).state)


def test_filing_goes_on_while_redis_is_away_and_is_screened_when_it_is_back(desk, own_redis):  # type: ignore[no-untyped-def]
    url = str(own_redis.redis_url)
    redis = Redis.from_url(url)
    first = desk()
    process = redis.info()["process_id"]
    os.kill(process, signal.SIGKILL)
    second = desk()
    with pytest.raises(RedisError):
        carry(redis)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Promise.enqueued_at.is_not(None))) == 0
    assert own_redis.revive().redis_url == url
    carry(Redis.from_url(url))
    work_off(url)
    assert state_of(first) == state_of(second) == "in_moderation"
    assert db.session.scalar(select(func.count()).select_from(Case)) == 2
    assert db.session.scalar(select(func.count()).where(Promise.done_at.is_(None))) == 0


def test_promises_survive_a_redis_that_forgot_everything(desk, own_redis, monkeypatch):  # type: ignore[no-untyped-def]
    url = str(own_redis.redis_url)
    redis = Redis.from_url(url)
    reference = desk()
    assert carry(redis) > 0
    redis.flushall()
    monkeypatch.setattr(relay, "SWEEP_AFTER", relay.SWEEP_AFTER * 0)
    assert carry(redis) > 0
    # A job that only waits in its queue is not handed over twice.
    waiting = redis.llen(f"rq:queue:{PROMPT}")
    carry(redis)
    assert redis.llen(f"rq:queue:{PROMPT}") == waiting
    work_off(url)
    assert state_of(reference) == "in_moderation"


def test_a_worker_killed_at_work_loses_nothing_and_doubles_nothing(  # type: ignore[no-untyped-def]
    desk, own_redis, config, monkeypatch, tmp_path
):
    url = str(own_redis.redis_url)
    reference = desk()
    # The test holds the submission's row, so that screening stops in the middle of its transaction.
    plain = str(config.database_url).replace("+psycopg", "")
    with psycopg.connect(plain) as holder:
        holder.execute("select 1 from submission where id = %s for update", [int(reference[2:])])
        carry(Redis.from_url(url))
        worker = start_worker(config, url, tmp_path)
        try:
            wait_until(lambda: somebody_waits_for_a_lock(plain), "the worker to be in the middle of its job")
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait(10)
        finally:
            worker.kill()
        holder.rollback()
    assert state_of(reference) == "submitted"
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    db.session.rollback()
    monkeypatch.setattr(relay, "SWEEP_AFTER", relay.SWEEP_AFTER * 0)
    wait_until(lambda: carry(Redis.from_url(url)) > 0, "the promise to be carried again")
    work_off(url)
    assert state_of(reference) == "in_moderation"
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_failing_promise_is_tried_later_and_says_only_what_kind_of_error(
    committed, config, monkeypatch, capsys
):  # type: ignore[no-untyped-def]
    monkeypatch.setitem(keeping._ready_in, os.getpid(), config)
    with db.transaction():
        from consult.outbox import promise

        row = promise("screen", version_ids=["no number, a secret"])
        db.session.flush()
        number = row.id
    assert keeping.keep_promise(number) is False
    assert "secret" not in "".join(capsys.readouterr())
    again = db.session.get_one(Promise, number)
    assert again.attempts == 1
    assert again.done_at is None
    assert again.due_at > again.created_at
    assert "secret" not in str(again.last_error)


def start_worker(config: Config, redis_url: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": str(config.database_url),
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": config.secret_key,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "workers", "run", PROMPT], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )


def somebody_waits_for_a_lock(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "select count(*) from pg_stat_activity"
            " where wait_event_type = 'Lock' and datname = current_database()"
        ).fetchone()
    return bool(found and found[0])


def wait_until(met: Callable[[], bool], what: str, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < until, f"waited {seconds} s for {what}"
        time.sleep(0.05)
