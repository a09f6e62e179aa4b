"""Short names for organisations in a summary: their acronym, or one made from the name; each used once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

# Kept for joint submissions: JS1, JS2 …
_JOINT = re.compile(r"JS\d*", re.IGNORECASE)
_LONGEST = 12
# Words that an acronym leaves out, in the languages of the Latin script.
_SMALL = (
    " a an and at by d de del des di do dos du e el en et for für in l la las le les los of on para por pour "
    "sur the to und van von y "
)


class Named(NamedTuple):
    """An organisation, and what it calls itself for short ('' if nothing)."""

    id: int
    name: str
    acronym: str


def abbreviations(bodies: Iterable[Named]) -> Mapping[int, str]:
    """By organisation id, in the order given; who comes second with the same letters gets a number."""
    taken: set[str] = set()
    short: dict[int, str] = {}
    for body in bodies:
        if body.id in short:
            continue
        wanted = _wanted(body)
        number, found = 1, wanted
        while found.casefold() in taken or _JOINT.fullmatch(found):
            number += 1
            found = f"{wanted}-{number}"
        taken.add(found.casefold())
        short[body.id] = found
    return short


def _wanted(body: Named) -> str:
    acronym = " ".join(body.acronym.split())
    return acronym if 0 < len(acronym) <= 2 * _LONGEST else made_from(body.name)


def made_from(name: str) -> str:
    """`Sample Union of Ports` gives `SUP`; a name that cannot be taken apart by its blanks stays whole."""
    words = [word for word in re.findall(r"[^\W_]+", name) if f" {word.casefold()} " not in _SMALL]
    initials = "".join(word[0].upper() for word in words)
    # Only scripts with capital letters have acronyms; Arabic and Chinese names are shortened by nobody.
    if len(initials) > 1 and all(letter.isupper() or letter.isdigit() for letter in initials):
        return initials[:_LONGEST]
    whole = " ".join(name.split())
    return whole if len(whole) <= 2 * _LONGEST else whole[: 2 * _LONGEST].rstrip() + "…"
