"""Every refusal has a page that says what to do next; general pages stand by themselves."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.vocabulary import Reason, Role
from consult.web.general import KINDS, safe_path
from consult.wording import label
from tests.conftest import SignIn
from tests.factories import an_account


def test_every_kind_is_explained(client: FlaskClient) -> None:
    assert len(KINDS) >= 12
    texts = set()
    for slug, kind in KINDS.items():
        answer = client.get(f"/problems/{slug}")
        assert answer.status_code == 200
        assert kind.title in answer.text
        texts.add(answer.text.split("<main")[1].split("What to do")[1].split("</p>")[0])
    assert len(texts) == len(KINDS)
    everything = client.get("/problems").text
    assert all(f'href="/problems/{slug}"' in everything for slug in KINDS)


def test_the_type_of_a_json_refusal_leads_to_its_page(client: FlaskClient) -> None:
    for answer in (client.get("/api/v1/consultations/none"), client.delete("/api/v1/consultations")):
        kind = urlsplit(answer.get_json()["type"])
        assert client.get(kind.path).status_code == 200


@pytest.mark.parametrize("slug", ["nothing", "http-200", "http-5000", "../rules"])
def test_an_unknown_kind_is_missing(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/problems/{slug}").status_code == 404


def test_a_missing_page_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    for words in ("There is nothing here", "Check the address", 'href="/problems/missing"'):
        assert words in answer.text


def test_a_forbidden_page_says_whom_to_ask(signed_in: SignIn) -> None:
    answer = signed_in(an_account()).get("/secretariat")
    assert answer.status_code == 403
    assert "ask your organisation" in answer.text


def test_a_fault_of_ours_tells_nothing_of_its_cause(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setitem(app.view_functions, "general.rules", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("consult.web.identity.is_open", lambda view: True)
    answer = app.test_client().get("/rules")
    assert answer.status_code == 500
    assert "a secret detail" not in answer.text
    assert "try again" in answer.text


def test_the_rules_name_every_reason(client: FlaskClient) -> None:
    page = client.get("/rules").text
    assert all(label(reason) in page for reason in Reason)
    assert len(page.encode()) < 20_000


def test_language_is_kept_by_post_alone(client: FlaskClient) -> None:
    offered = client.get("/language?language=en&next=/rules")
    assert offered.status_code == 200
    with client.session_transaction() as cookie:
        assert "language" not in cookie
    answer = client.post("/language", data={"language": "en", "next": "/rules"})
    assert (answer.status_code, answer.location) == (303, "/rules")
    with client.session_transaction() as cookie:
        assert cookie["language"] == "en"
    assert client.post("/language", data={"language": "xx"}).status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:x",
        "",
        None,
        "/a\nb",
        "rules",
        "/\t/x",
    ],
)
def test_nobody_is_led_elsewhere(target: str | None) -> None:
    assert safe_path(target) == "/"


def test_a_path_of_ours_is_kept() -> None:
    assert safe_path("/consultations/a?b=c#d") == "/consultations/a?b=c#d"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 303),
        (Role.CONTRIBUTOR, 403),
        (Role.MODERATOR, 403),
        (Role.AUDITOR, 200),
        (Role.SECRETARIAT, 200),
    ],
)
def test_who_may_read_the_record(
    client: FlaskClient, signed_in: SignIn, role: Role | None, status: int
) -> None:
    browser = signed_in(an_account(role)) if role else client
    assert browser.get("/audit").status_code == status
