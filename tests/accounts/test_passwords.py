"""Hashing: argon2id, one spelling, renewed when parameters change, the same work for nobody."""

from __future__ import annotations

import pytest

from consult.accounts import passwords
from consult.errors import Invalid

GOOD = "four walls and a roof"


def test_round_trip_in_either_spelling() -> None:
    kept = passwords.hashed("caf\u00e9 au lait à dix", 1)
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "cafe\u0301 au lait a\u0300 dix", 1)
    assert not passwords.matches(kept, "cafe au lait a dix", 1)


def test_nobody_has_no_password() -> None:
    assert not passwords.matches(None, GOOD, 1)
    assert not passwords.matches("not a hash", GOOD, 1)


def test_the_default_cost_is_the_second_recommendation_of_rfc_9106() -> None:
    assert "m=65536,t=3,p=4" in passwords.hashed(GOOD, 3)


def test_other_parameters_are_outdated() -> None:
    kept = passwords.hashed(GOOD, 1)
    assert not passwords.is_outdated(kept, 1)
    assert passwords.is_outdated(kept, 2)
    assert passwords.matches(kept, GOOD, 2)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaaaaaa",
        "x" * 201,
        "Ada Sample-Person",
        "ada.sample@test.example",
        "ada.sample\u2024",
    ],
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.refuse_weak(
            password, email="ada.sample@test.example", name="Ada Sample-Person", field="new"
        )
    assert list(refused.value.fields) == ["new"]


def test_a_phrase_is_welcome() -> None:
    passwords.refuse_weak(GOOD, email="a@test.example", name="A")
