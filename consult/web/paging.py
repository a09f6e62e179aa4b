"""Cursor pages: the last row's place, sealed against tampering, never an offset."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from consult.errors import Invalid

Item = TypeVar("Item")
MOST = 200
USUAL = 50


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A page of rows, and the cursor of the next one (None on the last)."""

    items: Sequence[Item]
    next: str | None


def encode(place: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(place)).encode()).decode().rstrip("=")


def decode(cursor: str | None, length: int) -> list[Any] | None:
    """The place in a cursor of `length` parts. Raises Invalid when it is not one of ours."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except ValueError as fault:
        raise Invalid(fields={"cursor": ["This cursor is not one of ours."]}) from fault
    if not isinstance(place, list) or len(place) != length:
        raise Invalid(fields={"cursor": ["This cursor is not one of ours."]})
    if not all(isinstance(part, int | str) and not isinstance(part, bool) for part in place):
        raise Invalid(fields={"cursor": ["This cursor is not one of ours."]})
    return place


def paged(rows: Sequence[Item], limit: int, place: Callable[[Item], Sequence[Any]]) -> Page[Item]:
    """A page from `limit + 1` fetched rows: the extra one only tells that there is more."""
    kept = rows[:limit]
    return Page(kept, encode(place(kept[-1])) if len(rows) > limit else None)
