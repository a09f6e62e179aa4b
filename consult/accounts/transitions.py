"""The only place where the state of an organisation or a membership changes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from consult.accounts.models import (
    MEMBERSHIP_TRANSITIONS,
    ORGANISATION_TRANSITIONS,
    Membership,
    Organisation,
)
from consult.errors import Conflict
from consult.i18n import gettext as _
from consult.wording import label

State = TypeVar("State", bound=StrEnum)


def advance_organisation(organisation: Organisation, verb: str) -> None:
    """Apply `confirm`, `decline` or `mend`. Raises Conflict when the state knows no such verb."""
    organisation.state = _after(ORGANISATION_TRANSITIONS, organisation.state, verb)


def advance_membership(membership: Membership, verb: str) -> None:
    """Apply `approve`, `decline` or `end`. Raises Conflict when the state knows no such verb."""
    membership.state = _after(MEMBERSHIP_TRANSITIONS, membership.state, verb)


def _after(table: Mapping[tuple[str, str], State], state: State, verb: str) -> State:
    after = table.get((state, verb))
    if after is None:
        raise Conflict(
            _("This is not possible in the state “%(state)s”.", state=label(state)), state=str(state)
        )
    return after
