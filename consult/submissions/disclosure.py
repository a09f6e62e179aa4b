"""Who may see which words: after redactions, after the contributor's choice. Text leaves by this way only.

The readers' view of a paragraph is kept in `disclosed_text`, written here and nowhere else; pages, search,
API, exports and reports read that column, never `text`. The sealed `text` is read by the submission's own
people, by the moderator of its case, and by this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, select, type_coerce, update

from consult.accounts.models import Organisation
from consult.db import session
from consult.submissions.models import Paragraph, Redaction, Submission, Version
from consult.submissions.search import paired, vector
from consult.vocabulary import Publication, SubmissionState

# No word of any language stands for what was taken out.
MASK = "[█████]"


@dataclass(frozen=True)
class Identity:
    """Who wrote, as readers may know it: anonymous input shows its group and region only."""

    organisation: str
    organisation_id: int | None
    acronym: str
    group: str
    country: str
    region: str
    accreditation: str

    @property
    def is_hidden(self) -> bool:
        return self.organisation_id is None


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with every span (start, end in characters) replaced by MASK; touching spans are one."""
    parts: list[str] = []
    at = 0
    for start, end in _merged(spans, len(text)):
        parts += [text[at:start], MASK]
        at = end
    return "".join([*parts, text[at:]])


def _merged(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, s), min(e, length)) for s, e in spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def refresh(paragraph: Paragraph) -> None:
    """Recompute what readers see of a paragraph from its live redactions, and what search finds in it."""
    session.flush()
    spans = session.execute(
        select(Redaction.start, Redaction.end).where(
            Redaction.paragraph_id == paragraph.id, Redaction.lifted_at.is_(None)
        )
    ).all()
    paragraph.disclosed_text = masked(paragraph.text, [(start, end) for start, end in spans])
    session.flush()
    searched = session.execute(
        select(Paragraph.search.is_not(None)).where(Paragraph.id == paragraph.id)
    ).scalar_one()
    if searched:
        _fill([paragraph], paragraph.version.language)


def publish(version: Version) -> None:
    """Let search find an accepted version; restricted input is never found."""
    if version.publication == Publication.RESTRICTED:
        return
    session.flush()
    paragraphs = session.scalars(select(Paragraph).where(Paragraph.version_id == version.id)).all()
    _fill(paragraphs, version.language)


def conceal(submission: Submission) -> None:
    """Take every version of a submission out of search."""
    versions = select(Version.id).where(Version.submission_id == submission.id)
    session.execute(
        update(Paragraph)
        .where(Paragraph.version_id.in_(versions), Paragraph.search.is_not(None))
        .values(search=None)
        .execution_options(synchronize_session=False)
    )


def _fill(paragraphs: Iterable[Paragraph], language: str) -> None:
    for paragraph in paragraphs:
        session.execute(
            update(Paragraph)
            .where(Paragraph.id == paragraph.id)
            .values(search=vector(language, paired(paragraph.disclosed_text)))
            .execution_options(synchronize_session=False)
        )


def identity_of(submission: Submission) -> Identity:
    """Who wrote, as readers may know it."""
    body = submission.organisation
    hidden = submission.publication != Publication.PUBLIC
    return Identity(
        organisation="" if hidden else body.name,
        organisation_id=None if hidden else body.id,
        acronym="" if hidden else body.acronym,
        group=body.stakeholder_group,
        country="" if hidden else body.country,
        region=body.region,
        accreditation="" if hidden else body.accreditation,
    )


def published() -> ColumnElement[bool]:
    """SQL: the submission is accepted and its contributor lets the public read it."""
    return and_(
        Submission.state == SubmissionState.ACCEPTED, Submission.publication != Publication.RESTRICTED
    )


def accepted() -> ColumnElement[bool]:
    """SQL: the submission counts as input, whoever may read it."""
    return Submission.state == SubmissionState.ACCEPTED


def current_version() -> ColumnElement[bool]:
    """SQL: the version that counts."""
    return and_(Version.submission_id == Submission.id, Version.number == Submission.version)


def identity_columns() -> dict[str, ColumnElement[Any]]:
    """SQL twin of `identity_of`: named expressions over Submission joined to Organisation."""
    named = Submission.publication == Publication.PUBLIC

    def shown(column: Any, otherwise: Any) -> ColumnElement[Any]:
        return case((named, column), else_=otherwise)

    return {
        "organisation": shown(Organisation.name, literal("")),
        "organisation_id": shown(Organisation.id, None),
        "acronym": shown(Organisation.acronym, literal("")),
        "group": type_coerce(Organisation.stakeholder_group, Organisation.stakeholder_group.type),
        "country": shown(Organisation.country, literal("")),
        "region": type_coerce(Organisation.region, Organisation.region.type),
        "accreditation": shown(Organisation.accreditation, literal("")),
    }
