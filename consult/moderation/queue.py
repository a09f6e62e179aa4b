"""The queue as a moderator sees it: filters, pages, and the counts beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Integer, and_, any_, cast, func, literal, not_, select, true, tuple_
from sqlalchemy.orm import selectinload

from consult.actor import Actor
from consult.consultations.models import Consultation, ThematicArea
from consult.db import session
from consult.moderation.models import Case, Decision, Finding
from consult.moderation.queries import (
    has_visible_twin,
    is_at,
    is_free,
    is_open,
    listed,
    readable_by,
    visible_to,
)
from consult.vocabulary import CaseStage, FindingKind, StakeholderGroup

# Counting to the end of a long queue tells nobody anything; beyond this a tab reads "1,000+".
COUNTED = 1000


class QueueState(StrEnum):
    """What a list of cases may be narrowed to, besides a stage."""

    TAKABLE = "takable"
    OPEN = "open"
    WAITING = "waiting"
    CLAIMED = "claimed"
    FIRST = "first"
    SECOND = "second"
    ESCALATED = "escalated"
    APPEAL = "appeal"
    DECIDED = "decided"
    CLOSED = "closed"


@dataclass(frozen=True)
class Filters:
    """What the moderator asked to see; None or False: not asked."""

    state: QueueState = QueueState.OPEN
    mine: bool = False
    overdue: bool = False
    consultation: str | None = None
    area: str | None = None
    group: StakeholderGroup | None = None
    language: str | None = None
    finding: FindingKind | None = None

    @property
    def newest_first(self) -> bool:
        """What is over is read from its end; what waits, from the fairest."""
        return self.state in (QueueState.DECIDED, QueueState.CLOSED)


def cases(
    actor: Actor, filters: Filters, limit: int, after: tuple[datetime, int] | None = None
) -> Sequence[Case]:
    """At most `limit` cases that exist for the actor, behind `after`, in a fixed number of queries."""
    moment = Case.decided_at if filters.state == QueueState.DECIDED else Case.fair_at
    place = tuple_(moment, Case.id)
    rows = listed(actor).options(selectinload(Case.findings)).where(*_asked(actor, filters)).limit(limit)
    if filters.newest_first:
        rows = rows.order_by(moment.desc(), Case.id.desc())
        beyond = place < after if after else true()
    else:
        rows = rows.order_by(moment, Case.id)
        beyond = place > after if after else true()
    return session.scalars(rows.where(beyond)).all()


def place_of(filters: Filters, case: Case) -> tuple[str, int]:
    """Where a case stands in the list, for a cursor."""
    moment = case.decided_at if filters.state == QueueState.DECIDED else case.fair_at
    assert moment is not None
    return moment.isoformat(), case.id


def counts(actor: Actor, filters: Filters) -> dict[str, int]:
    """How many cases stand behind each tab, to COUNTED + 1 at most, in one statement; other filters kept."""
    tabs = {
        "takable": replace(filters, state=QueueState.TAKABLE, mine=False),
        "mine": replace(filters, state=QueueState.CLAIMED, mine=True),
        "done": replace(filters, state=QueueState.DECIDED, mine=True, overdue=False),
        "overdue": replace(filters, state=QueueState.OPEN, mine=False, overdue=True),
        "open": replace(filters, state=QueueState.OPEN, mine=False),
        "decided": replace(filters, state=QueueState.DECIDED, mine=False, overdue=False),
    }
    row = session.execute(select(*(_capped(actor, asked).label(name) for name, asked in tabs.items()))).one()
    return dict(row._mapping)


def _capped(actor: Actor, filters: Filters) -> ColumnElement[int]:
    found = select(literal(1)).select_from(Case).where(visible_to(actor), *_asked(actor, filters))
    capped = found.limit(COUNTED + 1).subquery()
    return select(cast(func.count(), Integer)).select_from(capped).scalar_subquery()


def _asked(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    asked = [*_in_state(actor, filters.state), *narrowed(actor, filters)]
    if filters.mine and filters.newest_first:
        own = select(Decision.case_id).where(Decision.decided_by == actor.account_id)
        asked.append(Case.id.in_(own))
    elif filters.mine:
        asked += [is_open(), Case.claimed_by == actor.account_id, not_(is_free())]
    return asked


def _in_state(actor: Actor, state: QueueState) -> list[ColumnElement[bool]]:
    match state:
        case QueueState.TAKABLE:
            return [readable_by(actor), is_free()]
        case QueueState.OPEN:
            return [is_open()]
        case QueueState.WAITING:
            return [is_open(), is_free()]
        case QueueState.CLAIMED:
            # An expired claim leaves its holder's name behind; the index is over those few.
            return [is_open(), Case.claimed_by.is_not(None), not_(is_free())]
        case _:
            return [is_at(CaseStage(state))]


def narrowed(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """SQL: the filters that say which cases, not in which state; they narrow the next claim as well."""
    asked: list[ColumnElement[bool]] = []
    if filters.overdue:
        # A case's place is never later than its due moment, and the place has an index.
        asked.append(and_(is_open(), Case.fair_at < func.now(), Case.due_at < func.now()))
    if filters.consultation:
        slug = select(Consultation.id).where(Consultation.slug == filters.consultation)
        asked.append(Case.consultation_id == slug.scalar_subquery())
    if filters.area:
        asked.append(literal(filters.area) == any_(Case.areas))
    if filters.group:
        asked.append(Case.stakeholder_group == filters.group)
    if filters.language:
        asked.append(Case.language == filters.language)
    if filters.finding:
        asked.append(_has_finding(actor, filters.finding))
    return asked


def _has_finding(actor: Actor, kind: FindingKind) -> ColumnElement[bool]:
    found = select(Finding.id).where(Finding.case_id == Case.id, Finding.kind == kind).exists()
    if kind == FindingKind.DUPLICATE and actor.organisations:
        # The twin may be of the moderator's own organisation, and must not show through.
        return and_(found, has_visible_twin(actor))
    return found


def consultations_with_cases(actor: Actor) -> list[tuple[str, str]]:
    """(slug, title) of consultations that have a case which exists for the actor, the last to close first."""
    some = select(Case.id).where(Case.consultation_id == Consultation.id, visible_to(actor))
    rows = session.execute(
        select(Consultation.slug, Consultation.title)
        .where(some.exists())
        .order_by(Consultation.closes_at.desc())
        .limit(100)
    )
    return [(slug, title) for slug, title in rows]


def areas_of(slug: str | None) -> list[tuple[str, str]]:
    """(code, title) of one consultation's thematic areas; none without a consultation."""
    if slug is None:
        return []
    rows = session.execute(
        select(ThematicArea.code, ThematicArea.title)
        .join(ThematicArea.consultation)
        .where(Consultation.slug == slug)
        .order_by(ThematicArea.position)
    )
    return [(code, title) for code, title in rows]
