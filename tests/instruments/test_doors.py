"""The agreement by page and by API, open to everybody."""

from __future__ import annotations

from flask.testing import FlaskClient

from consult.instruments.loader import instrument
from consult.instruments.schemas import InstrumentSchema


def test_api_lists_agreements(client: FlaskClient) -> None:
    answer = client.get("/api/v1/instruments")
    assert answer.status_code == 200
    assert answer.json is not None
    assert [item["symbol"] for item in answer.json["items"]] == ["A/RES/73/195"]


def test_api_shows_what_the_file_says(client: FlaskClient) -> None:
    answer = client.get("/api/v1/instruments/gcm")
    assert answer.status_code == 200
    assert answer.json is not None
    assert InstrumentSchema().load(answer.json) == instrument("gcm")


def test_api_knows_no_other(client: FlaskClient) -> None:
    answer = client.get("/api/v1/instruments/other")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_page_shows_every_objective(client: FlaskClient) -> None:
    answer = client.get("/instruments/gcm")
    assert answer.status_code == 200
    assert len(answer.data) < 60_000
    text = answer.get_data(as_text=True)
    assert all(objective.title in text for objective in instrument("gcm").objectives)
    assert 'id="round-table-4"' in text
    assert "Wording not checked" in text


def test_page_knows_no_other(client: FlaskClient) -> None:
    assert client.get("/instruments/other").status_code == 404
