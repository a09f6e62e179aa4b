"""Registering, confirming, signing in, a new password: what the doors answer, and what they never tell."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.accounts import passwords
from consult.accounts.models import Account
from consult.accounts.queries import account_by_email
from consult.audit import entries_about
from consult.db import session
from tests.accounts.conftest import Letters
from tests.conftest import SignIn
from tests.factories import an_account

GOOD = "four walls and a roof"
OTHER = "three doors, one window"
NEW = {"name": "Ada Sample", "email": "ada@test.example", "password": GOOD}


def a_person(**facts: object) -> Account:
    return an_account(password_hash=passwords.hashed(GOOD, 1), **facts)


def sign_in(client: FlaskClient, email: str, password: str = GOOD, query: str = "") -> int:
    return client.post(f"/sign-in{query}", data={"email": email, "password": password}).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def path_in(letter: dict[str, str]) -> str:
    found = re.search(r"\{BASE_URL\}(\S+)", letter["body"])
    assert found
    return found[1]


def test_register_confirm_and_be_in(client: FlaskClient, letters: Letters) -> None:
    assert client.get("/register").status_code == 200
    answer = client.post("/register", data=NEW)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    [letter] = letters()
    assert letter["to"] == "ada@test.example"
    assert NEW["name"] not in letter["body"], "a stranger's words never travel in our letters"
    link = path_in(letter)
    assert "ada@test.example" in client.get(link).text
    assert account_by_email("ADA@test.example").email_confirmed_at is None, "reading the link changes nothing"
    wrong = client.post(link, data={"password": OTHER})
    assert wrong.status_code == 422
    assert "e-password" in wrong.text
    assert client.post(link, data={"password": GOOD}).status_code == 303
    assert is_in(client)
    person = account_by_email("ada@test.example")
    assert person.email_confirmed_at
    assert [entry.act for entry in entries_about(person)] == ["account.registered", "account.confirmed"]
    assert client.get(link).status_code == 404, "a link works once"
    assert client.post(link, data={"password": GOOD}).status_code == 404


def test_a_known_address_gets_the_same_answer(client: FlaskClient, letters: Letters) -> None:
    person = a_person(name="Ada")
    fresh = client.post("/register", data={**NEW, "email": "new@test.example"}, follow_redirects=True)
    known = client.post("/register", data={**NEW, "email": person.email}, follow_redirects=True)
    assert known.text.replace(person.email, "new@test.example") == fresh.text
    assert [letter["to"] for letter in letters()] == ["new@test.example", person.email]
    assert "/sign-in" in letters()[1]["body"]
    session.refresh(person)
    assert person.name == "Ada"
    assert passwords.matches(person.password_hash, GOOD, 1)
    assert session.scalar(select(func.count()).select_from(Account)) == 2


def test_whoever_begins_with_my_address_does_not_get_in(client: FlaskClient, letters: Letters) -> None:
    client.post("/register", data={**NEW, "password": OTHER})
    client.post("/register", data=NEW)
    assert sign_in(client, NEW["email"], OTHER) == 422
    link = path_in(letters()[-1])
    assert client.post(link, data={"password": OTHER}).status_code == 422
    assert client.post(link, data={"password": GOOD}).status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "A\nB"),
        ("email", "no address"),
        ("email", "a\0@test.example"),
        ("password", "short"),
        ("password", "ada@test.example"),
    ],
)
def test_mistakes_come_back_beside_their_field(
    client: FlaskClient, letters: Letters, field: str, value: str
) -> None:
    answer = client.post("/register", data={**NEW, field: value})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert GOOD not in answer.text
    assert letters() == []


def test_sign_in_and_out(client: FlaskClient) -> None:
    person = a_person()
    assert client.get("/sign-in").status_code == 200
    assert sign_in(client, person.email.upper()) == 303
    assert is_in(client)
    assert client.get("/sign-in").status_code == 303, "whoever is in needs no door"
    assert client.post("/sign-out").status_code == 303
    assert not is_in(client)
    assert [entry.act for entry in entries_about(person)] == ["account.signed_in"]


def test_wrong_unknown_closed_and_passwordless_look_alike(client: FlaskClient) -> None:
    from consult.db import clock

    wrong, closed, without = a_person(), a_person(disabled_at=clock()), an_account()
    tries = [
        client.post("/sign-in", data={"email": email, "password": password})
        for email, password in (
            (wrong.email, OTHER),
            ("nobody@test.example", GOOD),
            (closed.email, GOOD),
            (without.email, ""),
            (without.email, GOOD),
        )
    ]
    assert {answer.status_code for answer in tries} == {422}
    # The address comes back as it was typed, and a token is signed anew every second.
    varies = re.compile(r'value="[^"]*@[^"]*"|name="csrf_token" value="[^"]*"')
    shown = {varies.sub("", answer.text) for answer in tries}
    assert len(shown) == 1


def test_an_unknown_address_costs_the_same_hash(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    person, checked = a_person(), []
    verify = passwords.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.PasswordHasher,
        "verify",
        lambda self, kept, typed: checked.append(kept.split("$")[3]) or verify(self, kept, typed),
    )
    for email in (person.email, "nobody@test.example", an_account().email):
        sign_in(client, email, OTHER)
    assert len(checked) == 3
    assert len(set(checked)) == 1, "the decoy is hashed with the same parameters"


def test_registering_a_known_address_costs_the_same_hash(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, made = a_person(), []
    hashed = passwords.hashed
    monkeypatch.setattr(passwords, "hashed", lambda *given: made.append(1) or hashed(*given))
    client.post("/register", data={**NEW, "email": person.email})
    client.post("/register", data=NEW)
    assert len(made) == 2


def test_a_hash_with_old_parameters_is_renewed(client: FlaskClient) -> None:
    person = an_account(password_hash=passwords.hashed(GOOD, 2))
    assert sign_in(client, person.email) == 303
    session.refresh(person)
    assert not passwords.is_outdated(person.password_hash or "", 1)
    assert sign_in(client, person.email) == 303


def test_an_unconfirmed_address_gets_its_link_again(client: FlaskClient, letters: Letters) -> None:
    person = a_person(email_confirmed_at=None)
    assert sign_in(client, person.email) == 303
    assert not is_in(client)
    assert client.get(path_in(letters()[0])).status_code == 200


@pytest.mark.parametrize(
    "goal",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
    ],
)
def test_next_never_leads_elsewhere(client: FlaskClient, goal: str) -> None:
    person = a_person()
    answer = client.post(
        "/sign-in", query_string={"next": goal}, data={"email": person.email, "password": GOOD}
    )
    assert answer.location == "/"


def test_next_leads_back_to_the_page_that_was_asked_for(client: FlaskClient) -> None:
    person = a_person()
    asked = client.get("/account/tokens?x=1")
    assert asked.status_code == 303
    assert 'action="/sign-in?next=/account/tokens?x%3D1"' in client.get(asked.location).text
    answer = client.post(asked.location, data={"email": person.email, "password": GOOD})
    assert answer.location == "/account/tokens?x=1"


def test_the_session_is_new_after_sign_in(client: FlaskClient) -> None:
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    assert sign_in(client, a_person().email) == 303
    with client.session_transaction() as after:
        assert "planted" not in after


def test_a_new_password_by_letter(client: FlaskClient, letters: Letters, signed_in: SignIn) -> None:
    person = a_person(email_confirmed_at=None)
    elsewhere = signed_in(person)
    assert client.get("/reset").status_code == 200
    known = client.post("/reset", data={"email": person.email}, follow_redirects=True)
    unknown = client.post("/reset", data={"email": "nobody@test.example"}, follow_redirects=True)
    assert known.text.replace(person.email, "nobody@test.example") == unknown.text
    [letter] = letters()
    link = path_in(letter)
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": OTHER}).status_code == 303
    assert is_in(client)
    assert not is_in(elsewhere), "every other session has ended"
    assert client.post(link, data={"password": GOOD}).status_code == 404, "a link works once"
    assert [each["subject"] for each in letters()][1:] == ["Your password was changed"]
    session.refresh(person)
    assert person.email_confirmed_at, "who reads the letters owns the address"


def test_links_are_for_one_purpose_one_time_and_two_hours(client: FlaskClient, letters: Letters) -> None:
    person = a_person()
    client.post("/reset", data={"email": person.email})
    link = path_in(letters()[0])
    token = link.rsplit("/", 1)[1]
    assert client.get(f"/confirm/{token}").status_code == 404
    assert client.get(f"/reset/{token[:-2]}xx").status_code == 404
    assert client.get("/reset/.").status_code == 404
    with time_machine.travel(timedelta(hours=2, minutes=1)):
        assert client.get(link).status_code == 404
    assert client.get(link).status_code == 200
    person.session_epoch += 1
    session.commit()
    assert client.get(link).status_code == 404, "signing out everywhere spends it too"


@pytest.mark.csrf
def test_forms_carry_a_token(app: Flask) -> None:
    browser = app.test_client()
    assert sign_in(browser, "a@test.example") == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token
    answer = browser.post(
        "/sign-in", data={"email": "a@test.example", "password": "x", "csrf_token": token[1]}
    )
    assert answer.status_code == 422
