"""Reads agreements from their data files, once, and refuses a file that contradicts itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from consult.errors import Missing
from consult.instruments.models import Instrument
from consult.instruments.schemas import InstrumentSchema

DATA = Path(__file__).parent / "data"

# What tells the entries of each list apart.
IDENTITIES = {
    "principles": "code",
    "objectives": "number",
    "round_tables": "number",
    "thematic_sessions": "number",
    "annex_elements": "letter",
    "stakeholder_categories": "code",
    "regions": "code",
    "implementation": "code",
    "review": "code",
    "forums": "year",
    "programme": "order",
    "limits": "code",
}


class InstrumentFault(Exception):
    """A data file cannot be used; `faults` says what is wrong, each at its path in the file."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{path.name} needs mending:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


def load(path: Path) -> Instrument:
    """The agreement in one JSON file. Raises InstrumentFault naming every mistake in it."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise InstrumentFault(path, [f"cannot be read as JSON: {fault}"]) from fault
    try:
        found: Instrument = InstrumentSchema().load(raw)
    except ValidationError as fault:
        raise InstrumentFault(path, sorted(_lines(fault.messages, ""))) from fault
    faults = [*_repetitions(found), *_loose_ends(found)]
    if found.code != path.stem:
        faults.append(f"code: {found.code!r} and the file's name differ")
    if faults:
        raise InstrumentFault(path, faults)
    return found


def instruments() -> tuple[Instrument, ...]:
    """Every agreement that has a file in `data/`, in the order of their codes."""
    return tuple(_shelf().values())


def instrument(code: str) -> Instrument:
    """Raises Missing for a code that has no data file."""
    try:
        return _shelf()[code]
    except KeyError:
        raise Missing(f"No agreement has the code {code!r}.") from None


@cache
def _shelf() -> Mapping[str, Instrument]:
    return {found.code: found for found in map(load, sorted(DATA.glob("*.json")))}


def _lines(messages: Any, path: str) -> Iterator[str]:
    """`objectives[3].title: Missing data …`, from marshmallow's nested messages."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            # `value` is marshmallow's own step from a dictionary's key to what stands under it.
            step = f"[{key}]" if isinstance(key, int) else "" if key in ("value", "_schema") else f".{key}"
            yield from _lines(inner, f"{path}{step}".lstrip("."))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield f"{path or 'the file'}: {message}"


def _repetitions(found: Instrument) -> Iterator[str]:
    for name, identity in IDENTITIES.items():
        yield from _repeated(name, (getattr(entry, identity) for entry in getattr(found, name)))
    for name, terms in found.terms.items():
        yield from _repeated(f"terms.{name}", (term.code for term in terms))


def _repeated(name: str, identities: Iterable[Any]) -> Iterator[str]:
    seen: set[Any] = set()
    for position, identity in enumerate(identities):
        if identity in seen:
            yield f"{name}[{position}]: {identity!r} stands there twice"
        seen.add(identity)


def _loose_ends(found: Instrument) -> Iterator[str]:
    """Objectives that are named but do not exist, or that stand at two round tables."""
    known = {objective.number for objective in found.objectives}
    for name in ("round_tables", "thematic_sessions"):
        taken: set[int] = set()
        for position, part in enumerate(getattr(found, name)):
            for number in part.objectives:
                where = f"{name}[{position}].objectives"
                if number not in known:
                    yield f"{where}: there is no objective {number}"
                if number in taken:
                    yield f"{where}: objective {number} already stands in another"
                taken.add(number)
