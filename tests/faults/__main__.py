"""`python -m tests.faults`: files while parts are killed, then reckons; prints one table, writes JSON."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import psycopg

from consult import db
from consult.embedded import ServicesUnavailable
from tests.faults import settings
from tests.faults.filers import Filers, Tale
from tests.faults.house import House, running
from tests.faults.kills import Killer
from tests.faults.reckoning import HEADINGS, Line, reckoned
from tests.load.ledger import busy, written
from tests.load.table import drawn
from tests.load.writers import writers

WRITERS = 64


def main() -> int:
    """Run once; 1 when something that was promised did not hold."""
    began, load = time.monotonic(), busy()
    try:
        with running() as house:
            db.configure(str(house.services.database_url))
            given = writers(WRITERS, accepted_files=["txt"])
            filers = Filers(house, given, began + settings.FILING_WITHIN)
            killer = Killer(house, filers)
            filing = time.monotonic()
            filers.start()
            killer.start()
            filers.join()
            killer.join()
            filed = time.monotonic()
            _say(f"{len(filers.tale.receipts):,} receipts in {filed - filing:.0f} s; promises go on ...")
            settled = _settle(house)
            house.stop()
            house.services = house.services.revive()
            lines = reckoned(house, filers.tale)
            log = house.log.read_text(errors="replace")
    except ServicesUnavailable as fault:
        print(fault, file=sys.stderr)
        return 1
    facts: dict[str, Any] = {
        "load": load,
        "receipts": len(filers.tale.receipts),
        "filing_seconds": round(filed - filing, 1),
        "settling_seconds": settled,
        "longest_silence_seconds": _longest_silence(filers.tale, filing),
        "kills": dict(Counter(done.what for done in killer.done)),
        "not_done": killer.missed,
        "tries": dict(filers.tale.tries),
        "deeds": [asdict(done) for done in killer.done],
        "unforeseen_in_log": log.count('"unforeseen"'),
    }
    _report(lines, facts, time.monotonic() - began)
    return int(not all(line.kept for line in lines))


def _settle(house: House) -> float:
    """Seconds until every promise is kept, at most SETTLING_WITHIN: the rest is told by the reckoning."""
    start = time.monotonic()
    while time.monotonic() - start < settings.SETTLING_WITHIN:
        try:
            with psycopg.connect(house.database, connect_timeout=5) as connection:
                row = connection.execute("select count(*) from promise where done_at is null").fetchone()
            if row == (0,):
                break
        except psycopg.OperationalError:
            pass  # it is being started again
        time.sleep(0.5)
    return round(time.monotonic() - start, 1)


def _longest_silence(tale: Tale, start: float) -> float:
    moments = [start, *sorted(tale.moments)]
    return round(max((after - before for before, after in pairwise(moments)), default=0.0), 1)


def _report(lines: list[Line], facts: dict[str, Any], seconds: float) -> None:
    print(drawn([line.cells() for line in lines], HEADINGS))
    for line in lines:
        for one in line.broken[:5]:
            print(f"  {line.what}: {one}")
    kills = ", ".join(f"{what} {times}" for what, times in sorted(facts["kills"].items()))
    print(f"\n{sum(facts['kills'].values())} faults: {kills}.")
    print(f"Tries: {facts['tries']}; longest silence {facts['longest_silence_seconds']} s.")
    kept = [{**asdict(line), "kept": line.kept} for line in lines]
    print(f"{seconds:.0f} s; {written('faults', kept, seed=settings.SEED, seconds=seconds, **facts)}")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
