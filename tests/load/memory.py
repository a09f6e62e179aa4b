"""Memory of a web process and of a worker, fresh and after work, beside an empty Flask process."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice

from redis import Redis
from sqlalchemy import func, select

from consult import db
from consult.outbox import Promise
from tests.load.client import drive, get
from tests.load.processes import family, memory_mb
from tests.load.settings import CLIENTS, REQUESTS
from tests.load.stand import Stand
from tests.load.table import Row
from tests.load.writers import requests, writers
from workers.children import start
from workers.queues import QUEUES
from workers.relay import carry

FILED = 300  # submissions, whose screening and letters the worker does
WITHIN = 120.0
GROWS = 1.1  # flat: at the end not more than so many times what it was after the first tenth

_EMPTY = "import flask, time; app = flask.Flask('bare'); print('up', flush=True); time.sleep(60)"


def rows(stand: Stand) -> list[Row]:
    """Resident memory after REQUESTS requests and after FILED submissions' jobs."""
    url = stand.scratch("memory")
    app = stand.app_on(url)
    given = writers(64)
    with app.app_context(), stand.web(url) as web:
        host = f"{web.address[0]}:{web.address[1]}"
        pages = [
            get(path, {"Host": host})
            for path in ("/", given[0].path.removeprefix("/api/v1")[: -len("/submissions")])
        ]
        filing = requests(given, host)
        drive(web.address, islice(filing, FILED), clients=CLIENTS)
        mixed = _mixed(filing, pages)
        fresh = _largest(web.processes()[1:])
        drive(web.address, islice(mixed, REQUESTS // 10), clients=CLIENTS)
        early = _largest(web.processes()[1:])
        drive(web.address, islice(mixed, REQUESTS - REQUESTS // 10), clients=CLIENTS)
        late = _largest(web.processes()[1:])
    empty, working = _empty(), _worker(stand, url)
    size = "" if REQUESTS >= 100_000 else f"{REQUESTS:,} requests"
    return [
        Row(
            "memory of a web process",
            late,
            "MB",
            most=120,
            beside=empty,
            beside_what="empty Flask",
            size=size,
            facts={"fresh_mb": fresh, "after_a_tenth_mb": early},
        ),
        Row(
            "memory of a web process, times that after a tenth of the requests",
            late / early,
            "",
            most=GROWS,
            size=size,
        ),
        *(Row(f"memory of a worker of {queue}", mb, "MB", most=250) for queue, mb in working.items()),
    ]


def _mixed(filing: Iterator[bytes], pages: list[bytes]) -> Iterator[bytes]:
    """One filing among nine pages."""
    for place, page in enumerate(cycle(pages)):
        yield next(filing) if place % 10 == 0 else page


def _largest(pids: list[int]) -> float:
    return max(memory_mb(pid) for pid in pids)


def _empty() -> float:
    with subprocess.Popen([sys.executable, "-c", _EMPTY], stdout=subprocess.PIPE, text=True) as bare:
        assert bare.stdout
        bare.stdout.readline()
        found = memory_mb(bare.pid)
        bare.kill()
    return found


def _worker(stand: Stand, url: str) -> dict[str, float]:
    """Of each queue's worker, once the promises of all submissions are kept."""
    config = stand.config(url)
    redis = Redis.from_url(str(config.redis_url))
    running = {
        queue: start([sys.executable, "-m", "workers", "run", queue], stand.environment(config))
        for queue in QUEUES
    }
    try:
        end = time.monotonic() + WITHIN
        while _open_promises():
            carry(redis)
            db.forget()
            assert time.monotonic() < end, f"{_open_promises()} promises are not kept: {_last_errors()}"
            time.sleep(0.2)
        return {queue: _largest(family(process.pid)) for queue, process in running.items()}
    finally:
        for process in running.values():
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        redis.flushall()


def _open_promises() -> int:
    found = db.session.scalar(select(func.count()).select_from(Promise).where(Promise.done_at.is_(None))) or 0
    db.session.rollback()
    return found


def _last_errors() -> list[object]:
    asked = (
        select(Promise.kind, Promise.last_error, func.count())
        .where(Promise.done_at.is_(None))
        .group_by(Promise.kind, Promise.last_error)
    )
    return [tuple(row) for row in db.session.execute(asked)]
