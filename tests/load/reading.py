"""Coverage by every two dimensions and full-text search, beside the bare SQL that finds the same."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import combinations
from statistics import median
from typing import Any

import psycopg

from consult import db
from consult.actor import PUBLIC
from consult.aggregation.coverage import coverage
from consult.aggregation.crosstab import Table
from consult.aggregation.dimensions import Audience
from consult.aggregation.excerpts import excerpts
from consult.aggregation.inputs import Filters, area_ids, count_of, inputs
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation
from consult.vocabulary import Dimension, StakeholderGroup
from tests.load import synthetic
from tests.load.settings import ROWS
from tests.load.stand import Stand, plain
from tests.load.table import Row, percentile

SIZE = "" if ROWS >= 1_000_000 else f"{ROWS:,}"
SEARCHES = 60
FIRST_PAGE = 26
REPEATED = 3

_COLUMNS = {
    Dimension.AREA: "a.area::text",
    Dimension.GROUP: "o.stakeholder_group",
    Dimension.REGION: "o.region",
    Dimension.COUNTRY: "o.country",
    Dimension.LANGUAGE: "v.language",
    Dimension.OBJECTIVE: "objective::text",
    Dimension.MONTH: "to_char(v.received_at at time zone 'UTC', 'YYYY-MM')",
}
_AREAS = ", unnest(v.areas) as a (area)"
_OBJECTIVES = f"{_AREAS} join thematic_area t on t.id = a.area, unnest(t.objectives) as objective"
_SEARCH = """
select s.id from submission s join version v on v.submission_id = s.id and v.number = s.version
  join organisation o on o.id = s.organisation_id
where s.consultation_id = %(consultation)s and s.state = 'accepted' and s.publication <> 'restricted'
  and exists (select from paragraph p
    where p.version_id = v.id and p.search @@ websearch_to_tsquery('english', %(q)s))
  and (%(group)s::text is null or o.stakeholder_group = %(group)s)
  and (%(language)s::text is null or v.language = %(language)s)
order by s.id desc limit %(limit)s
"""


def prepared(stand: Stand) -> tuple[str, str]:
    """(address, slug) of a database with ROWS accepted submissions; made once."""
    return _prepared(stand)


@cache
def _prepared(stand: Stand) -> tuple[str, str]:
    url = stand.scratch("inputs")
    with stand.superuser(url) as connection:
        made = synthetic.fill(connection, "call", inputs=ROWS, organisations=max(50, ROWS // 20))
    return url, made.slug


def rows(stand: Stand) -> list[Row]:
    """The slowest two dimensions, and the 95th percentile of searches."""
    url, slug = prepared(stand)
    app = stand.app_on(url)
    with app.test_request_context(), psycopg.connect(plain(url), autocommit=True) as bare:
        found = consultation(PUBLIC, slug)
        lines = [_coverage(found, bare), *_search(found, bare)]
        db.session.remove()
    return lines


def _milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _coverage(found: Consultation, bare: psycopg.Connection) -> Row:
    times: dict[str, float] = {}
    for pair in combinations(Dimension, 2):
        table = coverage(found, *pair, audience=Audience.SECRETARIAT)
        _same(table, _grouped(bare, found.id, pair))
        times[" × ".join(pair)] = median(
            _milliseconds(partial(coverage, found, *pair, audience=Audience.SECRETARIAT))
            for _each in range(REPEATED)
        )
    slowest = max(times, key=times.__getitem__)
    first, second = slowest.split(" × ")
    plainly = median(
        _milliseconds(lambda: _grouped(bare, found.id, (Dimension(first), Dimension(second))))
        for _each in range(REPEATED)
    )
    return Row(
        f"coverage of {ROWS:,} submissions ({slowest})",
        times[slowest],
        "ms",
        most=100,
        beside=plainly,
        beside_what="GROUP BY",
        size=SIZE,
        facts={"ms": times},
    )


def _grouped(bare: psycopg.Connection, number: int, pair: Sequence[Dimension]) -> list[Any]:
    """The table from nothing: one GROUP BY, without totals."""
    extra = _OBJECTIVES if Dimension.OBJECTIVE in pair else _AREAS if Dimension.AREA in pair else ""
    statement = f"""
        select {_COLUMNS[pair[0]]}, {_COLUMNS[pair[1]]},
          count(distinct s.organisation_id), count(distinct s.id)
        from submission s join organisation o on o.id = s.organisation_id
          join version v on v.submission_id = s.id and v.number = s.version {extra}
        where s.consultation_id = %s and s.state = 'accepted' group by 1, 2"""
    return bare.execute(statement.encode(), [number]).fetchall()


def _same(table: Table, grouped: Sequence[Any]) -> None:
    """Raises AssertionError unless every cell was counted alike."""
    shown = sorted(
        (cell.organisations, cell.submissions) for line in table.cells for cell in line if cell.submissions
    )
    assert shown == sorted((row[2], row[3]) for row in grouped), f"{table.rows} × {table.columns} differ"


def _search(found: Consultation, bare: psycopg.Connection) -> list[Row]:
    ours: list[float] = []
    plainly: list[float] = []
    matches: list[int] = []
    for wanted in _wanted(bare):
        ours.append(_milliseconds(partial(_first_page, found, wanted)))
        matches.append(count_of(found, wanted))
        facts = {
            "consultation": found.id,
            "q": wanted.q,
            "group": wanted.group,
            "language": wanted.language,
            "limit": FIRST_PAGE,
        }
        plainly.append(_milliseconds(partial(_fetched, bare, facts)))
    return [
        Row(
            f"search of {ROWS:,} submissions, filtered, first page: p95",
            percentile(ours, 0.95),
            "ms",
            most=200,
            beside=percentile(plainly, 0.95),
            beside_what="bare SQL",
            size=SIZE,
            facts={
                "p50_ms": median(ours),
                "worst_ms": max(ours),
                "bare_p50_ms": median(plainly),
                "searches": len(ours),
                "empty": matches.count(0),
            },
        )
    ]


def _fetched(bare: psycopg.Connection, facts: dict[str, Any]) -> list[Any]:
    return bare.execute(_SEARCH, facts).fetchall()


def _first_page(found: Consultation, wanted: Filters) -> None:
    """Everything that the first page of results asks for."""
    page = inputs(found, wanted, limit=FIRST_PAGE)
    excerpts(page, wanted.q, area_ids(found, wanted))
    count_of(found, wanted)


def _wanted(bare: psycopg.Connection) -> list[Filters]:
    """Words, two words and phrases as they stand in texts, frequent and rare, with and without filters."""
    chance = random.Random(5)
    texts = bare.execute("select disclosed_text from paragraph order by id limit 500").fetchall()
    found = []
    for number in range(SEARCHES):
        words = chance.choice(texts)[0].split()
        place = chance.randrange(len(words) - 1)
        q = (words[place], f"{words[place]} {words[place + 1]}", f'"{words[place]} {words[place + 1]}"')[
            number % 3
        ]
        group = chance.choice([None, *StakeholderGroup])
        found.append(
            Filters(q=q, group=group, language=chance.choice([None, "en"]), area=chance.choice([None, "rt1"]))
        )
    return found
