"""Who may speak for a body: nobody that it has not approved, and it always has somebody to vouch."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Account, Membership, Organisation
from consult.accounts.queries import account_with_bodies, actor_of
from consult.actor import Actor
from consult.audit import entries_about
from consult.db import session
from consult.vocabulary import MembershipState, OrganisationState, Role
from tests.accounts.conftest import Letters
from tests.conftest import SignIn
from tests.factories import a_member, an_account, an_organisation, join


@pytest.fixture
def body(app: Flask) -> Organisation:
    return an_organisation(name="Sample Body")


def actor_for(person: Account) -> Actor:
    found = account_with_bodies(person.id)
    assert found is not None
    return actor_of(found)


def place(person: Account, body: Organisation) -> Membership:
    wanted = select(Membership).where(
        Membership.account_id == person.id, Membership.organisation_id == body.id
    )
    return session.scalars(wanted.order_by(Membership.id.desc()).limit(1)).one()


def url(body: Organisation, person: Account | None = None, act: str = "") -> str:
    return f"/organisations/{body.id}/members" + (f"/{person.id}/{act}" if person else "")


def test_asking_gives_no_right_approving_does(
    signed_in: SignIn, body: Organisation, letters: Letters
) -> None:
    focal = a_member(body, focal=True, email="focal@test.example")
    person = an_account(name="Ada Sample", email="ada@test.example")
    theirs, vouching = signed_in(person), signed_in(focal)
    assert "Ask to join" in theirs.get(f"/organisations/{body.id}").text
    assert theirs.post(url(body)).status_code == 303
    assert actor_for(person).organisations == frozenset(), "an unapproved member speaks for nobody"
    assert theirs.post(url(body, person, "approval")).status_code == 403
    assert theirs.post(url(body)).status_code == 409, "once"
    assert [letter["to"] for letter in letters()] == [focal.email]
    assert "ada@test.example" in letters()[0]["body"]
    page = vouching.get(f"/organisations/{body.id}").text
    assert "ada@test.example" in page
    assert vouching.post(url(body, person, "approval")).status_code == 303
    assert actor_for(person).organisations == {body.id}
    assert actor_for(person).focal_for == frozenset()
    assert letters()[-1]["to"] == person.email
    assert vouching.post(url(body, person, "approval")).status_code == 409
    acts = [entry.act for entry in entries_about(place(person, body))]
    assert acts == ["membership.requested", "membership.approved"]
    seen = theirs.get(f"/organisations/{body.id}").text
    assert focal.name in seen
    assert focal.email not in seen, "addresses are for those who manage"


def test_declined_with_a_reason(signed_in: SignIn, body: Organisation, letters: Letters) -> None:
    focal, person = a_member(body, focal=True), an_account()
    signed_in(person).post(url(body))
    vouching = signed_in(focal)
    without = vouching.post(url(body, person, "refusal"), data={"reason": ""})
    assert without.status_code == 422
    assert f'id="e-reason-{person.id}"' in without.text
    assert vouching.post(url(body, person, "refusal"), data={"reason": "Not one of us."}).status_code == 303
    assert "Not one of us." in letters()[-1]["body"]
    assert "Not one of us." in signed_in(person).get(f"/organisations/{body.id}").text
    assert signed_in(person).post(url(body)).status_code == 303, "one may ask again"


def test_leaving_ends_every_right_at_once(signed_in: SignIn, body: Organisation) -> None:
    focal, member = a_member(body, focal=True), a_member(body)
    browser = signed_in(member)
    assert focal.name in browser.get(f"/organisations/{body.id}").text
    assert signed_in(focal).post(url(body, member, "end")).status_code == 303
    assert actor_for(member).organisations == frozenset()
    assert focal.name not in browser.get(f"/organisations/{body.id}").text
    ended = place(member, body)
    assert (ended.state, ended.is_focal_point, ended.ended_at is not None) == ("ended", False, True)


def test_a_request_can_be_taken_back(signed_in: SignIn, body: Organisation, letters: Letters) -> None:
    person = an_account()
    browser = signed_in(person)
    browser.post(url(body))
    assert browser.post(url(body, person, "end")).status_code == 303
    assert place(person, body).state == MembershipState.ENDED
    assert browser.post(url(body, person, "end")).status_code == 404


def test_the_last_focal_point_stays_while_members_remain(signed_in: SignIn, body: Organisation) -> None:
    focal, member = a_member(body, focal=True), a_member(body)
    browser = signed_in(focal)
    refused = browser.post(url(body, focal, "end"))
    assert refused.status_code == 409
    assert "make another member one first" in refused.text
    assert browser.post(url(body, focal, "release")).status_code == 409
    assert browser.post(url(body, member, "focal-point")).status_code == 303
    assert actor_for(member).focal_for == {body.id}
    assert browser.post(url(body, focal, "end")).status_code == 303
    # Alone, the last one may go.
    assert signed_in(member).post(url(body, member, "end")).status_code == 303


def test_a_closed_account_is_no_other_focal_point(signed_in: SignIn, body: Organisation) -> None:
    from consult.db import clock

    focal = a_member(body, focal=True)
    a_member(body, focal=True, disabled_at=clock())
    assert signed_in(focal).post(url(body, focal, "end")).status_code == 409


def test_a_focal_point_becomes_a_plain_member(
    signed_in: SignIn, body: Organisation, letters: Letters
) -> None:
    focal, other = a_member(body, focal=True), a_member(body)
    browser = signed_in(focal)
    browser.post(url(body, other, "focal-point"))
    assert [letter["to"] for letter in letters()] == [other.email]
    assert browser.post(url(body, other, "release")).status_code == 303
    assert actor_for(other).focal_for == frozenset()
    assert actor_for(other).organisations == {body.id}


def test_only_an_approved_member_becomes_focal_point(signed_in: SignIn, body: Organisation) -> None:
    focal, person = a_member(body, focal=True), an_account()
    signed_in(person).post(url(body))
    assert signed_in(focal).post(url(body, person, "focal-point")).status_code == 409


@pytest.mark.parametrize("act", ["approval", "refusal", "end", "focal-point", "release"])
def test_strangers_and_plain_members_manage_nobody(signed_in: SignIn, body: Organisation, act: str) -> None:
    focal, member, other_focal = (
        a_member(body, focal=True),
        a_member(body),
        a_member(an_organisation(), focal=True),
    )
    for browser in (signed_in(an_account()), signed_in(member), signed_in(other_focal)):
        assert browser.post(url(body, focal, act), data={"reason": "x"}).status_code == 403
        nobody = an_account()
        assert browser.post(url(body, nobody, act)).status_code == 403, "who belongs there is not told either"
    assert place(focal, body).is_focal_point


def test_a_hidden_body_does_not_exist(signed_in: SignIn) -> None:
    hidden = an_organisation(OrganisationState.PENDING)
    person = an_account()
    browser = signed_in(person)
    assert browser.post(url(hidden)).status_code == 404
    assert browser.post(url(hidden, person, "end")).status_code == 404


def test_the_secretariat_vouches_where_nobody_else_can(signed_in: SignIn, body: Organisation) -> None:
    person, officer = an_account(), an_account(role=Role.SECRETARIAT)
    signed_in(person).post(url(body))
    browser = signed_in(officer)
    assert browser.post(url(body, person, "approval")).status_code == 303
    assert browser.post(url(body, person, "focal-point")).status_code == 303
    assert browser.post(url(body)).status_code == 303
    assert browser.post(url(body, officer, "approval")).status_code == 403, "not one's own request"


def test_a_moderator_is_approved_nowhere(signed_in: SignIn, body: Organisation) -> None:
    focal, person = a_member(body, focal=True), an_account()
    signed_in(person).post(url(body))
    person.role = Role.MODERATOR
    session.commit()
    browser = signed_in(focal)
    assert browser.post(url(body, person, "approval")).status_code == 409
    member = a_member(body, role=Role.AUDITOR)
    assert browser.post(url(body, member, "focal-point")).status_code == 409
    assert signed_in(an_account(role=Role.MODERATOR)).post(url(body)).status_code == 403


def test_a_declined_body_gives_no_right(body: Organisation) -> None:
    focal, member = a_member(body, focal=True), a_member(body)
    body.state = OrganisationState.DECLINED
    session.commit()
    assert actor_for(member).organisations == actor_for(focal).organisations == frozenset()
    assert actor_for(focal).focal_for == {body.id}, "so that the entry can be mended"


def test_leaving_a_body_that_waits_leads_to_a_page_that_exists(signed_in: SignIn) -> None:
    waiting = an_organisation(OrganisationState.PENDING)
    person = an_account()
    join(person, waiting)
    answer = signed_in(person).post(url(waiting, person, "end"))
    assert answer.location == "/organisations"
