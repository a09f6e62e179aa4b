"""No word leaks: everybody reads everything they are given, and no sealed word stands in it."""

from __future__ import annotations

import pytest

from tests.security.canaries import TABLE, Sealed
from tests.security.conftest import PUBLIC, Place
from tests.security.crawl import addresses, answers
from tests.security.world import World


def filled(path: str, world: World) -> str:
    shelves = {**world.references, **world.numbers}
    shelves |= {f"{name} case": number for name, number in world.cases.items()}
    shelves |= {f"{name} body": number for name, number in world.bodies.items()}
    for name, value in shelves.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


@pytest.mark.parametrize("sealed", [one for one in TABLE if one.seen], ids=lambda one: one.words[0])
def test_the_words_are_there_for_those_who_may_read_them(place: Place, sealed: Sealed) -> None:
    assert sealed.seen
    who, path = sealed.seen
    with place.undone():
        answer = place.browser(who).get(filled(path, place.world))
    assert answer.status_code == 200
    missing = [word for word in sealed.words if word not in answer.text.lower()]
    assert missing == []


def leaks(who: str, path: str, text: str) -> list[str]:
    small = text.lower()
    return [
        f"{word} to {who} at {path}"
        for sealed in TABLE
        if who not in sealed.known_to and not (sealed.where and sealed.where.match(path))
        for word in sealed.words
        if word in small
    ]


@pytest.mark.parametrize(
    "who",
    [
        PUBLIC,
        "stranger",
        "member",
        "cosigner",
        "moderator",
        "another senior",
        "recused",
        "secretariat",
        "auditor",
    ],
)
def test_nobody_is_given_a_sealed_word(place: Place, who: str) -> None:
    found: list[str] = []
    for path, text in answers(place, who, addresses(place.app, place.world)):
        found += leaks(who, path, text)
    assert not found, "\n" + "\n".join(found[:60])
