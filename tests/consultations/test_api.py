"""Consultations as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from consult.accounts.models import Account
from consult.vocabulary import Role, Scope
from tests.factories import a_consultation, an_account, bearer

URL = "/api/v1/consultations"


@pytest.fixture
def secretariat(client: FlaskClient) -> Account:
    return an_account(Role.SECRETARIAT)


def body(**facts: Any) -> dict[str, Any]:
    given = {
        "slug": "forum-2031",
        "instrument": "gcm",
        "title": "Forum",
        "opens_at": "2031-01-13T08:00:00Z",
        "closes_at": "2031-02-01T16:00:00Z",
        "areas": [{"code": "rt1", "title": "Round table 1", "objectives": [2], "questions": ["Why?"]}],
    }
    return given | facts


def test_create_publish_read(client: FlaskClient, secretariat: Account) -> None:
    headers = bearer(secretariat)
    made = client.post(URL, json=body(), headers=headers)
    assert made.status_code == 201
    assert made.location.endswith("/api/v1/consultations/forum-2031")
    assert made.headers["ETag"] == '"1-draft"'
    assert made.json["phase"] == "draft"
    assert made.json["window_is_short"] is True
    assert "six weeks" in made.json["warnings"][0]
    assert client.get(f"{URL}/forum-2031").status_code == 404
    published = client.post(f"{URL}/forum-2031/publication", headers=headers)
    assert (published.status_code, published.json["phase"]) == (200, "upcoming")
    assert client.post(f"{URL}/forum-2031/publication", headers=headers).status_code == 409
    read = client.get(f"{URL}/forum-2031")
    assert read.json == published.json
    area = {"code": "rt1", "title": "Round table 1", "objectives": [2], "questions": ["Why?"]}
    assert read.json["areas"] == [area | {"short_title": "", "description": "", "word_limit": None}]
    again = client.get(f"{URL}/forum-2031", headers={"If-None-Match": read.headers["ETag"]})
    assert again.status_code == 304


def test_the_same_key_makes_one(client: FlaskClient, secretariat: Account) -> None:
    headers = bearer(secretariat) | {"Idempotency-Key": "a key"}
    first = client.post(URL, json=body(), headers=headers)
    second = client.post(URL, json=body(), headers=headers)
    assert first.json == second.json
    assert client.post(URL, json=body(title="Other"), headers=headers).status_code == 422
    taken = client.post(URL, json=body(), headers=bearer(secretariat))
    assert (taken.status_code, list(taken.json["errors"])) == (422, ["slug"])


def test_refusals_name_fields(client: FlaskClient, secretariat: Account) -> None:
    answer = client.post(
        URL, json=body(areas=[{"title": "A", "objectives": [77]}]), headers=bearer(secretariat)
    )
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert list(answer.json["errors"]) == ["areas.0.objectives"]


def test_change_with_if_match(client: FlaskClient, secretariat: Account) -> None:
    found = a_consultation()
    url, headers = f"{URL}/{found.slug}", bearer(secretariat)
    tag = client.get(url).headers["ETag"]
    first = client.patch(url, json={"title": "One"}, headers=headers | {"If-Match": tag})
    assert (first.status_code, first.json["revision"]) == (200, 2)
    assert client.patch(url, json={"title": "Two"}, headers=headers | {"If-Match": tag}).status_code == 412
    assert client.patch(url, json={"title": "Two"}, headers=headers | {"If-Match": '"2"'}).status_code == 200
    assert client.patch(url, json={"title": "Three"}, headers=headers).json["title"] == "Three"
    sooner = (found.closes_at - timedelta(days=1)).isoformat()
    assert client.patch(url, json={"closes_at": sooner}, headers=headers).status_code == 409


@pytest.mark.parametrize("role", [None, Role.CONTRIBUTOR, Role.MODERATOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_the_secretariat_writes(client: FlaskClient, role: Role | None) -> None:
    headers = bearer(an_account(role)) if role else {}
    url = f"{URL}/{a_consultation().slug}"
    answers = (
        client.post(URL, json=body(), headers=headers),
        client.patch(url, json={"title": "X"}, headers=headers),
        client.post(f"{url}/publication", headers=headers),
    )
    assert {answer.status_code for answer in answers} == {403 if role else 401}


def test_a_token_needs_the_scope(client: FlaskClient, secretariat: Account) -> None:
    assert client.post(URL, json=body(), headers=bearer(secretariat, Scope.READ)).status_code == 403
    assert client.post(URL, json=body(), headers=bearer(secretariat, Scope.ADMINISTER)).status_code == 201


def test_list_in_pages_and_by_phase(client: FlaskClient, secretariat: Account) -> None:
    slugs = [a_consultation().slug for _number in range(3)]
    a_consultation(opens=1)
    draft = a_consultation(published=False)
    first = client.get(URL, query_string={"phase": "open", "limit": 2})
    assert [item["slug"] for item in first.json["items"]] == slugs[:0:-1]
    assert 'rel="next"' in first.headers["Link"]
    second = client.get(URL, query_string={"phase": "open", "limit": 2, "cursor": first.json["next"]})
    assert [item["slug"] for item in second.json["items"]] == slugs[:1]
    assert second.json["next"] is None
    assert client.get(URL, query_string={"phase": "draft"}).json["items"] == []
    own = client.get(URL, query_string={"phase": "draft"}, headers=bearer(secretariat)).json["items"]
    assert [item["slug"] for item in own] == [draft.slug]


@pytest.mark.parametrize(
    "query", [{"phase": "now"}, {"limit": 0}, {"limit": "x"}, {"cursor": "x"}, {"colour": "red"}]
)
def test_a_list_refuses_what_it_does_not_know(client: FlaskClient, query: dict[str, Any]) -> None:
    assert client.get(URL, query_string=query).status_code == 422


def test_the_tag_changes_with_the_phase(client: FlaskClient) -> None:
    found = a_consultation(opens_at=datetime.now(UTC) - timedelta(days=1))
    before = client.get(f"{URL}/{found.slug}").headers["ETag"]
    found.opens_at = datetime.now(UTC) + timedelta(days=1)
    assert client.get(f"{URL}/{found.slug}").headers["ETag"] != before
