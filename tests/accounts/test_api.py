"""Organisations, memberships and tokens by JSON, as `contract.md` has the routes."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts.models import Account, Organisation
from consult.db import session
from consult.vocabulary import OrganisationState, Role, Scope
from tests.accounts.conftest import Letters
from tests.factories import a_member, an_account, an_organisation, bearer

BODY = {
    "name": "Sample Institute of Migration",
    "group": "academia",
    "country": "KEN",
    "identifiers": [{"scheme": "ror", "value": "05a28rw58"}],
}


class Caller:
    """Somebody's program."""

    def __init__(self, client: FlaskClient, person: Account | None, *scopes: Scope) -> None:
        self.client, self.person = client, person
        self.headers = bearer(person, *scopes) if person else {}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers={**self.headers, **given})


@pytest.fixture
def caller(client: FlaskClient) -> Any:
    return lambda person=None, *scopes: Caller(client, person, *scopes)


def test_the_whole_way_from_registering_to_speaking(caller: Any, letters: Letters) -> None:
    focal, member, officer = (
        caller(an_account()),
        caller(an_account()),
        caller(an_account(role=Role.SECRETARIAT)),
    )
    created = focal("POST", "/organisations", BODY)
    assert created.status_code == 201
    assert created.json == {
        "id": created.json["id"],
        "name": BODY["name"],
        "acronym": "",
        "group": "academia",
        "country": "KEN",
        "region": "ECA",
        "accreditation": "none",
        "ecosoc_status": None,
        "website": "",
        "identifiers": [{"scheme": "ror", "value": "https://ror.org/05a28rw58"}],
        "state": "pending",
        "state_reason": "",
        "similar": [],
    }
    path = f"/organisations/{created.json['id']}"
    assert created.headers["Location"] == f"/api/v1{path}"
    assert member("GET", path).status_code == 404, "pending: nobody else's business"
    assert focal("POST", f"{path}/confirmation").status_code == 403
    confirmed = officer("POST", f"{path}/confirmation")
    assert (confirmed.status_code, confirmed.json["state"]) == (200, "confirmed")
    assert officer("POST", f"{path}/confirmation", {}).status_code == 409
    asked = member("POST", f"{path}/members", {})
    assert asked.status_code == 201
    assert asked.json["state"] == "requested"
    assert asked.json["user"] == member.person.id
    assert member("GET", "/me").json["organisations"][0]["membership"] == "requested"
    approval = f"{path}/members/{member.person.id}/approval"
    assert member("POST", approval).status_code == 403
    approved = focal("POST", approval)
    assert (approved.status_code, approved.json["state"]) == (200, "approved")
    [first, second] = focal("GET", f"{path}/members").json["items"]
    assert [first["user"], second["user"]] == [focal.person.id, member.person.id]
    assert first["focal_point"] is True
    assert second["email"] == member.person.email
    assert member("GET", f"{path}/members").status_code == 403
    subjects = [letter["subject"] for letter in letters()]
    assert subjects == [
        f"{BODY['name']} is confirmed",
        f"Somebody asks to join {BODY['name']}",
        f"You are a member of {BODY['name']}",
    ]


def test_declining_needs_a_reason_that_its_people_read(caller: Any) -> None:
    body = an_organisation(OrganisationState.PENDING)
    focal, officer = caller(a_member(body, focal=True)), caller(an_account(role=Role.SECRETARIAT))
    path = f"/organisations/{body.id}"
    without = officer("POST", f"{path}/confirmation", {"verdict": "decline"})
    assert (without.status_code, list(without.json["errors"])) == (422, ["reason"])
    given = {"verdict": "decline", "reason": "Not to be verified."}
    assert officer("POST", f"{path}/confirmation", given).json["state"] == "declined"
    assert focal("GET", path).json["state_reason"] == "Not to be verified."
    assert officer("POST", f"{path}/confirmation", {"verdict": "perhaps"}).status_code == 422
    assert officer("POST", f"{path}/confirmation", {"verdict": "confirm"}).json["state"] == "confirmed"
    assert "state_reason" not in caller()("GET", path).json


def test_a_request_is_declined(caller: Any) -> None:
    body = an_organisation()
    focal, member = caller(a_member(body, focal=True)), caller(an_account())
    path = f"/organisations/{body.id}/members"
    member("POST", path)
    approval = f"{path}/{member.person.id}/approval"
    assert focal("POST", approval, {"approved": False}).status_code == 422
    assert focal("POST", approval, {"approved": "no"}).status_code == 422
    declined = focal("POST", approval, {"approved": False, "reason": "Not one of us."})
    assert (declined.json["state"], declined.json["state_reason"]) == ("declined", "Not one of us.")
    assert focal("POST", approval).status_code == 404, "nothing waits any more"


def test_focal_points_and_leaving(caller: Any) -> None:
    body = an_organisation()
    focal, member = caller(a_member(body, focal=True)), caller(a_member(body))
    path = f"/organisations/{body.id}/members"
    assert focal("DELETE", f"{path}/{focal.person.id}").status_code == 409
    assert focal("PUT", f"{path}/{member.person.id}/focal-point").json["focal_point"] is True
    assert member("DELETE", f"{path}/{focal.person.id}/focal-point").json["focal_point"] is False
    assert focal("DELETE", f"{path}/{focal.person.id}").status_code == 204
    assert focal("GET", "/me").json["organisations"] == []


def test_the_same_key_registers_once(caller: Any) -> None:
    person = caller(an_account())
    first = person("POST", "/organisations", BODY, Idempotency_Key="k1")
    again = person("POST", "/organisations", BODY, Idempotency_Key="k1")
    assert again.json == first.json
    assert (
        person("POST", "/organisations", {**BODY, "name": "Other"}, Idempotency_Key="k1").status_code == 422
    )


def test_look_alikes_are_named_and_not_refused(caller: Any) -> None:
    known = an_organisation(name="The Institute for Migration (Sample)", country="UGA")
    created = caller(an_account())("POST", "/organisations", BODY)
    assert created.status_code == 201
    assert created.json["similar"] == [{"id": known.id, "name": known.name, "country": "UGA"}]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": 3}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"group": "ngo"}, "group"),
        ({"country": "CHEESE"}, "country"),
        ({"country": "XXX"}, "country"),
        ({"identifiers": [{"scheme": "lei", "value": "1"}]}, "identifiers.0.value"),
        ({"identifiers": [{"scheme": "duns", "value": "1"}]}, "identifiers.0.scheme"),
        ({"identifiers": [{"scheme": "national", "value": "1"}] * 2}, "identifiers"),
        ({"identifiers": {"ror": "1"}}, "identifiers"),
        ({"ecosoc_status": "roster"}, "ecosoc_status"),
        ({"website": "ftp://x.example"}, "website"),
        ({"state": "confirmed"}, "state"),
        ({"region": "ECE"}, "region"),
    ],
)
def test_each_mistake_is_named(caller: Any, change: dict[str, Any], field: str) -> None:
    answer = caller(an_account())("POST", "/organisations", {**BODY, **change})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_a_lost_race_reads_like_a_friendly_check(caller: Any) -> None:
    person = caller(an_account())
    assert person("POST", "/organisations", BODY).status_code == 201
    taken = person("POST", "/organisations", BODY)
    assert (taken.status_code, list(taken.json["errors"])) == (422, ["name"])
    taken = person("POST", "/organisations", {**BODY, "name": "Quite Another"})
    assert (taken.status_code, list(taken.json["errors"])) == (422, ["identifiers"])


def test_edits_are_guarded(caller: Any) -> None:
    body = an_organisation(OrganisationState.PENDING, name="Sample Body")
    focal, path = caller(a_member(body, focal=True)), f"/organisations/{body.id}"
    tag = focal("GET", path).headers["ETag"]
    assert focal("GET", path, If_None_Match=tag).status_code == 304
    changed = focal("PATCH", path, {"country": "FRA", "accreditation": "ecosoc"}, If_Match=tag)
    assert (changed.status_code, changed.json["region"], changed.json["name"]) == (200, "ECE", "Sample Body")
    assert focal("PATCH", path, {"acronym": "X"}, If_Match=tag).status_code == 412
    tag = changed.headers["ETag"]
    status = focal("PATCH", path, {"ecosoc_status": "special"}, If_Match=tag)
    assert status.json["ecosoc_status"] == "special"
    assert focal("PATCH", path, {"accreditation": "none"}).json["ecosoc_status"] is None
    assert focal("PATCH", path, {"nonsense": 1}).status_code == 422
    assert caller(an_account())("PATCH", path, {"acronym": "X"}).status_code == 404
    body.state = OrganisationState.CONFIRMED
    session.commit()
    assert focal("PATCH", path, {"name": "United Nations"}).status_code == 403
    assert focal("PATCH", path, {"name": "Sample Body", "acronym": "SB"}).status_code == 200
    assert caller(an_account())("PATCH", path, {"acronym": "X"}).status_code == 403


def test_listed_in_pages(caller: Any) -> None:
    names = ["alpha sample", "Beta Sample", "Émile Sample", "gamma sample", "Gamma Sample"]
    for number, name in enumerate(names):
        an_organisation(name=name, country=("CHE", "FRA")[number % 2])
    an_organisation(OrganisationState.PENDING, name="Hidden Sample")
    reader, seen, cursor = caller(), [], None
    while True:
        page = reader("GET", "/organisations?q=sample&limit=2" + (f"&cursor={cursor}" if cursor else ""))
        seen += [row["name"] for row in page.json["items"]]
        cursor = page.json["next"]
        assert ('rel="next"' in page.headers.get("Link", "")) == bool(cursor)
        if not cursor:
            break
    assert sorted(seen) == sorted(names)
    assert seen[:2] == ["alpha sample", "Beta Sample"]
    officer = caller(an_account(role=Role.SECRETARIAT))
    assert [row["name"] for row in officer("GET", "/organisations?state=pending").json["items"]] == [
        "Hidden Sample"
    ]


@pytest.mark.parametrize(
    "query", ["cursor=zzz", "cursor=WyJ4Il0", "cursor=Wy0xXQ", "limit=0", "state=x", "q=%00", "x=1"]
)
def test_odd_questions_are_refused(caller: Any, query: str) -> None:
    assert caller()("GET", f"/organisations?{query}").status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/organisations/{big}"),
        ("PATCH", "/organisations/{big}"),
        ("POST", "/organisations/{big}/confirmation"),
        ("POST", "/organisations/{big}/members"),
        ("POST", "/organisations/{own}/members/{big}/approval"),
        ("DELETE", "/organisations/{own}/members/{big}"),
        ("DELETE", "/tokens/{big}"),
    ],
)
def test_numbers_beyond_the_database_are_missing(caller: Any, method: str, path: str) -> None:
    body = an_organisation()
    person = caller(a_member(body, focal=True))
    assert (
        person(method, path.format(big=2**64, own=body.id), {} if method != "GET" else None).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/organisations"),
        ("GET", "/me"),
        ("GET", "/tokens"),
        ("POST", "/tokens"),
        ("DELETE", "/tokens/1"),
    ],
)
def test_who_is_nobody_is_told_so(caller: Any, method: str, path: str) -> None:
    assert caller()(method, path).status_code == 401


def test_scopes_narrow_what_a_token_does(caller: Any) -> None:
    body = an_organisation()
    focal = a_member(body, focal=True)
    reader, writer = caller(focal, Scope.READ), caller(focal, Scope.WRITE)
    assert reader("POST", "/organisations", BODY).status_code == 403
    assert reader("PATCH", f"/organisations/{body.id}", {"acronym": "X"}).status_code == 403
    assert reader("POST", "/tokens", {"name": "x", "scopes": ["read"]}).status_code == 403
    assert writer("PATCH", f"/organisations/{body.id}", {"acronym": "X"}).status_code == 200
    officer = caller(an_account(role=Role.SECRETARIAT), Scope.READ, Scope.WRITE)
    assert (
        officer(
            "POST", f"/organisations/{body.id}/confirmation", {"verdict": "decline", "reason": "x"}
        ).status_code
        == 403
    )


def test_tokens(caller: Any) -> None:
    person = an_account()
    keeper = caller(person, Scope.ADMINISTER, Scope.READ)
    assert keeper("POST", "/tokens", {"name": "x", "scopes": ["write"]}).status_code == 403, (
        "never more than itself"
    )
    past = {"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}
    assert list(keeper("POST", "/tokens", past).json["errors"]) == ["expires_at"]
    assert keeper("POST", "/tokens", {"name": "x", "scopes": []}).status_code == 422
    issued = keeper("POST", "/tokens", {"name": "reader", "scopes": ["read"]})
    assert issued.status_code == 201
    secret = issued.json["token"]
    assert secret.startswith(issued.json["prefix"])
    headers = {"Authorization": f"Bearer {secret}"}
    me = keeper.client.get("/api/v1/me", headers=headers)
    assert (me.json["id"], me.json["scopes"]) == (person.id, ["read"])
    listed = keeper("GET", "/tokens").json["items"]
    assert [row["name"] for row in listed] == ["reader", "test"]
    assert all("token" not in row for row in listed)
    assert caller(an_account())("DELETE", f"/tokens/{issued.json['id']}").status_code == 404
    assert keeper("DELETE", f"/tokens/{issued.json['id']}").status_code == 204
    assert keeper.client.get("/api/v1/me", headers=headers).status_code == 401
    assert keeper.client.get("/api/v1/organisations", headers=headers).status_code == 401, (
        "never read as the public"
    )


def test_me_by_session(app: Flask, signed_in: Any) -> None:
    body: Organisation = an_organisation(name="Sample Body")
    person = a_member(body, focal=True)
    shown = signed_in(person).get("/api/v1/me").json
    assert shown["scopes"] is None
    assert shown["role"] == "contributor"
    assert shown["organisations"] == [
        {
            "id": body.id,
            "name": "Sample Body",
            "state": "confirmed",
            "membership": "approved",
            "focal_point": True,
        }
    ]
