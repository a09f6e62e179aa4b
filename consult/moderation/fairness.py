"""Which case is next: due moments and the order they give; the rule in words is in docs/moderation.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from consult.vocabulary import FindingKind

# Nobody can be asked to read sooner than this after receipt, however near the closing is.
LEAST = timedelta(days=1)

# A text with somebody's personal data in it is read this much earlier: more is to be done, more is at stake.
HEAD_START = timedelta(days=1)
RISKS = frozenset({FindingKind.EMAIL, FindingKind.TELEPHONE, FindingKind.BANK_NUMBER})


def due_at(received_at: datetime, closes_at: datetime, service_days: int) -> datetime:
    """When a case should be decided: within the service time, and while a return can still be mended.

    Before the closing, at most half of the time that is left to it may go into reading: the contributor has
    the other half. Never less than LEAST. In one consultation, what comes later is never due earlier.
    """
    service = timedelta(days=service_days)
    if received_at >= closes_at:
        return received_at + service
    half = (closes_at - received_at) / 2
    return received_at + max(min(service, half), min(LEAST, service))


def fair_at(due: datetime, findings: Iterable[FindingKind]) -> datetime:
    """The place in the queue, earliest first: the due moment, a day earlier where screening saw a risk.

    Nobody starves: a case is overtaken only by what is received within its own service time.
    """
    return due - HEAD_START if RISKS.intersection(findings) else due
