"""Reads of the aggregate: the balance of a consultation, its statements, its reports."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from consult.actor import PUBLIC
from consult.aggregation.exports.counts import Counts
from consult.aggregation.inputs import found_in
from consult.aggregation.models import Report, Statement, Support
from consult.consultations.models import Consultation, ThematicArea
from consult.db import session
from consult.errors import Missing
from consult.permissions import Can, permitted
from consult.submissions import disclosure
from consult.submissions.models import Paragraph, Submission, Version
from consult.vocabulary import WAITING, ReportState, SubmissionState

# What an id can be; the database would call a larger number an error.
LARGEST = 2**63 - 1


def consultation_again(consultation_id: int) -> Consultation:
    """A consultation with its areas as this session sees it: within a snapshot, that of the snapshot."""
    return session.scalars(
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .options(selectinload(Consultation.areas))
    ).one()


def tally(consultation_id: int) -> Counts:
    """Where each filed submission stands; what was never filed is nobody's business.

    `filed` is counted by itself. Raises ValueError should a submission be missing from the others.
    """

    def standing(*states: SubmissionState) -> ColumnElement[int]:
        return func.count().filter(Submission.state.in_(states))

    row = session.execute(
        select(
            func.count(),
            standing(SubmissionState.ACCEPTED),
            standing(SubmissionState.RETURNED),
            standing(SubmissionState.REJECTED),
            standing(SubmissionState.WITHDRAWN),
            standing(*sorted(WAITING)),
        ).where(Submission.consultation_id == consultation_id, Submission.version > 0)
    ).one()
    return Counts(*row).balanced()


# Paragraphs as sources of statements


def sealed(paragraph: Paragraph) -> str:
    """The fingerprint of what readers see of a paragraph now."""
    return hashlib.sha256(paragraph.disclosed_text.encode()).hexdigest()


def is_citable(paragraph: Paragraph) -> bool:
    """Whether everybody may read it, in the version that counts; the twin of `citable`."""
    submission = paragraph.version.submission
    return paragraph.version.number == submission.version and permitted(
        PUBLIC, Can.READ_PUBLISHED, submission
    )


def is_sound(support: Support) -> bool:
    """Whether a paragraph still says in public, in the version that counts, what it said when cited."""
    return is_citable(support.paragraph) and sealed(support.paragraph) == support.disclosed_sha256


def citable(consultation_id: int, ids: Collection[int]) -> Sequence[Paragraph]:
    """Those of these paragraphs that may be cited: of the standing version of published input, in order."""
    return session.scalars(
        _paragraphs(consultation_id)
        .where(Paragraph.id.in_(ids))
        .order_by(Version.submission_id, Paragraph.number)
    ).all()


def citable_under(
    area: ThematicArea, *, words: str = "", after: int | None = None, limit: int
) -> Sequence[Paragraph]:
    """At most `limit` citable paragraphs of an area, with those who wrote them; the oldest filed first."""
    wanted = _paragraphs(area.consultation_id).where(Paragraph.area_id == area.id)
    if words:
        wanted = wanted.where(found_in(words))
    if after is not None:
        wanted = wanted.where(Paragraph.id > after)
    return session.scalars(wanted.order_by(Paragraph.id).limit(limit)).all()


def _paragraphs(consultation_id: int) -> Select[Paragraph]:
    return (
        select(Paragraph)
        .join(Version, Version.id == Paragraph.version_id)
        .join(Submission, disclosure.current_version())
        .where(Submission.consultation_id == consultation_id, disclosure.published())
        .options(
            joinedload(Paragraph.version)
            .defer(Version.canonical)
            .joinedload(Version.submission)
            .joinedload(Submission.organisation)
        )
    )


# Statements


def _whole_statements() -> Select[Statement]:
    return select(Statement).options(
        selectinload(Statement.supports)
        .joinedload(Support.paragraph)
        .joinedload(Paragraph.version)
        .defer(Version.canonical)
        .joinedload(Version.submission)
        .joinedload(Submission.organisation)
    )


def statements(consultation: Consultation) -> Mapping[int, Sequence[Statement]]:
    """Every statement with its paragraphs and their authors by area id, in order; three queries in all."""
    found = session.scalars(
        _whole_statements()
        .where(Statement.consultation_id == consultation.id)
        .order_by(Statement.position, Statement.id)
    ).all()
    by_area: dict[int, list[Statement]] = defaultdict(list)
    for one in found:
        by_area[one.area_id].append(one)
    return by_area


def holds(one: Statement) -> bool:
    """Whether all that carries a statement still says in public what it said when the statement was written.

    A redaction made after a paraphrase may hide the very words that it repeats: what does not hold stays out
    of every report until it is written anew.
    """
    return bool(one.supports) and all(map(is_sound, one.supports))


def statement(consultation: Consultation, statement_id: int, *, lock: bool = False) -> Statement:
    """One statement of a consultation; `lock` holds its row until the commit. Raises Missing."""
    wanted = _whole_statements().where(
        Statement.id == statement_id, Statement.consultation_id == consultation.id
    )
    if lock:
        wanted = wanted.with_for_update(of=Statement).execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none() if statement_id <= LARGEST else None
    if found is None:
        raise Missing
    return found


# Reports


def report(report_id: int) -> Report:
    """One report with its consultation and files. Raises Missing."""
    wanted = (
        select(Report)
        .where(Report.id == report_id)
        .options(joinedload(Report.consultation), selectinload(Report.files))
    )
    found = session.scalars(wanted).one_or_none() if report_id <= LARGEST else None
    if found is None:
        raise Missing
    return found


def reports(consultation: Consultation, limit: int, before: int | None = None) -> Sequence[Report]:
    """At most `limit` reports of a consultation, the newest first, from the id `before` on."""
    wanted = (
        select(Report)
        .where(Report.consultation_id == consultation.id)
        .options(joinedload(Report.consultation), selectinload(Report.files))
    )
    if before is not None:
        wanted = wanted.where(Report.id < before)
    return session.scalars(wanted.order_by(Report.id.desc()).limit(limit)).all()


def running_report(consultation: Consultation) -> Report | None:
    """The report of a consultation that waits to be built or is being built."""
    return session.scalars(
        select(Report).where(
            Report.consultation_id == consultation.id,
            Report.state.in_((ReportState.QUEUED, ReportState.BUILDING)),
        )
    ).one_or_none()
