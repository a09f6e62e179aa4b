"""The API against its own description: whatever is sent, no 5xx and no answer that is not described."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security.conftest import PUBLIC, Place
from tests.security.routes import EVERYONE, TABLE, Row
from tests.security.test_routes import parts_of, sending

# More of them find more: SCHEMATHESIS_EXAMPLES=500 takes a quarter of an hour.
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "6"))
DESCRIPTION = "/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# The description itself, and the pages that show it.
UNDESCRIBED = {("GET", DESCRIPTION), ("GET", "/api/v1/docs"), ("GET", "/api/v1/docs/schemas")}
PART = re.compile(r"{(\w+)}")
MOSTLY = st.sampled_from([True, True, True, False])


def as_described(rule: str) -> str:
    """A rule of the application in OpenAPI's spelling."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def test_the_description_is_valid(application: Flask) -> None:
    description = application.test_client().get(DESCRIPTION).get_json()
    assert description["openapi"].startswith("3.1")
    faults = [
        f"{list(each.path)}: {each.message}" for each in OpenAPIV31SpecValidator(description).iter_errors()
    ]
    assert faults == []


def test_every_operation_says_what_it_does_and_what_it_refuses(application: Flask) -> None:
    description = application.test_client().get(DESCRIPTION).get_json()
    names, silent = [], []
    for path, operations in description["paths"].items():
        for method in operations.keys() & {"get", "post", "put", "patch", "delete"}:
            operation = operations[method]
            names.append(operation["operationId"]) if "operationId" in operation else None
            described = (
                operation.get("summary") and {"401", "403", "404", "422"} <= operation["responses"].keys()
            )
            bare = [
                status
                for status, answer in operation["responses"].items()
                if status >= "400"
                and "$ref" not in answer
                and "application/problem+json" not in answer["content"]
            ]
            if not described or bare:
                silent.append(f"{method.upper()} {path} {bare}")
    assert silent == []
    assert len(names) == len(set(names))


@pytest.fixture(scope="module")
def described(application: Flask) -> dict[tuple[str, str], Any]:
    """Every operation by method and path, as the description has it."""
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, application)
    found = [each.ok() for each in schema.get_all_operations()]
    return {(one.method.upper(), one.path): one for one in found}


@st.composite
def asked(draw: st.DrawFn, operation: Any, rows: list[Row], place: Place) -> tuple[Any, str]:
    """A request as the description allows it, or just not; mostly about something that is there, mostly by
    somebody who may, sometimes with a body that has its effect.
    """
    mode = draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    case, row = draw(operation.as_strategy(generation_mode=mode)), draw(st.sampled_from(rows))
    if draw(MOSTLY):
        case.path_parameters = parts_of(PART.findall(operation.path), row, place.world)
    if row.method != "GET" and not operation.path.endswith("attachments") and not draw(MOSTLY):
        case.body, case.media_type = sending(place, row).get("json", case.body), "application/json"
    entitled = sorted(row.may - {PUBLIC}) or ["member"]
    return case, draw(st.sampled_from(entitled if draw(MOSTLY) else sorted(EVERYONE)))


def test_no_operation_is_missing(application: Flask, described: dict[tuple[str, str], Any]) -> None:
    """Each of them is tried below."""
    doors = {
        (method, as_described(rule.rule))
        for rule in application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/") and (method, rule.rule) not in UNDESCRIBED
    }
    assert described.keys() == doors


DOORS = sorted({(row.method, row.rule) for row in TABLE if row.rule.startswith("/api/v1/")} - UNDESCRIBED)


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_whatever_is_sent_is_answered_as_described(
    place: Place, described: dict[tuple[str, str], Any], door: tuple[str, str]
) -> None:
    operation = described[door[0], as_described(door[1])]
    rows = [row for row in TABLE if (row.method, row.rule) == door]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(asked(operation, rows, place))
    def answer_is_described(request: tuple[Any, str]) -> None:
        case, who = request
        token = place.world.secrets.get(who)
        with place.undone():
            response = case.call(headers={"Authorization": f"Bearer {token}"} if token else {})
        case.validate_response(response, checks=CHECKS)

    answer_is_described()
