"""Sizes of a run of faults, from the environment; docs/measurements.md explains each."""

from __future__ import annotations

import os


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(name) or usual)


RECEIPTS = _number("FAULTS_RECEIPTS", 1_000)
KILLS = _number("FAULTS_KILLS", 20)
CLIENTS = _number("FAULTS_CLIENTS", 8)
SEED = _number("FAULTS_SEED", 1)
# Every so many submissions are drafted, given a file and then filed, in three requests.
FILE_EVERY = _number("FAULTS_FILE_EVERY", 25)
# Seconds for filing, and after it for everything promised to be kept. Both end a run that hangs.
FILING_WITHIN = _number("FAULTS_FILING_SECONDS", max(300, RECEIPTS // 5))
SETTLING_WITHIN = _number("FAULTS_SETTLING_SECONDS", max(240, RECEIPTS // 5))
