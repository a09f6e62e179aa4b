"""`python -m tests.load [ROW …]`: measures the promises of speed and cost, prints one table, writes JSON."""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from consult.embedded import ServicesUnavailable
from tests.load import settings
from tests.load.ledger import busy, written
from tests.load.stand import Stand
from tests.load.table import NotMeasured, Row, drawn

# Module of tests/load -> what it measures; each has `rows(stand)`.
MEASURED: Mapping[str, str] = {
    "filing": "filing by the API",
    "pages": "pages",
    "claims": "claims of the next case",
    "reading": "coverage and search",
    "exports": "exports",
    "report": "a report",
    "screening": "screening",
    "memory": "memory",
    "cold": "cold start",
}
Line = Row | NotMeasured


def main() -> int:
    """Measure what is named (everything by default); 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(MEASURED))
    asked = parser.parse_args().rows or list(MEASURED)
    if unknown := set(asked) - set(MEASURED):
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(MEASURED)}")
    began, load = time.monotonic(), busy()
    try:
        stand = Stand()
    except ServicesUnavailable as fault:
        print(fault, file=sys.stderr)
        return 1
    try:
        found = [line for name in asked for line in _measured(name, stand)]
    finally:
        stand.close()
    print(drawn(line.cells() for line in found))
    seconds = time.monotonic() - began
    where = written(
        "bench", [line.as_dict() for line in found], load=load, seconds=seconds, full=settings.FULL
    )
    print(f"\n{_met(found)} {seconds:.0f} s on {os.cpu_count()} processors; {where}")
    return int(any(isinstance(line, NotMeasured) for line in found))


def _measured(name: str, stand: Stand) -> Sequence[Line]:
    print(f"… {MEASURED[name]}", file=sys.stderr, flush=True)
    measure: Callable[[Stand], Sequence[Line]] = import_module(f"tests.load.{name}").rows
    try:
        return measure(stand)
    except Exception as fault:
        traceback.print_exc()
        return [NotMeasured(MEASURED[name], f"{type(fault).__name__}: {str(fault)[:80]}")]


def _met(found: Sequence[Line]) -> str:
    judged = [line for line in found if isinstance(line, Row) and line.met is not None]
    return f"{sum(bool(line.met) for line in judged)} of {len(judged)} targets met."


if __name__ == "__main__":
    sys.exit(main())
