"""The pages' blueprint of moderation, and what the modules of both doors share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request

from consult.errors import Invalid
from consult.moderation.queries import BIGGEST
from consult.moderation.queue import Filters
from consult.moderation.schemas import QueueFilters
from consult.web.forms import load
from consult.web.paging import decode

blueprint = Blueprint("moderation", __name__)

# Filters that say which cases: they stay with the moderator from case to case.
KEPT = ("consultation", "area", "group", "language", "finding")


def place_in(cursor: str | None) -> tuple[datetime, int] | None:
    """The place that a cursor of the queue holds. Raises Invalid when it is not one of ours."""
    place = decode(cursor, 2)
    if place is None:
        return None
    try:
        moment = datetime.fromisoformat(str(place[0]))
    except ValueError as fault:
        raise Invalid(fields={"cursor": ["This cursor is not one of ours."]}) from fault
    if moment.tzinfo is None or not isinstance(place[1], int) or abs(place[1]) > BIGGEST:
        raise Invalid(fields={"cursor": ["This cursor is not one of ours."]})
    return moment, place[1]


def asked_for(*names: str) -> dict[str, Any]:
    """Those of the named parts of this page's address that are filled in."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def kept() -> dict[str, Any]:
    """The filters in this page's address, to be put into the next one's."""
    return asked_for(*KEPT)


def asked_filters(**usual: Any) -> Filters:
    """The filters in this page's address; empty fields of its form are none. Raises Invalid."""
    return Filters(**load(QueueFilters(), usual | asked_for(*QueueFilters().fields)))
