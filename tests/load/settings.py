"""Sizes of a measuring run, from the environment; docs/measurements.md explains each."""

from __future__ import annotations

import os


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(name) or usual)


FULL = os.environ.get("BENCH_FULL", "0") in {"1", "true", "yes"}
SECONDS = _number("BENCH_SECONDS", 60 if FULL else 15)
CLIENTS = _number("BENCH_CLIENTS", 16)
WARM_UP = 200
ROWS = _number("BENCH_ROWS", 1_000_000 if FULL else 100_000)
CASES = sorted({10_000, ROWS} if not FULL else {10_000, 100_000, ROWS})
CLAIMANTS = _number("BENCH_CLAIMANTS", 200 if FULL else 50)
ISSO = os.environ.get("BENCH_ISSO", "")
REPORTED = _number("BENCH_REPORTED", 10_000)
REQUESTS = _number("BENCH_REQUESTS", 100_000 if FULL else 4_000)
