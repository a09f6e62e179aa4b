"""Processor time and queries of every main page, with ten and with a thousand rows to list."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from tests.load.processes import exact_cpu_seconds
from tests.load.stand import Stand
from tests.load.table import Row
from tests.load.world import World, build

FEW, MANY = 10, 1_000
LOOKS = 20


@dataclass(frozen=True)
class Look:
    """Milliseconds of processor time of one rendering, web and database, and its statements."""

    web_ms: float
    database_ms: float
    queries: int


def rows(stand: Stand) -> list[Row]:
    """A row for each page with MANY rows; two rows on the queries of all of them."""
    few, many = _looks(stand, FEW), _looks(stand, MANY)
    empty = _empty_route()
    growing = [name for name in many if many[name].queries != few[name].queries]
    most = max(many, key=lambda name: many[name].queries)
    counts = {name: (few[name].queries, many[name].queries) for name in many}
    return [
        *(
            Row(
                f"page: {name}",
                look.web_ms + look.database_ms,
                "ms",
                most=5,
                beside=empty,
                beside_what="empty route",
                facts={
                    "web_ms": look.web_ms,
                    "database_ms": look.database_ms,
                    "ms_with_few": few[name].web_ms,
                },
            )
            for name, look in many.items()
        ),
        Row(f"pages: most queries ({most})", many[most].queries, "", most=12, facts=counts),
        Row(
            f"pages whose queries differ between {FEW} and {MANY:,} rows",
            len(growing),
            "",
            most=0,
            facts={"which": growing},
        ),
    ]


def _looks(stand: Stand, count: int) -> dict[str, Look]:
    url = stand.scratch(f"pages_{count}")
    app = stand.app_on(url)
    with stand.superuser(url) as connection:
        world: World = build(app, connection, count)
    found = {}
    for page in world.pages:
        browser = world.browsers[page.person]
        address = app.extensions["consult"].base_url + page.path
        found[f"{page.name} ({page.person})"] = _look(stand, browser, address)
    return found


def _look(stand: Stand, browser: FlaskClient, address: str) -> Look:
    for _warm in range(3):
        answer = browser.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status}"  # never the cost of a refusal
    with statements() as seen:
        browser.get(address)
    database = stand.database_processes()
    web, below = _spent(lambda: browser.get(address), lambda: exact_cpu_seconds(database))
    return Look(web, below, len(seen))


def _spent(act: Callable[[], object], elsewhere: Callable[[], float]) -> tuple[float, float]:
    """Milliseconds of one act: of this process, and of others."""
    web, below = time.process_time(), elsewhere()
    for _each in range(LOOKS):
        act()
    return (time.process_time() - web) * 1000 / LOOKS, (elsewhere() - below) * 1000 / LOOKS


def _empty_route() -> float:
    """Milliseconds of an empty Flask application's only route, asked in the same way."""
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "")
    client = bare.test_client()
    client.get("/")
    return _spent(lambda: client.get("/"), lambda: 0.0)[0]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gathers the statements that the block sends."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
