"""`python -m workers relay | schedule | run QUEUE | stack`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from redis import Redis
from rq import SimpleWorker, Worker

from consult.config import Config, ConfigError
from workers import relay, schedule
from workers.keeping import settings
from workers.queues import QUEUES, SLOW
from workers.relay import JsonJobs

WORKER_TTL = 30


def main() -> int:
    """Run one part until it is told to stop; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m workers", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("relay", help="carry promises to the queue")
    parts.add_parser("schedule", help="promise periodic jobs")
    parts.add_parser("stack", help="everything on this machine: services, web, relay, scheduler, workers")
    parts.add_parser("run", help="work on one queue").add_argument("queue", choices=QUEUES)
    chosen = parser.parse_args()
    try:
        if chosen.part == "stack":
            from workers.stack import run_stack

            return run_stack(Config.from_env())
        if chosen.part == "run":
            return work(chosen.queue)
    except ConfigError as fault:
        print(fault, file=sys.stderr)
        return 1
    loop = relay.run if chosen.part == "relay" else schedule.run
    loop(_told_to_stop())
    return 0


def work(queue: str) -> int:
    """Work on one queue until SIGTERM. Reports are built in a forked child, whose memory goes with it."""
    config = settings()
    redis = Redis.from_url(str(config.redis_url))
    kind = Worker if queue == SLOW else SimpleWorker
    worker = kind(
        [queue],
        connection=redis,
        serializer=JsonJobs,
        worker_ttl=WORKER_TTL,
        maintenance_interval=10,
        log_job_description=False,
    )
    return 0 if worker.work(logging_level="WARNING") is not None else 1


def _told_to_stop() -> Callable[[], bool]:
    told = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return told.is_set


if __name__ == "__main__":
    sys.exit(main())
