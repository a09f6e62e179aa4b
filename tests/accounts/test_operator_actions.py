"""What the command line sets up: accounts, tokens, organisations."""

from __future__ import annotations

import pytest
from flask import Flask

from consult.accounts.models import Organisation
from consult.accounts.operator_actions import add_organisation, add_user, issue_token_for
from consult.accounts.queries import account_with_bodies, actor_of, token_holder
from consult.audit import entries_about
from consult.config import Config
from consult.db import session
from consult.errors import Invalid, Missing
from consult.vocabulary import OrganisationState, Role, Scope, StakeholderGroup

GOOD = "four walls and a roof"
GROUP = StakeholderGroup.TRADE_UNIONS


def test_a_user_can_sign_in_at_once(app: Flask, config: Config) -> None:
    person = add_user(
        email=" Ada@TEST.example ", name="Ada", role=Role.SECRETARIAT, password=GOOD, config=config
    )
    assert (person.email, person.role, person.is_usable) == ("Ada@test.example", Role.SECRETARIAT, True)
    answer = app.test_client().post("/sign-in", data={"email": "ada@test.example", "password": GOOD})
    assert answer.status_code == 303
    [registered, signed_in] = entries_about(person)
    assert (registered.actor_role, registered.act) == ("system", "account.registered")
    with pytest.raises(Invalid):
        add_user(email="ada@test.example", name="Ada", role=Role.AUDITOR, password=None, config=config)


@pytest.mark.parametrize(("email", "password"), [("nonsense", GOOD), ("a@test.example", "short")])
def test_mistakes_are_named(app: Flask, config: Config, email: str, password: str) -> None:
    with pytest.raises(Invalid):
        add_user(email=email, name="A", role=Role.CONTRIBUTOR, password=password, config=config)


def test_a_token_with_every_scope(app: Flask, config: Config) -> None:
    person = add_user(email="a@test.example", name="A", role=Role.AUDITOR, password=None, config=config)
    found = token_holder(issue_token_for("A@test.example"))
    assert found is not None
    assert (found.account_id, found.scopes) == (person.id, frozenset(Scope))
    with pytest.raises(Missing):
        issue_token_for("nobody@test.example")


def test_an_organisation_with_its_focal_point(app: Flask, config: Config) -> None:
    person = add_user(email="a@test.example", name="A", role=Role.CONTRIBUTOR, password=None, config=config)
    number = add_organisation(
        name="Sample Union", group=GROUP, country="che", focal_point_email=person.email, confirmed=True
    )
    body = session.get_one(Organisation, number)
    assert (body.country, body.region, body.state) == ("CHE", "ECE", OrganisationState.CONFIRMED)
    found = account_with_bodies(person.id)
    assert found is not None
    assert actor_of(found).focal_for == {number}
    waiting = add_organisation(name="Sample Union", group=GROUP, country="FRA")
    assert session.get_one(Organisation, waiting).state == OrganisationState.PENDING
    with pytest.raises(Invalid):
        add_organisation(name="X", group=GROUP, country="Atlantis")
    with pytest.raises(Invalid):
        add_organisation(name=" ", group=GROUP, country="CHE")
    with pytest.raises(Missing):
        add_organisation(name="X", group=GROUP, country="CHE", focal_point_email="nobody@test.example")
