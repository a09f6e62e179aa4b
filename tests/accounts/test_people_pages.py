"""The administrator's door to people: found, promoted, closed; nobody else passes."""

from __future__ import annotations

import pytest
from flask import Flask

from consult.accounts.models import Account
from consult.audit import entries_about
from consult.db import session
from consult.vocabulary import Role
from tests.accounts.conftest import Letters
from tests.conftest import SignIn
from tests.factories import a_member, an_account, an_organisation, bearer


@pytest.fixture
def administrator(app: Flask) -> Account:
    return an_account(role=Role.ADMINISTRATOR, name="Admin Sample")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_passes(signed_in: SignIn, role: Role) -> None:
    browser, other = signed_in(an_account(role=role)), an_account()
    assert browser.get("/people").status_code == 403
    assert browser.get(f"/people/{other.id}").status_code == 403
    for act in ("role", "closing", "opening"):
        assert browser.post(f"/people/{other.id}/{act}", data={"role": "secretariat"}).status_code == 403
    assert other.role == Role.CONTRIBUTOR


def test_found_by_part_of_the_address_and_paged(signed_in: SignIn, administrator: Account) -> None:
    person = an_account(email="100%_sure@test.example")
    for number in range(60):
        session.add(Account(email=f"crowd{number}@test.example", name="Crowd", role=Role.CONTRIBUTOR))
    session.commit()
    browser = signed_in(administrator)
    page = browser.get("/people?q=0%25_s").text
    assert person.email in page
    assert administrator.email not in page
    first = browser.get("/people?q=crowd").text
    assert first.count("@test.example</bdi>") == 50
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(following).text.count("@test.example</bdi>") == 10
    assert browser.get("/people?q=nobody+at+all").status_code == 200
    assert browser.get("/people?cursor=forged").status_code == 422


def test_a_role_is_granted_and_counts_at_once(
    signed_in: SignIn, administrator: Account, letters: Letters
) -> None:
    person = an_account()
    browser, theirs = signed_in(administrator), signed_in(person)
    assert theirs.get("/people").status_code == 403
    assert browser.post(f"/people/{person.id}/role", data={"role": "administrator"}).status_code == 303
    assert theirs.get("/people").status_code == 200
    [entry] = entries_about(person)
    assert entry.detail == {"before": "contributor", "after": "administrator"}
    assert "Administrator" in letters()[0]["body"]
    assert browser.post(f"/people/{person.id}/role", data={"role": "emperor"}).status_code == 422


def test_nobody_changes_their_own_role_or_closes_themselves(
    signed_in: SignIn, administrator: Account
) -> None:
    browser = signed_in(administrator)
    assert browser.post(f"/people/{administrator.id}/role", data={"role": "contributor"}).status_code == 409
    assert browser.post(f"/people/{administrator.id}/closing").status_code == 409
    assert browser.get("/people").status_code == 200


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SENIOR_MODERATOR, Role.AUDITOR])
def test_who_judges_speaks_for_no_body(signed_in: SignIn, administrator: Account, role: Role) -> None:
    body = an_organisation(name="Sample Tied Body")
    focal, member = a_member(body, focal=True), a_member(body)
    browser = signed_in(administrator)
    refused = browser.post(f"/people/{focal.id}/role", data={"role": role})
    assert refused.status_code == 409
    assert "Sample Tied Body" in refused.text
    # A plain membership stays: it is what recusal goes by.
    assert browser.post(f"/people/{member.id}/role", data={"role": role}).status_code == 303
    assert signed_in(member).post(f"/organisations/{an_organisation().id}/members").status_code == 403


def test_closing_ends_sessions_and_tokens(
    signed_in: SignIn, administrator: Account, app: Flask, letters: Letters
) -> None:
    person = an_account()
    headers, theirs, browser = bearer(person), signed_in(person), signed_in(administrator)
    assert browser.post(f"/people/{person.id}/closing").status_code == 303
    assert theirs.get("/account").status_code == 303
    assert app.test_client().get("/api/v1/me", headers=headers).status_code == 401
    assert "Closed" in browser.get(f"/people/{person.id}").text
    assert browser.post(f"/people/{person.id}/opening").status_code == 303
    assert app.test_client().get("/api/v1/me", headers=headers).status_code == 401, "tokens stay ended"
    assert [entry.act for entry in entries_about(person)] == ["account.disabled", "account.enabled"]
    assert [letter["subject"] for letter in letters()] == ["Your account was closed"]
    assert browser.get(f"/people/{2**70}").status_code == 404
