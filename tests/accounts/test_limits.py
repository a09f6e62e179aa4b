"""Tries are counted by caller and by address, in Redis, and in memory where Redis is away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts import passwords
from consult.app import create_app
from consult.config import Config
from consult.web.limits import limiter
from tests.factories import an_account

GOOD = "four walls and a roof"


@pytest.fixture(scope="module", params=["with Redis", "without Redis"])
def limited(request: pytest.FixtureRequest, config: Config, application: Flask) -> Iterator[Flask]:
    """A second application with limits on; nothing listens on port 1."""
    redis_url = config.redis_url if request.param == "with Redis" else "redis://127.0.0.1:1/0"
    was = vars(limiter).copy()
    yield create_app(replace(config, rate_limits=True, redis_url=redis_url))
    vars(limiter).update(was)
    limiter.enabled = False


@pytest.fixture
def browser(app: Flask, limited: Flask) -> FlaskClient:
    return limited.test_client()


def sign_in(browser: FlaskClient, email: str, password: str) -> int:
    return browser.post("/sign-in", data={"email": email, "password": password}).status_code


def test_one_address_is_tried_ten_times(browser: FlaskClient) -> None:
    person = an_account(password_hash=passwords.hashed(GOOD, 1))
    tries = [sign_in(browser, person.email.upper(), "wrong") for _try in range(10)]
    assert tries == [422] * 10
    refused = browser.post("/sign-in", data={"email": person.email, "password": GOOD})
    assert refused.status_code == 429
    assert browser.get("/sign-in").status_code == 200
    other = an_account(password_hash=passwords.hashed(GOOD, 1))
    assert sign_in(browser, other.email, GOOD) == 303, "another address is not locked out"


def test_letters_to_one_address_are_few(browser: FlaskClient) -> None:
    answers = [browser.post("/reset", data={"email": "flood@test.example"}).status_code for _try in range(6)]
    assert answers == [303] * 5 + [429]
