"""Every route as every role: the table of `routes.py` is what the doors do, and no door is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from consult.vocabulary import Scope
from consult.web.identity import is_open
from tests.security.conftest import PUBLIC, Place
from tests.security.routes import EVERYONE, SIGNED_IN, TABLE, Row
from tests.security.world import World

SILENT = {"HEAD", "OPTIONS"}
# What a path's part is called, and the shelf of the world its name is looked up on.
SHELVES = {
    "account_id": "people",
    "user": "people",
    "organisation_id": "bodies",
    "slug": "slugs",
    "reference": "references",
    "case_id": "cases",
    "token": "secrets",
}
USUAL = {
    "organisation_id": "ours",
    "slug": "open",
    "reference": "draft",
    "case_id": "claimed",
    "campaign_id": "campaign",
    "report_id": "report",
    "statement_id": "statement",
}


def doors(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule) for rule in app.url_map.iter_rules() for method in (rule.methods or ()) - SILENT
    }


def test_every_route_is_listed_and_nothing_else(application: Flask) -> None:
    listed = {(row.method, row.rule) for row in TABLE}
    assert doors(application) - listed == set(), "say in tests/security/routes.py who may"
    assert listed - doors(application) == set(), "routes that are no more"


def address(app: Flask, row: Row, world: World) -> str:
    """The row's path with the numbers and names of the world."""
    [rule] = [one for one in app.url_map.iter_rules() if one.rule == row.rule and row.method in one.methods]
    fixed = rule.defaults or {}
    parts = parts_of(rule.arguments - fixed.keys(), row, world) | fixed
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, parts))


def parts_of(names: Iterable[str], row: Row, world: World) -> dict[str, Any]:
    """What the row puts into the parts of its path."""
    given, values = dict(row.values), {}
    for name in names:
        wanted = given.get(name) or row.of or USUAL.get(name, name)
        shelf = getattr(world, SHELVES.get(name, "numbers"))
        values[name] = shelf.get(wanted, wanted)
    return values


def sending(place: Place, row: Row) -> dict[str, Any]:
    body = row.sends(place.world) if callable(row.sends) else row.sends
    form = "data" if not row.rule.startswith("/api/") or row.rule.endswith("attachments") else "json"
    return {} if body is None else {form: body}


def ask(place: Place, row: Row, who: str, **more: Any) -> TestResponse:
    path = address(place.app, row, place.world)
    with place.undone():
        answer = place.browser(who).open(path, method=row.method, **sending(place, row), **more)
        answer.get_data()
    return answer


def refused(place: Place, row: Row, who: str, answer: TestResponse) -> bool:
    """Turned away: to the front door, or with a status that says so."""
    if answer.status_code in (401, 403, 404, row.refusal):
        return True
    [rule] = [
        one for one in place.app.url_map.iter_rules() if one.rule == row.rule and row.method in one.methods
    ]
    closed = not is_open(place.app.view_functions[rule.endpoint])
    return who == PUBLIC and closed and answer.headers.get("Location", "").startswith("/sign-in")


def named(row: Row) -> str:
    about = ", ".join(filter(None, (row.of, *(str(value) for _name, value in row.values))))
    return f"{row.method} {row.rule}" + (f" of {about}" if about else "")


@pytest.mark.parametrize("row", TABLE, ids=named)
def test_who_may(place: Place, row: Row) -> None:
    asking = EVERYONE
    if row.may >= SIGNED_IN:
        # Where nobody's name is asked, or every name will do, a few ask for the rest.
        asking = {PUBLIC, "member", "recused", "auditor", "administrator"}
    answered = set()
    for who in sorted(asking):
        answer = ask(place, row, who)
        assert answer.status_code < 500, f"{who}: {answer.status_code} {answer.get_data(as_text=True)[:600]}"
        if not refused(place, row, who, answer):
            answered.add(who)
    assert answered == row.may & asking


NARROWED = [row for row in TABLE if row.rule.startswith("/api/") and row.may and row.may != EVERYONE]
# Whose token it is may be asked with any token; a list of what may be read is empty.
TELLING_NOTHING = {"/api/v1/me", "/api/v1/submissions"}


@pytest.mark.parametrize("row", NARROWED, ids=named)
def test_a_token_does_no_more_than_its_scopes(place: Place, row: Row) -> None:
    """Of somebody who may, but without the scope: to read is not to act, to moderate not to read."""
    scope = Scope.MODERATE if row.method == "GET" else Scope.READ
    token = place.world.secrets[f"{min(row.may)} {scope}"]
    answer = ask(place, row, PUBLIC, headers={"Authorization": f"Bearer {token}"})
    if row.method == "GET" and row.rule in TELLING_NOTHING:
        assert answer.status_code == 200
        assert not answer.get_json().get("items")
    else:
        assert answer.status_code in (403, 404), answer.get_data(as_text=True)[:300]


SHARED = ("theirs", "joint")
NEVER_GIVEN = "S-9999"
THEIR_OWN = [
    row for row in TABLE if "<reference>" in row.rule and "inputs" not in row.rule and row.of not in SHARED
]


@pytest.mark.parametrize("row", THEIR_OWN, ids=named)
def test_another_organisations_submission_does_not_exist(place: Place, row: Row) -> None:
    """404, never 403, and in the words of a reference that was never given."""
    reference = place.world.references[row.of or "draft"]
    answer = ask(place, row, "stranger")
    with place.undone():
        path = address(place.app, row, place.world).replace(reference, NEVER_GIVEN)
        nothing = place.browser("stranger").open(path, method=row.method, **sending(place, row))
    assert answer.status_code == nothing.status_code == 404
    assert told(answer, reference) == told(nothing, NEVER_GIVEN)


def told(answer: TestResponse, reference: str) -> str:
    """What a page says, but for the reference in its address and the token in its forms."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(reference, ""))
