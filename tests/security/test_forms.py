"""Forms that other sites cannot send, sessions that end, headers on every answer, no way to elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from consult import db
from consult.accounts import passwords, staff_actions, token_actions
from consult.accounts.models import Account, ApiToken, Membership
from consult.actor import Actor
from consult.app import create_app, trusted_hosts
from consult.audit import AuditEntry
from consult.db import session
from consult.outbox import Promise
from consult.vocabulary import MembershipState, Role
from tests.security.conftest import PUBLIC, Place
from tests.security.routes import TABLE, Row
from tests.security.test_routes import address, named, sending
from tests.security.world import PASSWORD

pytestmark = pytest.mark.csrf

FORMS = [row for row in TABLE if row.method == "POST" and not row.rule.startswith("/api/")]
WRITES = [row for row in TABLE if row.method != "GET" and row.rule.startswith("/api/")]


def token_of(browser: FlaskClient, page: str = "/rules") -> str:
    """The CSRF token of this browser's session, as the forms of its pages carry it."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)
    assert found, "the page has no form"
    return found[1]


def somebody(row: Row) -> str:
    return PUBLIC if PUBLIC in row.may else min(row.may)


def written() -> tuple[int, int]:
    """How much stands on record and in the outbox: every act adds to one of them."""
    return tuple(
        session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (AuditEntry, Promise)
    )  # type: ignore[return-value]


@pytest.mark.parametrize("row", FORMS, ids=named)
def test_a_form_needs_the_token_of_its_own_session(place: Place, row: Row) -> None:
    who, path = somebody(row), address(place.app, row, place.world)
    with place.undone():
        before = written()
        browser = place.browser(who)
        own = token_of(browser, "/sign-in" if who == PUBLIC else "/rules")
        another = token_of(place.browser("passer by"))
        forged = own[:-4] + ("AAAA" if not own.endswith("AAAA") else "BBBB")
        for wrong in ({}, {"csrf_token": forged}, {"csrf_token": another}, {"csrf_token": ""}):
            assert browser.post(path, data={**sending(place, row)["data"], **wrong}).status_code == 400
        assert written() == before
        right = browser.post(path, data={**sending(place, row)["data"], "csrf_token": own})
        assert right.status_code != 400


@pytest.mark.parametrize("row", WRITES, ids=named)
def test_json_by_cookie_needs_the_token_too(place: Place, row: Row) -> None:
    who, path = min(row.may - {PUBLIC}), address(place.app, row, place.world)
    with place.undone():
        before = written()
        browser = place.browser(who)
        refused = browser.open(path, method=row.method, **sending(place, row))
        assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
        assert written() == before
        headers = {"X-CSRFToken": token_of(browser)}
        assert (
            browser.open(path, method=row.method, **sending(place, row), headers=headers).status_code != 400
        )


def test_json_by_bearer_token_needs_none(place: Place) -> None:
    headers = {"Authorization": f"Bearer {place.world.secrets['secretariat']}"}
    path = f"/api/v1/organisations/{place.world.bodies['pending']}/confirmation"
    with place.undone():
        assert place.app.test_client().post(path, json={}, headers=headers).status_code == 200


def test_a_token_beside_a_cookie_is_judged_alone(place: Place) -> None:
    """A made-up token must not switch the form's protection off and leave the cookie's rights on."""
    path = f"/api/v1/organisations/{place.world.bodies['pending']}/confirmation"
    browser = place.browser("secretariat")
    with place.undone():
        assert browser.post(path, json={}, headers={"Authorization": "Bearer made-up"}).status_code == 401
        narrow = {"Authorization": f"Bearer {place.world.secrets['secretariat read']}"}
        assert browser.post(path, json={}, headers=narrow).status_code == 403


# Sessions and tokens that begin, and end.


def enter(place: Place, browser: FlaskClient, name: str) -> TestResponse:
    person = session.get_one(Account, place.world.people[name])
    person.password_hash = passwords.hashed(PASSWORD, 1)
    email = person.email
    session.commit()
    form = {"email": email, "password": PASSWORD, "csrf_token": token_of(browser, "/sign-in")}
    return browser.post("/sign-in", data=form)


def test_a_session_begins_anew_at_sign_in(place: Place) -> None:
    browser = place.browser()
    with place.undone():
        planted = token_of(browser, "/sign-in")
        with browser.session_transaction() as held:
            held["planted"] = "by somebody else"
        assert enter(place, browser, "member").status_code == 303
        with browser.session_transaction() as held:
            assert "planted" not in held
        assert browser.post("/account", data={"csrf_token": planted}).status_code == 400
        assert browser.get("/account").status_code == 200


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def test_signing_out_everywhere_ends_every_session(place: Place) -> None:
    here, there = place.browser("member"), place.browser("member")
    with place.undone():
        assert is_in(here)
        assert is_in(there)
        here.post("/account/sign-out-everywhere", data={"csrf_token": token_of(here)})
        assert not is_in(here)
        assert not is_in(there)


def test_signing_out_ends_this_one(place: Place) -> None:
    here, there = place.browser("member"), place.browser("member")
    with place.undone():
        here.post("/sign-out", data={"csrf_token": token_of(here)})
        assert not is_in(here)
        assert is_in(there)


@pytest.mark.parametrize("ending", ["revoked_at", "expires_at"])
def test_a_revoked_or_expired_token_ends_at_once(place: Place, ending: str) -> None:
    client, headers = place.app.test_client(), {"Authorization": f"Bearer {place.world.secrets['member']}"}
    with place.undone():
        assert client.get("/api/v1/me", headers=headers).status_code == 200
        # now() is when the transaction began, and all of this module is one.
        ended = session.scalar(select(func.now() - text("interval '1 second'")))
        setattr(session.get_one(ApiToken, place.world.numbers["member token"]), ending, ended)
        session.commit()
        for path in ("/api/v1/me", "/api/v1/consultations"):
            assert client.get(path, headers=headers).status_code == 401


def test_a_closed_account_has_neither_sessions_nor_tokens(place: Place) -> None:
    browser, client = place.browser("member"), place.app.test_client()
    headers = {"Authorization": f"Bearer {place.world.secrets['member']}"}
    with place.undone():
        assert is_in(browser)
        administrator = Actor(account_id=place.world.people["administrator"], role=Role.ADMINISTRATOR)
        staff_actions.disable_account(
            actor=administrator, person=session.get_one(Account, place.world.people["member"])
        )
        session.commit()
        assert not is_in(browser)
        assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_rights_end_with_membership_and_role(place: Place) -> None:
    draft, queue = f"/submissions/{place.world.references['draft']}", "/moderation"
    member, moderator = place.browser("member"), place.browser("moderator")
    with place.undone():
        assert (member.get(draft).status_code, moderator.get(queue).status_code) == (200, 200)
        of_member = Membership.account_id == place.world.people["member"]
        session.scalars(select(Membership).where(of_member)).one().state = MembershipState.ENDED
        session.get_one(Account, place.world.people["moderator"]).role = Role.CONTRIBUTOR
        session.commit()
        assert (member.get(draft).status_code, moderator.get(queue).status_code) == (404, 403)


def test_a_token_is_shown_once_and_kept_as_a_hash(place: Place) -> None:
    with place.undone():
        person = session.get_one(Account, place.world.people["member"])
        token, secret = token_actions.new_token(person, "once", [])
        assert secret not in str(vars(token))
        page = place.browser("member").get("/account/tokens").text
        assert "once" in page
        assert secret not in page


# What every answer says to the browser.

ANSWERS = (
    ("/", 200),
    ("/nowhere", 404),
    ("/submissions", 303),
    ("/api/v1/me", 401),
    ("/api/v1/nowhere", 404),
    ("/api/v1/consultations?limit=none", 422),
    ("/static/css/consult.css", 200),
    ("/healthz", 200),
    ("/metrics", 200),
)


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_is_guarded(place: Place, path: str, status: int) -> None:
    with place.undone():
        answer = place.browser().get(path)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert ("no-store" in answer.headers["Cache-Control"]) == (not path.startswith("/static"))


def test_an_unforeseen_fault_is_guarded_and_tells_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> None:
        raise RuntimeError("what nobody may read")

    monkeypatch.setitem(place.app.view_functions, "general.rules", fault)
    monkeypatch.setattr(place.app, "testing", False)
    with place.undone():
        answer = place.browser().get("/rules")
    # The view is no longer the one that was marked open.
    assert answer.status_code in (303, 500)
    assert "what nobody may read" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_files_are_downloads(place: Place) -> None:
    path = f"/submissions/{place.world.references['draft']}/attachments/{place.world.numbers['draft file']}"
    with place.undone():
        answer = place.browser("member").get(path)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# Where an answer may send a reader.

ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "https://evil.example/",
    "https:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%09/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/./\\evil.example",
    "javascript:alert(1)",
    "/\r\nLocation: https://evil.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_leads_elsewhere(place: Place, target: str) -> None:
    with place.undone():
        browser = place.browser("member")
        signed_in = browser.get("/sign-in", query_string={"next": target})
        form = {"language": "en", "next": target, "csrf_token": token_of(browser)}
        chosen = browser.post("/language", data=form)
    for answer in (signed_in, chosen):
        assert answer.status_code == 303
        assert stays(answer.headers["Location"]), answer.headers["Location"]


def stays(location: str) -> bool:
    """Whether a browser, which drops tabs and takes a backslash for a slash, stays on this host."""
    plain = re.sub(r"[\t\r\n]", "", location).replace("\\", "/").strip()
    return urlsplit(urljoin("http://localhost/sign-in", plain)).netloc == "localhost"


def test_another_host_is_refused(place: Place) -> None:
    with place.undone():
        for path in ("/", "/api/v1/consultations"):
            answer = place.browser().get(path, headers={"Host": "evil.example"})
            assert answer.status_code == 400
            assert "evil.example" not in answer.text


def test_which_names_are_ours() -> None:
    names = ["consult.example", "10.0.0.5", "localhost", "127.0.0.1"]
    assert trusted_hosts("https://consult.example:8443", "10.0.0.5") == names
    # Listening on every address without a name: there is nothing to compare with.
    assert trusted_hosts("http://0.0.0.0:8000", "0.0.0.0") is None


@pytest.fixture
def secure(application: Flask) -> Iterator[Flask]:
    """The application behind https; the session's binding is put back afterwards."""
    bound = db.session.registry
    factory = db.session.session_factory
    kept = dict(factory.kw)  # type: ignore[attr-defined]
    config = application.extensions["consult"]
    yield create_app(replace(config, base_url="https://consult.example", demo=False))
    db.session.remove()
    db.session.configure(**{name: kept[name] for name in ("bind", "join_transaction_mode") if name in kept})
    assert db.session.registry is bound


def test_cookies_behind_https(secure: Flask) -> None:
    answer = secure.test_client().get("/sign-in", base_url="https://consult.example")
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"secure", "httponly", "path=/", "samesite=lax"}
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_cookies_on_a_laptop(place: Place) -> None:
    with place.undone():
        [cookie] = place.browser().get("/sign-in").headers.getlist("Set-Cookie")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("session=")
    assert attributes == {"httponly", "path=/", "samesite=lax"}


def test_mail_on_disk_is_shown_only_on_a_laptop(secure: Flask) -> None:
    assert secure.test_client().get("/dev/mail", base_url="https://consult.example").status_code == 404
