"""What is done to the house while it works: parts killed, Redis emptied, stopped and frozen."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from redis import Redis
from redis.exceptions import RedisError

from tests.faults.filers import Filers
from tests.faults.house import House
from tests.faults.settings import KILLS, RECEIPTS, SEED
from workers.queues import MAIL, PROMPT

FOUND_WITHIN = 40.0  # seconds a part may take to come back before it is its turn again
FROZEN = 3.0

Deed = Callable[[House, random.Random], bool]


def _kill(house: House, pid: int | None) -> bool:
    """SIGKILL a process of this run; False when there is none at the moment."""
    if pid is None or not house.owns(pid):
        return False
    os.kill(pid, signal.SIGKILL)
    return True


def _part(words: str, house: House, _chance: random.Random) -> bool:
    return _kill(house, house.part(words))


def _web_worker(house: House, chance: random.Random) -> bool:
    found = house.web_workers()
    return bool(found) and _kill(house, chance.choice(found))


def _backend(house: House, chance: random.Random) -> bool:
    found = house.backends()
    return bool(found) and _kill(house, chance.choice(found))


def _empty_redis(house: House, _chance: random.Random) -> bool:
    with suppress(RedisError):
        return bool(Redis.from_url(str(house.services.redis_url)).flushall())
    return False


def _stop_redis(house: House, _chance: random.Random) -> bool:
    if house.redis() is None:
        return False
    house.stop_redis()
    return True


def _freeze_redis(house: House, _chance: random.Random) -> bool:
    """It lives, and answers nobody for a while."""
    pid = house.redis()
    if pid is None or not house.owns(pid):
        return False
    os.kill(pid, signal.SIGSTOP)
    time.sleep(FROZEN)
    os.kill(pid, signal.SIGCONT)
    return True


DEEDS: dict[str, Deed] = {
    "web process": _web_worker,
    "gunicorn": partial(_part, "gunicorn"),
    "relay": partial(_part, "workers relay"),
    "worker that screens": partial(_part, f"workers run {PROMPT}"),
    "worker that sends letters": partial(_part, f"workers run {MAIL}"),
    "scheduler": partial(_part, "workers schedule"),
    "Redis": lambda house, _chance: _kill(house, house.redis()),
    "Redis emptied": _empty_redis,
    "Redis stopped": _stop_redis,
    "Redis frozen": _freeze_redis,
    "PostgreSQL": lambda house, _chance: _kill(house, house.postgres()),
    "PostgreSQL backend": _backend,
}


@dataclass
class Done:
    """What was done when: seconds since the start, receipts given until then."""

    what: str
    at: float
    receipts: int


class Killer(threading.Thread):
    """Does KILLS deeds, spread over the receipts, every kind about as often; ends with the filing."""

    def __init__(self, house: House, filers: Filers) -> None:
        super().__init__(daemon=True)
        self.house, self.filers = house, filers
        self.done: list[Done] = []
        self.missed: list[str] = []

    def run(self) -> None:
        chance, began = random.Random(SEED), time.monotonic()
        kinds = [
            kind for _round in range(KILLS // len(DEEDS) + 1) for kind in chance.sample([*DEEDS], len(DEEDS))
        ]
        for number, kind in enumerate(kinds[:KILLS]):
            due = RECEIPTS * (number + chance.uniform(0.2, 0.8)) / KILLS
            while self.filers.is_alive() and len(self.filers.tale.receipts) < due:
                time.sleep(0.01)
            if not self._do(kind, chance):
                self.missed.append(kind)
                continue
            self.done.append(Done(kind, time.monotonic() - began, len(self.filers.tale.receipts)))

    def _do(self, kind: str, chance: random.Random) -> bool:
        """False when the part did not come back in FOUND_WITHIN seconds."""
        end = time.monotonic() + FOUND_WITHIN
        while time.monotonic() < end:
            with suppress(ProcessLookupError):
                if DEEDS[kind](self.house, chance):
                    return True
            time.sleep(0.05)
        return False
