"""The record's page: filters, pages, and nobody's name."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from consult.actor import Actor
from consult.audit import record
from consult.db import session
from consult.vocabulary import Role
from tests.conftest import SignIn
from tests.factories import a_consultation, an_account


@pytest.fixture
def auditor(signed_in: SignIn) -> FlaskClient:
    return signed_in(an_account(Role.AUDITOR, name="Auditor at Work"))


def test_filters_by_subject_and_act(auditor: FlaskClient) -> None:
    first, second = a_consultation(), a_consultation()
    person = an_account(Role.SECRETARIAT, name="Unnamed Here", email="hidden@test.example")
    actor = Actor(account_id=person.id, name=person.name, email=person.email, role=Role.SECRETARIAT)
    record(actor, "consultation.changed", first, fields=["title", "groups"])
    record(actor, "consultation.published", second, revision=2)
    session.commit()
    everything = auditor.get("/audit").text
    assert "consultation.changed" in everything
    assert "title, groups" in everything
    assert f'secretariat <span class="muted">{person.id}</span>' in everything
    assert "Unnamed Here" not in everything
    assert "hidden@" not in everything
    one = auditor.get(f"/audit?subject=consultation&number={second.id}").text
    assert "consultation.published" in one
    assert "consultation.changed" not in one
    assert "consultation.changed" not in auditor.get("/audit?act=consultation.pub").text
    assert "Nothing is on record here" in auditor.get("/audit?act=%25").text
    assert "Nothing is on record here" in auditor.get("/audit?number=x").text


def test_comes_in_pages(auditor: FlaskClient) -> None:
    found = a_consultation()
    for number in range(51):
        record(Actor(system=True), "consultation.changed", found, number=number)
    session.commit()
    page = auditor.get("/audit?act=consultation.").text
    link = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rest = auditor.get(link).text
    assert rest.count("consultation.changed") == 1
    assert 'rel="first"' in rest


def test_a_forged_cursor_is_refused(auditor: FlaskClient) -> None:
    assert auditor.get("/audit?cursor=x").status_code == 422
