"""People who read cases."""

from __future__ import annotations

import pytest

from consult.accounts.models import Account
from consult.accounts.queries import account_with_bodies, actor_of
from consult.actor import Actor
from consult.vocabulary import Role
from tests import factories as make


def a_reader(role: Role = Role.MODERATOR) -> tuple[Account, Actor]:
    """A moderator's account, and the actor behind it."""
    person = make.an_account(role=role)
    return person, acting(person)


def acting(person: Account) -> Actor:
    found = account_with_bodies(person.id)
    assert found is not None
    return actor_of(found)


@pytest.fixture
def reader(app: object) -> Actor:
    return a_reader()[1]


@pytest.fixture
def senior(app: object) -> Actor:
    return a_reader(Role.SENIOR_MODERATOR)[1]


@pytest.fixture
def other_senior(app: object) -> Actor:
    return a_reader(Role.SENIOR_MODERATOR)[1]
