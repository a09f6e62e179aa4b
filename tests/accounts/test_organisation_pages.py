"""Organisations by the browser: registered, found, mended, confirmed, declined."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Membership, Organisation
from consult.audit import entries_about
from consult.db import session
from consult.vocabulary import MembershipState, OrganisationState, Role
from tests.accounts.conftest import Letters
from tests.conftest import SignIn
from tests.factories import a_member, an_account, an_organisation, join

FORM = {
    "name": "Sample Institute of Migration",
    "acronym": "SIM",
    "website": "www.sim-sample.example",
    "group": "academia",
    "country": "KEN",
    "accreditation": "none",
    "ecosoc_status": "",
    "icso": "",
    "ror": "05a28rw58",
    "lei": "",
    "national": "",
}


def newest() -> Organisation:
    return session.scalars(select(Organisation).order_by(Organisation.id.desc())).first()


def test_registered_by_its_first_focal_point(signed_in: SignIn) -> None:
    person = an_account()
    browser = signed_in(person)
    assert browser.get("/organisations/new").status_code == 200
    answer = browser.post("/organisations/new", data=FORM)
    body = newest()
    assert (answer.status_code, answer.location) == (303, f"/organisations/{body.id}")
    assert (body.state, body.region, body.website) == ("pending", "ECA", "https://www.sim-sample.example")
    assert [number.value for number in body.identifiers] == ["https://ror.org/05a28rw58"]
    [place] = session.scalars(select(Membership).where(Membership.organisation_id == body.id))
    assert (place.account_id, place.state, place.is_focal_point) == (person.id, "approved", True)
    page = browser.get(answer.location).text
    assert "Kenya" in page
    assert "Academia" in page
    assert "Waiting for confirmation" in page
    assert FORM["name"] in browser.get("/organisations").text
    assert signed_in(an_account()).get(answer.location).status_code == 404, "pending: nobody else's business"
    assert [entry.act for entry in entries_about(body)] == ["organisation.registered"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("group", ""),
        ("group", "nonsense"),
        ("country", "XYZ"),
        ("website", "javascript:alert(1)"),
        ("website", "https://user:secret@sample.example"),
        ("ecosoc_status", "general"),
        ("icso", "12a"),
        ("ror", "05a28rw59"),
        ("lei", "5493"),
        ("national", "x" * 61),
        ("acronym", "a\0b"),
    ],
)
def test_mistakes_come_back_beside_their_field(signed_in: SignIn, field: str, value: str) -> None:
    answer = signed_in(an_account()).post("/organisations/new", data={**FORM, field: value})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert 'value="www.sim-sample.example"' in answer.text or field == "website", "the form stays filled in"
    assert newest() is None


def test_one_name_in_one_country_unless_declined(signed_in: SignIn) -> None:
    browser = signed_in(an_account())
    taken = an_organisation(name=FORM["name"].upper(), country="KEN")
    refused = browser.post("/organisations/new", data={**FORM, "another": "1"})
    assert refused.status_code == 422
    assert 'id="e-name"' in refused.text
    taken.state = OrganisationState.DECLINED
    session.commit()
    assert browser.post("/organisations/new", data=FORM).status_code == 303


def test_one_number_for_one_body(signed_in: SignIn) -> None:
    assert signed_in(an_account()).post("/organisations/new", data=FORM).status_code == 303
    again = {**FORM, "name": "Quite Another", "website": ""}
    refused = signed_in(an_account()).post("/organisations/new", data=again)
    assert refused.status_code == 422
    assert "registered with this number" in refused.text


def test_look_alikes_are_shown_once_and_softly(signed_in: SignIn) -> None:
    known = an_organisation(name="Institute for Migration, Sample", country="UGA")
    hidden = an_organisation(OrganisationState.PENDING, name="Migration Institute Sample", country="RWA")
    browser = signed_in(an_account())
    asked = browser.post("/organisations/new", data=FORM)
    assert asked.status_code == 422
    assert known.name in asked.text
    assert hidden.name not in asked.text
    assert browser.post("/organisations/new", data={**FORM, "another": "1"}).status_code == 303
    secretariat = signed_in(an_account(role=Role.SECRETARIAT))
    page = secretariat.get(f"/organisations/{newest().id}").text
    assert known.name in page
    assert hidden.name in page


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.SENIOR_MODERATOR, Role.AUDITOR])
def test_judges_register_nothing(signed_in: SignIn, role: Role) -> None:
    browser = signed_in(an_account(role=role))
    assert browser.get("/organisations/new").status_code == 403
    assert browser.post("/organisations/new", data=FORM).status_code == 403


def test_confirmed_with_a_letter(signed_in: SignIn, letters: Letters) -> None:
    body = an_organisation(OrganisationState.PENDING, name="Sample Waiting Body")
    focal, member = a_member(body, focal=True, email="focal@test.example"), a_member(body)
    secretariat = signed_in(an_account(role=Role.SECRETARIAT))
    assert body.name in secretariat.get("/organisations").text, "what waits is shown first"
    url = f"/organisations/{body.id}/confirmation"
    assert signed_in(focal).post(url, data={"verdict": "confirm"}).status_code == 403
    assert secretariat.post(url, data={"verdict": "confirm", "reason": "Statutes seen."}).status_code == 303
    assert body.state == OrganisationState.CONFIRMED
    assert [(letter["to"], letter["subject"]) for letter in letters()] == [
        (focal.email, "Sample Waiting Body is confirmed")
    ]
    assert "Statutes seen." in letters()[0]["body"]
    assert secretariat.post(url, data={"verdict": "confirm"}).status_code == 409, "once"
    assert signed_in(an_account()).get(f"/organisations/{body.id}").status_code == 200
    [entry] = entries_about(body)
    assert (entry.act, entry.detail) == ("organisation.confirmed", {"before": "pending"})
    assert signed_in(member).get(f"/organisations/{body.id}").status_code == 200


def test_declined_with_a_reason_and_mended(signed_in: SignIn, letters: Letters) -> None:
    focal = an_account()
    theirs = signed_in(focal)
    theirs.post("/organisations/new", data=FORM)
    body = newest()
    secretariat = signed_in(an_account(role=Role.SECRETARIAT))
    url = f"/organisations/{body.id}/confirmation"
    without = secretariat.post(url, data={"verdict": "decline", "reason": " "})
    assert without.status_code == 422
    assert 'id="e-reason"' in without.text
    given = {"verdict": "decline", "reason": "The number is\nanother body's."}
    assert secretariat.post(url, data=given).status_code == 303
    assert "another body's." in letters()[0]["body"]
    assert "another body&#39;s." in theirs.get(f"/organisations/{body.id}").text
    assert theirs.post(f"/organisations/{body.id}/members").status_code == 409
    # Its number is free for the real one; its people may mend the entry.
    real = signed_in(an_account())
    assert real.post("/organisations/new", data={**FORM, "name": "The Real One"}).status_code == 303
    form = {**FORM, "revision": str(body.revision), "ror": "", "icso": "635021"}
    clash = theirs.post(f"/organisations/{body.id}/edit", data={**form, "ror": FORM["ror"]})
    assert clash.status_code == 422
    assert theirs.post(f"/organisations/{body.id}/edit", data=form).status_code == 303
    session.refresh(body)
    assert body.state == OrganisationState.PENDING
    assert [(number.value, number.is_live) for number in body.identifiers] == [("635021", True)]


def test_what_is_verified_is_the_secretariats_to_change(signed_in: SignIn) -> None:
    body = an_organisation(name="Sample Body", acronym="SB")
    focal = a_member(body, focal=True)
    url = f"/organisations/{body.id}/edit"
    theirs, secretariat = signed_in(focal), signed_in(an_account(role=Role.SECRETARIAT))
    page = theirs.get(url).text
    assert 'name="acronym"' in page
    assert 'name="name"' not in page
    changes = {"revision": "1", "acronym": "SBO", "website": ""}
    assert theirs.post(url, data={**changes, "name": "United Nations"}).status_code == 403
    assert theirs.post(url, data=changes).status_code == 303
    assert theirs.post(url, data=changes).status_code == 412, "somebody changed it after the form was opened"
    session.refresh(body)
    assert (body.name, body.acronym, body.revision) == ("Sample Body", "SBO", 2)
    everything = {**FORM, "revision": "2", "name": "Sample Body Renamed"}
    assert secretariat.post(url, data=everything).status_code == 303
    session.refresh(body)
    assert (body.name, body.region, body.state) == ("Sample Body Renamed", "ECA", "confirmed")
    assert signed_in(a_member(body)).get(url).status_code == 403
    assert signed_in(an_account()).get(url).status_code == 403


def test_the_secretariat_filters_by_state(signed_in: SignIn) -> None:
    names = {state: an_organisation(state, name=f"Sample {state}").name for state in OrganisationState}
    secretariat = signed_in(an_account(role=Role.SECRETARIAT))
    for asked, shown in (("", ["pending"]), ("?state=declined", ["declined"]), ("?state=all", list(names))):
        page = secretariat.get(f"/organisations{asked}").text
        assert [state for state in names if f">{names[state]}<" in page] == sorted(
            shown, key=list(names).index
        )
    # Others find what is confirmed, whatever they ask for.
    page = signed_in(an_account()).get("/organisations?q=sample&state=pending").text
    assert [state for state in names if f">{names[state]}<" in page] == ["confirmed"]


def test_the_public_sees_facts_and_no_people(app: Flask) -> None:
    body = an_organisation(name="<b>Sample</b>", website="https://sample.example", state_reason="inner note")
    focal = a_member(body, focal=True, name="Hidden Person")
    page = app.test_client().get(f"/organisations/{body.id}")
    assert page.status_code == 200
    assert "&lt;b&gt;Sample&lt;/b&gt;" in page.text
    for hidden in (focal.name, focal.email, "inner note", "<form method"):
        assert hidden not in page.text
    assert app.test_client().get(f"/organisations/{2**70}").status_code == 404


@pytest.mark.parametrize("people", [1, 12])
def test_queries_do_not_grow_with_members(signed_in: SignIn, queries: Any, people: int) -> None:
    body = an_organisation()
    focal = a_member(body, focal=True)
    for _number in range(people):
        a_member(body)
        join(an_account(), body).state = MembershipState.REQUESTED
    session.commit()
    browser, page = signed_in(focal), f"/organisations/{body.id}"
    browser.get("/account")
    session.expunge_all()
    with queries() as seen:
        assert browser.get(page).status_code == 200
    # The actor; the body; its identifiers; the actor's place; the members with their accounts.
    assert len(seen) == 5, seen


@pytest.mark.parametrize("bodies", [1, 40])
def test_queries_do_not_grow_with_bodies(signed_in: SignIn, queries: Any, bodies: int) -> None:
    for _number in range(bodies):
        an_organisation(OrganisationState.PENDING)
    browser = signed_in(an_account(role=Role.SECRETARIAT))
    browser.get("/account")
    session.expunge_all()
    with queries() as seen:
        assert browser.get("/organisations").status_code == 200
    # The actor; the bodies; their identifiers; own memberships; the count of what waits.
    assert len(seen) == 5, seen
