"""Claims of the fairest next case by many moderators, beside one indexed SELECT … SKIP LOCKED by pgbench."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from sqlalchemy import text

from consult import db
from consult.actor import Actor
from consult.moderation.claims import claim_next
from consult.vocabulary import Role
from tests import factories as make
from tests.load import synthetic
from tests.load.settings import CASES, CLAIMANTS, SECONDS
from tests.load.stand import Bench, Stand
from tests.load.table import Row, percentile

CONNECTIONS = 12  # as many as one web process has at most
PAUSE = 2.0  # seconds between two claims of a moderator on average: nobody reads so fast
FLAT = 1.5  # the median at the largest size may be so many times that at the smallest

# The same row and the same rule, in the form that PostgreSQL's own client sends it.
BARE = """
begin;
select id from moderation_case
  where stage = 'first' and (claimed_until is null or claimed_until <= clock_timestamp())
  order by fair_at, id limit 1 for update skip locked;
commit;
"""


@dataclass(frozen=True)
class Claimed:
    """Milliseconds of each claim, and the cases that were taken."""

    milliseconds: list[float]
    cases: list[int]


def rows(stand: Stand) -> list[Row]:
    """The 99th percentile at every size, and whether the median stays flat; a double claim is an error."""
    found, medians = [], []
    for size in CASES:
        url = stand.scratch("claims")
        with stand.superuser(url) as connection:
            synthetic.fill(
                connection, "queue", inputs=size, organisations=500, state="in_moderation", texts=False
            )
        bare = stand.pgbench(
            url, BARE, clients=CLAIMANTS, seconds=max(5, SECONDS // 2), rate=CLAIMANTS / PAUSE
        )
        claimed = _claims(stand, url)
        assert len(set(claimed.cases)) == len(claimed.cases), "a case was claimed twice"
        medians.append(median(claimed.milliseconds))
        found.append(_row(size, claimed, bare))
    flatness = max(medians) / medians[0]
    sizes = f"10^4 to {CASES[-1]:,}"
    return [
        *found,
        Row(
            "claim: median at the largest queue, times that at the smallest",
            flatness,
            "",
            most=FLAT,
            size="" if CASES[-1] >= 1_000_000 else sizes,
            facts={"medians_ms": medians, "sizes": CASES},
        ),
    ]


def _row(size: int, claimed: Claimed, bare: Bench) -> Row:
    promised = size >= 1_000_000 and CLAIMANTS >= 200
    return Row(
        f"claim: p99 at {size:,} waiting cases, {CLAIMANTS} moderators",
        percentile(claimed.milliseconds, 0.99),
        "ms",
        most=10,
        beside=percentile(bare.milliseconds, 0.99),
        beside_what="pgbench",
        size="" if promised else f"{size:,} and {CLAIMANTS}",
        facts={
            "claims": len(claimed.cases),
            "double_claims": len(claimed.cases) - len(set(claimed.cases)),
            "p50_ms": median(claimed.milliseconds),
            "pgbench_p50_ms": median(bare.milliseconds),
        },
    )


def _claims(stand: Stand, url: str) -> Claimed:
    """Every moderator claims, decides (not timed) and pauses, for SECONDS."""
    stand.app_on(url)
    moderators = [make.an_account(Role.MODERATOR).id for _each in range(CLAIMANTS)]
    db.configure(url, pool_size=CONNECTIONS)
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CLAIMANTS) as threads:
        found = list(threads.map(lambda number: _work(number, end), moderators))
    return Claimed(
        [t for one in found for t in one.milliseconds], [case for one in found for case in one.cases]
    )


def _work(number: int, end: float) -> Claimed:
    chance = random.Random(number)
    actor, done = Actor(account_id=number, role=Role.MODERATOR), Claimed([], [])
    time.sleep(chance.uniform(0, PAUSE))
    while time.monotonic() < end:
        start = time.perf_counter()
        with db.transaction():
            case = claim_next(actor=actor)
        db.forget()
        done.milliseconds.append((time.perf_counter() - start) * 1000)
        assert case is not None
        done.cases.append(case.id)
        with db.transaction() as session:
            decided = text("update moderation_case set stage = 'decided', decided_at = now() where id = :id")
            session.execute(decided, {"id": case.id})
        db.forget()
        time.sleep(chance.uniform(0, 2 * PAUSE))
    return done
