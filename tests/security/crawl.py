"""Every address that can be read in the world, and the text of whatever comes back from it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import pyarrow.parquet
import pypdf
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult.aggregation.report_files import FILES
from consult.moderation.queue import QueueState
from consult.vocabulary import Dimension
from tests.security.conftest import Place
from tests.security.world import World

# Signed links show their own person's address to whoever holds them; static files hold nothing of anybody.
LEFT_OUT = {"static", "accounts.confirm", "accounts.choose_password", "development.gallery"}

SAME_AGAIN = ("<reference>/edit", "/compare", "/appeal", "/withdrawal", "/receipt", "/content.json")


def addresses(app: Flask, world: World, *, all_doors: bool) -> Iterator[str]:
    """Every GET route with everything of the world that its parts can name.

    Without `all_doors`, doors that show nothing which another does not show as well are passed by.
    """
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        passed_by = not all_doors and rule.rule.endswith(SAME_AGAIN)
        if "GET" in (rule.methods or ()) and rule.endpoint not in LEFT_OUT and not passed_by:
            for values in _fillings(rule, world):
                path = adapter.build(rule.endpoint, values)
                yield path
                yield from _asked_otherwise(path)


def _asked_otherwise(path: str) -> Iterator[str]:
    """The same address with the questions that show something else."""
    if path.endswith("/open-call/coverage"):
        yield from (f"{path}?rows={one}&columns={other}" for one, other in combinations(Dimension, 2))
    if "/export." in path:
        yield f"{path}?restricted=include"
    if path.endswith(("/moderation", "/moderation/cases")):
        yield from (f"{path}?state={state}" for state in QueueState)


def _fillings(rule: Rule, world: World) -> Iterator[dict[str, Any]]:
    fixed = dict(rule.defaults or {})
    parts = sorted(rule.arguments - fixed.keys())
    for values in product(*(_values(part, world) for part in parts)):
        given = dict(zip(parts, values, strict=True)) | fixed
        if _belongs_together(given, world):
            yield given


def _values(part: str, world: World) -> list[Any]:
    numbers = world.numbers
    shelves: dict[str, list[Any]] = {
        "account_id": [world.people["member"], world.people["hidden member"], world.people["moderator"]],
        "attachment_id": [number for name, number in numbers.items() if name.endswith(" file")],
        "campaign_id": [numbers["campaign"]],
        "case_id": list(world.cases.values()),
        "code": ["gcm"],
        "number": [1, 2],
        "organisation_id": list(world.bodies.values()),
        "reference": list(world.references.values()),
        "name": list(FILES),
        "report_id": [numbers["report"]],
        "statement_id": [numbers["statement"]],
        "slug": [*world.slugs.values(), "invalid"],
    }
    return shelves[part]


def _belongs_together(given: dict[str, Any], world: World) -> bool:
    """A second version exists of two submissions, a file of two, input of one call: the rest would be 404."""
    if "slug" in given and "reference" in given:
        home = "closed" if given["reference"] == world.references["past"] else "open"
        return bool(given["slug"] == world.slugs[home])
    if given.get("number") == 2:
        return given.get("reference") in {world.references[name] for name in ("refiled", "amending")}
    if "attachment_id" in given and "reference" in given:
        return given["reference"] in {world.references[name] for name in ("draft", "accepted")}
    if "attachment_id" in given and "case_id" in given:
        return bool(given["case_id"] == world.cases["accepted"])
    return True


def answers(place: Place, who: str, paths: Iterator[str]) -> Iterator[tuple[str, str]]:
    """(path, text) of what the person is given: bodies, headers and all."""
    browser = place.browser(who)
    with place.undone():
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code < 500, f"{path} as {who}: {answer.status_code}"
            yield path, text_of(answer)


def text_of(answer: TestResponse) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return headers + "\n" + readable(answer.get_data(), answer.mimetype)


def readable(data: bytes, name: str) -> str:
    """The text of a file, unpacked where it is packed; `name` is its media type or its name."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(
                f"{entry}\n{archive.read(entry).decode(errors='replace')}" for entry in archive.namelist()
            )
    if data.startswith(b"PAR1"):
        return str(pyarrow.parquet.read_table(io.BytesIO(data)).to_pydict())
    if data.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(data))
        return "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    return data.decode(errors="replace")
