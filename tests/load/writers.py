"""Organisations whose members file by the API, and what they file: two areas, four hundred words."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from typing import Any

from consult.db import session
from tests import factories as make
from tests.load.client import post

# A few hundred everyday words: paragraphs that are told as English, and differ.
WORDS = [
    "access",
    "aid",
    "border",
    "care",
    "child",
    "city",
    "claim",
    "common",
    "consular",
    "country",
    "data",
    "decent",
    "dignity",
    "document",
    "duty",
    "education",
    "employer",
    "equal",
    "family",
    "fair",
    "fee",
    "gender",
    "health",
    "housing",
    "human",
    "information",
    "integration",
    "journey",
    "labour",
    "language",
    "law",
    "local",
    "measure",
    "migrant",
    "mobility",
    "national",
    "network",
    "officer",
    "pathway",
    "permit",
    "policy",
    "port",
    "portable",
    "practice",
    "protection",
    "public",
    "recruitment",
    "region",
    "register",
    "remittance",
    "report",
    "residence",
    "return",
    "right",
    "rural",
    "safe",
    "school",
    "season",
    "service",
    "shelter",
    "skill",
    "social",
    "state",
    "status",
    "support",
    "system",
    "trade",
    "training",
    "transfer",
    "transit",
    "union",
    "visa",
    "wage",
    "woman",
    "work",
    "worker",
    "youth",
]
GLUE = ["and", "the", "of", "in", "for", "to", "with", "by", "at", "from", "that", "which", "under", "where"]
PARAGRAPHS, WORDS_EACH = 4, 50


def prose(chance: random.Random, words: int = WORDS_EACH) -> str:
    """One paragraph of so many words, never the same."""
    found = [chance.choice(WORDS if place % 2 else GLUE) for place in range(words)]
    return " ".join(found).capitalize() + "."


@cache
def _pool() -> list[str]:
    """Paragraphs made once: making them anew each time would cost as much as filing them."""
    chance = random.Random(4)
    return [prose(chance) for _each in range(400)]


@dataclass(frozen=True)
class Writer:
    """A member with a token, and the address the organisation files at."""

    organisation: int
    token: str
    path: str

    def request(self, host: str, chance: random.Random, key: str | None = None, title: str = "") -> bytes:
        """A POST that files at once; a new key each time unless one is given."""
        body = {
            "organisation": self.organisation,
            "language": "en",
            "title": title or "Fair recruitment, decent work",
            "contributions": [
                {"area": area, "text": "\n\n".join(chance.sample(_pool(), PARAGRAPHS))}
                for area in ("rt1", "rt2")
            ],
            "submit": True,
        }
        headers = {
            "Host": host,
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key or str(uuid.UUID(int=chance.getrandbits(128))),
        }
        return post(self.path, headers, json.dumps(body).encode())


def writers(count: int, **facts: Any) -> list[Writer]:
    """Members of `count` confirmed organisations, in the database that the session is bound to.

    `facts` are of the consultation. Enough of them that nobody meets the limit of requests a minute.
    """
    consultation = make.a_consultation(**facts)
    path = f"/api/v1/consultations/{consultation.slug}/submissions"
    made = []
    for _each in range(count):
        organisation = make.an_organisation()
        made.append(Writer(organisation.id, make.a_token(make.a_member(organisation, focal=True)), path))
    session.remove()
    return made


def requests(given: list[Writer], host: str, seed: int = 1) -> Iterator[bytes]:
    """Without end, each writer in turn."""
    chance = random.Random(seed)
    for writer in cycle(given):
        yield writer.request(host, chance)


def ready(given: list[Writer], host: str, count: int) -> list[bytes]:
    """`count` requests made beforehand, so that making them costs nothing while time is taken."""
    endless = requests(given, host, seed=count)
    return [next(endless) for _each in range(count)]
