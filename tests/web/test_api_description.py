"""The API's description as a page: every operation, nothing from elsewhere, light enough for a slow line."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

# Together with the stylesheet and the frame's module, below the 60 kB of every page.
MOST_BYTES = 60_000 - 21_000
OPERATIONS, SCHEMAS = "/api/v1/docs", "/api/v1/docs/schemas"


def test_names_every_operation_and_schema(client: FlaskClient) -> None:
    spec = client.get("/api/v1/openapi.json").get_json()
    page = unescape(client.get(OPERATIONS).text)
    for path, operations in spec["paths"].items():
        for method in operations.keys() & {"get", "post", "put", "patch", "delete"}:
            assert f"<code>{method.upper()} {path}</code>" in page
    page = client.get(SCHEMAS).text
    for name in spec["components"]["schemas"].keys() - {"PaginationMetadata"}:
        assert (f'id="s-{name}"' in page) != name.endswith("Page"), name


def test_links_only_to_what_it_shows(client: FlaskClient) -> None:
    first, second = client.get(OPERATIONS).text, client.get(SCHEMAS).text
    for page, prefix, shown in ((first, "", first), (second, "", second), (first, SCHEMAS, second)):
        anchors = set(re.findall(r' id="([^"]+)"', shown))
        assert set(re.findall(rf'href="{prefix}#([^"]+)"', page)) <= anchors


def test_examples_are_json(client: FlaskClient) -> None:
    page = client.get(SCHEMAS).text
    examples = [unescape(text) for text in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)]
    assert len(examples) >= 5
    for example in examples:
        json.loads(example)


@pytest.mark.parametrize("path", [OPERATIONS, SCHEMAS])
def test_asks_nobody_else_and_stays_light(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", answer.text)
    assert " style=" not in answer.text
    assert len(answer.data) < MOST_BYTES
