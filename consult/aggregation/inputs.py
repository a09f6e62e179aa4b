"""Accepted input as everybody may read it: a list narrowed by words and filters, or one by its reference."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, not_, select
from sqlalchemy.orm import aliased

from consult.accounts.models import Organisation
from consult.consultations.models import Consultation, ThematicArea
from consult.db import session
from consult.errors import Invalid, Missing
from consult.i18n import gettext as _
from consult.submissions import disclosure
from consult.submissions.models import Paragraph, Signature, Submission, Version
from consult.submissions.queries import number_of
from consult.submissions.search import matching
from consult.vocabulary import Publication, Region, StakeholderGroup

Rows = Select[*tuple[Any, ...]]

# Counting goes on no further: a reader narrows the search long before.
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Filters:
    """What a reader looks for; an empty value narrows nothing. `area` is a code, `objective` a number."""

    q: str = ""
    area: str | None = None
    group: StakeholderGroup | None = None
    objective: int | None = None
    region: Region | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Input:
    """The standing version of an accepted submission; names are empty where they may not be shown."""

    id: int
    version_id: int
    version: int
    title: str
    language: str
    publication: Publication
    received_at: datetime
    late: bool
    areas: Sequence[int]
    organisation: str
    organisation_id: int | None
    acronym: str
    group: StakeholderGroup
    country: str
    region: Region
    accreditation: str
    joint: bool
    cosignatories: Sequence[str]

    @property
    def reference(self) -> str:
        return f"S-{self.id:04d}"

    def citation(self, paragraph: int) -> str:
        """`S-0123 v2 ¶7`."""
        return f"{self.reference} v{self.version} ¶{paragraph}"


def inputs(
    consultation: Consultation, filters: Filters, *, before: int | None = None, limit: int
) -> Sequence[Input]:
    """At most `limit` inputs that the public may read, the newest reference first, from the id `before` on.

    They are not ranked: ranking would read every match. Raises Invalid for an unknown area.
    """
    wanted = _narrowed(shown_columns(), consultation, filters)
    if before is not None:
        wanted = wanted.where(Submission.id < before)
    rows = session.execute(wanted.order_by(Submission.id.desc()).limit(limit)).mappings().all()
    return [_input(row) for row in rows]


def count_of(consultation: Consultation, filters: Filters) -> int:
    """How many inputs `inputs` would find in all; counting stops at `MOST_COUNTED` + 1."""
    found = _narrowed(over_inputs(Submission.id), consultation, filters).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


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
    return _input(row)


def paragraphs_of(found: Sequence[Input]) -> Mapping[int, Sequence[Paragraph]]:
    """The paragraphs of every input by version id, in order, in one query; read only their disclosed text."""
    rows = session.scalars(
        select(Paragraph)
        .where(Paragraph.version_id.in_([one.version_id for one in found]))
        .order_by(Paragraph.version_id, Paragraph.number)
    ).all()
    by_version: dict[int, list[Paragraph]] = {one.version_id: [] for one in found}
    for row in rows:
        by_version[row.version_id].append(row)
    return by_version


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
    return [(_input(row), row["paragraph"], row["text"]) for row in rows]


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


def found_in(words: str) -> ColumnElement[bool]:
    """SQL: a paragraph holds the words; "quoted phrase", or, -without are understood.

    What is excluded is taken out first: in `matching`, which asks six languages at once, another language's
    "without" would let through what one's own keeps out.
    """
    excluded = _EXCLUDED.findall(words)
    conditions = [not_(Paragraph.search.bool_op("@@")(matching(word))) for word in excluded]
    rest = _EXCLUDED.sub(" ", words)
    if rest.strip() or not excluded:
        conditions.append(Paragraph.search.bool_op("@@")(matching(rest)))
    return and_(*conditions)


_EXCLUDED = re.compile(r'(?<!\S)-("[^"]*"|[^\s"]+)')


def shown_columns() -> Rows:
    """The columns of `Input`, over Submission, its standing version and its organisation."""
    partner = aliased(Organisation)
    signed = (
        select(partner.name)
        .join(Signature, Signature.organisation_id == partner.id)
        .where(Signature.submission_id == Submission.id, Signature.confirmed_at <= Version.received_at)
        .order_by(Signature.id)
        .correlate(Submission, Version)
    )
    named = Submission.publication == Publication.PUBLIC
    identity = disclosure.identity_columns()
    # Hidden, it is no member of its vocabulary.
    identity["accreditation"] = cast(identity["accreditation"], Text)
    return over_inputs(
        Submission.id,
        Version.id.label("version_id"),
        Version.number.label("version"),
        Version.title,
        Version.language,
        Submission.publication,
        Version.received_at,
        Version.late,
        Version.areas,
        signed.exists().label("joint"),
        func.array(signed.where(named).scalar_subquery()).label("cosignatories"),
        *(column.label(name) for name, column in identity.items()),
    )


def over_inputs(*columns: Any) -> Rows:
    """Columns over submissions, the version of each that stands, and its organisation: all of them."""
    return (
        select(*columns)
        .select_from(Submission)
        .join(Version, disclosure.current_version())
        .join(Organisation, Organisation.id == Submission.organisation_id)
    )


def _input(row: Mapping[Any, Any]) -> Input:
    return Input(**{name: row[name] for name in Input.__dataclass_fields__})


def _narrowed(wanted: Rows, consultation: Consultation, filters: Filters) -> Rows:
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
    if filters.q:
        holding = select(Paragraph.id).where(Paragraph.version_id == Version.id, found_in(filters.q))
        if left is not None:
            holding = holding.where(Paragraph.area_id.in_(left))
        wanted = wanted.where(holding.exists())
    return wanted
