"""Accepted input, found: a list narrowed by words and filters, or one by its reference.

Two ways lead to a list. Walking: submissions are read from the newest on until a page is full, which is quick
when many match. Looking up: the index of words says which paragraphs match, which is quick when few do. The
planner cannot tell one case from the other for a word it keeps no statistics of, so a sample decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, literal, not_, select, true
from sqlalchemy.dialects.postgresql import TSVECTOR

from consult.accounts.models import Organisation
from consult.aggregation.shown import Input, Rows, input_from, over_inputs, shown_columns
from consult.consultations.models import Consultation, ThematicArea
from consult.db import session
from consult.errors import Invalid, Missing
from consult.i18n import gettext as _
from consult.submissions import disclosure
from consult.submissions.models import Paragraph, Submission, Version
from consult.submissions.queries import number_of
from consult.submissions.search import matching
from consult.vocabulary import Region, StakeholderGroup

# Counting stops here, or after this many submissions: a reader narrows the search long before.
MOST_COUNTED, MOST_WALKED = 1000, 3000
# Of a sample of this many submissions; where fewer hold the words, the index is asked.
SAMPLE, FREQUENT = 250, 5


@dataclass(frozen=True)
class Filters:
    """What a reader looks for; an empty value narrows nothing. `area` is a code, `objective` a number."""

    q: str = ""
    area: str | None = None
    group: StakeholderGroup | None = None
    objective: int | None = None
    region: Region | None = None
    language: str | None = None


class Count(int):
    """How many were found; not `exact` when counting stopped there."""

    exact: bool = True


def inputs(
    consultation: Consultation, filters: Filters, *, before: int | None = None, limit: int
) -> Sequence[Input]:
    """At most `limit` inputs that the public may read, the newest reference first, from the id `before` on.

    They are not ranked: ranking would read every match. Raises Invalid for an unknown area.
    """
    wanted = _narrowed(shown_columns(), consultation, filters)
    if filters.q:
        hold = _walking if is_frequent(consultation, filters.q) else _looking_up
        wanted = hold(wanted, filters.q, area_ids(consultation, filters))
    if before is not None:
        wanted = wanted.where(Submission.id < before)
    rows = session.execute(wanted.order_by(Submission.id.desc()).limit(limit)).mappings().all()
    return [input_from(row) for row in rows]


def count_of(consultation: Consultation, filters: Filters) -> Count:
    """How many inputs `inputs` would find in all, as far as counting goes."""
    wanted = _narrowed(over_inputs(Submission.id), consultation, filters)
    walked = select(literal(0))
    if filters.q and is_frequent(consultation, filters.q):
        window = _newest(consultation.id, MOST_WALKED)
        walked = select(func.count()).select_from(window)
        wanted = wanted.where(Submission.id.in_(select(window.c.id)))
        wanted = _walking(wanted, filters.q, area_ids(consultation, filters))
    elif filters.q:
        wanted = _looking_up(wanted, filters.q, area_ids(consultation, filters))
    found = select(func.count()).select_from(wanted.limit(MOST_COUNTED + 1).subquery())
    number, read = session.execute(select(found.scalar_subquery(), walked.scalar_subquery())).one()
    count = Count(min(number, MOST_COUNTED))
    count.exact = number <= MOST_COUNTED and read < MOST_WALKED
    return count


def is_frequent(consultation: Consultation, words: str) -> bool:
    """Whether the newest submissions hold the words often enough to be walked through; few are, always."""
    sample = _newest(consultation.id, SAMPLE)
    hit = _hit(sample.c.version_id, words, None)
    size, hits = session.execute(
        select(func.count(), func.count(hit.c.hit)).select_from(sample.outerjoin(hit, true()))
    ).one()
    return bool(size < SAMPLE or hits >= FREQUENT)


def input_of(consultation: Consultation, reference: str) -> Input:
    """One input by its reference. Raises Missing unless the public may read it."""
    wanted = shown_columns().where(
        Submission.consultation_id == consultation.id,
        Submission.id == number_of(reference),
        disclosure.published(),
    )
    row = session.execute(wanted).mappings().one_or_none()
    if row is None:
        raise Missing
    return input_from(row)


def openings(consultation: Consultation, area: ThematicArea, limit: int) -> Sequence[tuple[Input, int, str]]:
    """(input, paragraph number, disclosed text): how the first inputs under an area begin, by receipt."""
    first = (
        select(func.min(Paragraph.number))
        .where(Paragraph.version_id == Version.id, Paragraph.area_id == area.id)
        .correlate(Version)
        .scalar_subquery()
    )
    rows = session.execute(
        shown_columns()
        .add_columns(Paragraph.number.label("paragraph"), Paragraph.disclosed_text.label("text"))
        .join(Paragraph, and_(Paragraph.version_id == Version.id, Paragraph.number == first))
        .where(Submission.consultation_id == consultation.id, disclosure.published())
        .where(Version.areas.contains([area.id]))
        .order_by(Version.received_at, Submission.id)
        .limit(limit)
    ).mappings()
    return [(input_from(row), row["paragraph"], row["text"]) for row in rows]


def area_ids(consultation: Consultation, filters: Filters) -> list[int] | None:
    """The areas that the filters leave; None when they leave all. Raises Invalid for an unknown area."""
    if filters.area is None and filters.objective is None:
        return None
    left = [
        area
        for area in consultation.areas
        if filters.area in (None, area.code)
        and (filters.objective is None or filters.objective in area.objectives)
    ]
    if filters.area is not None and all(area.code != filters.area for area in consultation.areas):
        raise Invalid(fields={"area": [_("This consultation has no such thematic area.")]})
    return [area.id for area in left]


def found_in(words: str, *, by_index: bool = True) -> ColumnElement[bool]:
    """SQL: a paragraph holds the words; "quoted phrase", or, -without are understood.

    Without `by_index`, the paragraphs at hand are read; else the planner may ask the index anew for each.
    What is excluded is taken out first: in `matching`, which asks six languages at once, another language's
    "without" would let through what one's own keeps out.
    """
    search = Paragraph.search if by_index else func.coalesce(Paragraph.search, cast("", TSVECTOR))
    excluded = _EXCLUDED.findall(words)
    conditions = [not_(search.bool_op("@@")(matching(word))) for word in excluded]
    rest = _EXCLUDED.sub(" ", words)
    if rest.strip() or not excluded:
        conditions.append(search.bool_op("@@")(matching(rest)))
    return and_(*conditions)


_EXCLUDED = re.compile(r'(?<!\S)-("[^"]*"|[^\s"]+)')


def _narrowed(wanted: Rows, consultation: Consultation, filters: Filters) -> Rows:
    """By everything but the words."""
    wanted = wanted.where(Submission.consultation_id == consultation.id, disclosure.published())
    left = area_ids(consultation, filters)
    if left is not None:
        wanted = wanted.where(Version.areas.overlap(left))
    if filters.group is not None:
        wanted = wanted.where(Organisation.stakeholder_group == filters.group)
    if filters.region is not None:
        wanted = wanted.where(Organisation.region == filters.region)
    if filters.language is not None:
        wanted = wanted.where(Version.language == filters.language)
    return wanted


def _walking(wanted: Rows, words: str, areas: list[int] | None) -> Rows:
    """Look into each submission's paragraphs in turn; the limit inside keeps the planner to it."""
    return wanted.join(_hit(Version.id, words, areas), true())


def _looking_up(wanted: Rows, words: str, areas: list[int] | None) -> Rows:
    """Ask the index once which versions hold the words."""
    matched = select(Paragraph.version_id).where(found_in(words)).distinct()
    if areas is not None:
        matched = matched.where(Paragraph.area_id.in_(areas))
    # Materialised, or the planner may turn it into the walk that it is to replace.
    kept = matched.cte("matched").prefix_with("MATERIALIZED")
    return wanted.where(Version.id.in_(select(kept.c.version_id)))


def _hit(version_id: Any, words: str, areas: list[int] | None) -> Any:
    """A lateral row if some paragraph of the version holds the words."""
    held = found_in(words, by_index=False)
    hit = select(literal(1).label("hit")).where(Paragraph.version_id == version_id, held)
    if areas is not None:
        hit = hit.where(Paragraph.area_id.in_(areas))
    return hit.limit(1).lateral("hit")


def _newest(consultation_id: int, most: int) -> Any:
    """The ids of the newest published submissions and of their standing versions."""
    return (
        select(Submission.id, Version.id.label("version_id"))
        .join(Version, disclosure.current_version())
        .where(Submission.consultation_id == consultation_id, disclosure.published())
        .order_by(Submission.id.desc())
        .limit(most)
        .subquery("newest")
    )
