"""One's own account by the browser: profile, password, sessions, tokens."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from consult.accounts import passwords
from consult.accounts.directory import tokens_of
from consult.audit import entries_about
from consult.db import session
from consult.vocabulary import Role, Scope
from tests.accounts.conftest import Letters
from tests.conftest import SignIn
from tests.factories import a_member, a_token, an_account, an_organisation

GOOD = "four walls and a roof"
OTHER = "three doors, one window"


def test_profile(signed_in: SignIn) -> None:
    person = a_member(an_organisation(name="Sample Body"), password_hash=passwords.hashed(GOOD, 1))
    browser = signed_in(person)
    assert "Sample Body" in browser.get("/account").text
    assert browser.post("/account", data={"name": " New  Name ", "language": "en"}).status_code == 303
    session.refresh(person)
    assert person.name == "New  Name"
    refused = browser.post("/account", data={"name": "", "language": "xx"})
    assert refused.status_code == 422
    assert 'id="e-name"' in refused.text
    assert 'id="e-language"' in refused.text


def test_password_changes_over_the_current_one_and_ends_other_sessions(
    signed_in: SignIn, letters: Letters
) -> None:
    person = an_account(password_hash=passwords.hashed(GOOD, 1))
    browser, elsewhere = signed_in(person), signed_in(person)
    wrong = browser.post("/account/password", data={"current": OTHER, "new": OTHER})
    assert wrong.status_code == 422
    assert 'id="e-current"' in wrong.text
    assert f'value="{person.name}"' in wrong.text, "the other form on the page stays filled in"
    weak = browser.post("/account/password", data={"current": GOOD, "new": "short"})
    assert 'id="e-new"' in weak.text
    assert browser.post("/account/password", data={"current": GOOD, "new": OTHER}).status_code == 303
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert [letter["subject"] for letter in letters()] == ["Your password was changed"]


def test_signing_out_everywhere(signed_in: SignIn, app: Flask) -> None:
    person = an_account()
    headers = {"Authorization": f"Bearer {a_token(person)}"}
    browser, elsewhere = signed_in(person), signed_in(person)
    assert browser.post("/account/sign-out-everywhere").status_code == 303
    assert browser.get("/account").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert app.test_client().get("/api/v1/me", headers=headers).status_code == 200, "tokens stay"
    assert [entry.act for entry in entries_about(person)] == ["account.signed_out_everywhere"]


def test_a_token_is_shown_once_and_kept_as_a_hash(signed_in: SignIn, app: Flask) -> None:
    person = an_account()
    browser = signed_in(person)
    page = browser.post("/account/tokens", data={"name": "export", "scopes": ["read", "write"], "days": "30"})
    assert page.status_code == 200
    found = re.search(r"consult_[\w-]{43}", page.text)
    assert found
    assert found[0] not in browser.get("/account/tokens").text
    [token] = tokens_of(person.id)
    assert token.token_hash not in page.text
    assert found[0].startswith(token.prefix)
    assert token.scopes == ["read", "write"]
    assert token.expires_at is not None
    assert timedelta(days=29) < token.expires_at - datetime.now(UTC) < timedelta(days=31)
    headers = {"Authorization": f"Bearer {found[0]}"}
    fresh = app.test_client()
    assert fresh.get("/api/v1/me", headers=headers).json["scopes"] == ["read", "write"]
    assert browser.post(f"/account/tokens/{token.id}/revoke").status_code == 303
    assert fresh.get("/api/v1/me", headers=headers).status_code == 401
    assert [entry.act for entry in entries_about(token)] == ["api_token.issued", "api_token.revoked"]


def test_a_token_needs_a_name_and_a_scope(signed_in: SignIn) -> None:
    page = signed_in(an_account()).post("/account/tokens", data={"name": "", "days": ""})
    assert page.status_code == 422
    assert 'id="e-name"' in page.text
    assert 'id="e-scopes"' in page.text


def test_somebody_elses_token_does_not_exist(signed_in: SignIn) -> None:
    owner = an_account()
    a_token(owner, Scope.READ)
    [token] = tokens_of(owner.id)
    assert signed_in(an_account()).post(f"/account/tokens/{token.id}/revoke").status_code == 404
    assert signed_in(an_account()).post(f"/account/tokens/{2**70}/revoke").status_code == 404


@pytest.mark.parametrize("role", Role)
def test_everybody_sees_their_account(signed_in: SignIn, role: Role) -> None:
    assert signed_in(an_account(role=role)).get("/account").status_code == 200
