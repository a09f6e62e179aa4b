"""The secretariat, and where its reports are kept."""

from __future__ import annotations

import pytest

from consult.accounts.models import Account
from consult.actor import Actor
from consult.config import Config
from consult.storage import Storage
from consult.vocabulary import Role
from tests import factories as make


@pytest.fixture
def officer(app: object) -> Account:
    return make.an_account(role=Role.SECRETARIAT)


@pytest.fixture
def secretariat(officer: Account) -> Actor:
    return Actor(account_id=officer.id, role=Role.SECRETARIAT)


@pytest.fixture
def storage(config: Config) -> Storage:
    return Storage(config.storage_url)
