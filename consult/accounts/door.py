"""The pages' blueprint of accounts, and what the modules of both doors share."""

from __future__ import annotations

from flask import Blueprint, current_app, request

from consult.config import Config
from consult.errors import Invalid
from consult.web.limits import keyed_hash
from consult.web.paging import decode

blueprint = Blueprint("accounts", __name__)


def settings() -> Config:
    """The configuration of this process."""
    config: Config = current_app.extensions["consult"]
    return config


def typed_address() -> str:
    """A rate limit's key: a hash of the address typed into the form, whoever types it."""
    return "address:" + keyed_hash(request.form.get("email", "").strip().lower())


def number_in(cursor: str | None) -> int | None:
    """The row number in a cursor; None without a cursor. Raises Invalid when it is not one of ours."""
    place = decode(cursor, 1)
    if place is None:
        return None
    if not isinstance(place[0], int) or not 0 <= place[0] < 2**63:
        raise Invalid(fields={"cursor": ["This cursor is not one of ours."]})
    return place[0]
