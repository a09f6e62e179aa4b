"""An accepted submission in the form in which everybody may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import aliased

from consult.accounts.models import Organisation
from consult.db import session
from consult.submissions import disclosure
from consult.submissions.models import Paragraph, Signature, Submission, Version
from consult.vocabulary import Publication, Region, StakeholderGroup

Rows = Select[*tuple[Any, ...]]


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


def input_from(row: Mapping[Any, Any]) -> Input:
    return Input(**{name: row[name] for name in Input.__dataclass_fields__})


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
