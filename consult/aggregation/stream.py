"""Every accepted paragraph as a record, read with a server-side cursor: memory stays flat at any length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Subquery, Text, and_, case, cast, func, not_, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, aggregate_order_by

from consult.accounts.models import Organisation
from consult.aggregation.exports.records import InputRecord
from consult.aggregation.shown import Rows, over_inputs
from consult.consultations.models import Consultation
from consult.db import session
from consult.submissions import disclosure
from consult.submissions.models import Paragraph, Redaction, Signature, Submission, Version
from consult.vocabulary import Publication

BATCH = 2000
_NAMED = Submission.publication == Publication.PUBLIC


def records(consultation: Consultation, *, restricted: bool = False) -> Iterator[InputRecord]:
    """The disclosed paragraphs of a consultation in the order of their references.

    Restricted input is left out unless asked for; then its `publication` tells. Two cursors run side by side,
    one over submissions and one over paragraphs, so that what all paragraphs of a submission share is read
    once: within a `snapshot`, both see the same moment.
    """
    slug = consultation.slug
    places = {area.id: (slug, area.code, area.title, tuple(area.objectives)) for area in consultation.areas}
    headings = _read(_headings(consultation.id, restricted))
    make, number = InputRecord._make, None
    for submission, paragraph, area, text, words, redacted in _read(_paragraphs(consultation.id, restricted)):
        while submission != number:
            number, version, *heading, names, language, publication, title, when, late, sha256 = next(
                headings
            )
            reference = f"S-{number:04d}"
            cited = f"{reference} v{version} ¶"
            shared = (*heading, tuple(names), language, publication, title)
        citation = f"{cited}{paragraph}"
        text_facts = (text, words, when, late, redacted, sha256)
        yield make((reference, version, paragraph, citation, *places[area], *shared, *text_facts))


def _read(statement: Rows) -> Iterator[Any]:
    """The rows of a statement from a cursor on the server, some at a time."""
    options = {"stream_results": True, "max_row_buffer": BATCH, "yield_per": BATCH}
    for rows in session.connection().execute(statement, execution_options=options).partitions():
        yield from rows


def _headings(consultation_id: int, restricted: bool) -> Rows:
    """What the paragraphs of a submission share, in the order of InputRecord."""
    shown = disclosure.identity_columns()
    signed = _signed(consultation_id)
    nobody = cast([], ARRAY(TEXT))
    return _scope(
        over_inputs(
            Submission.id,
            Version.number,
            shown["organisation"],
            shown["organisation_id"],
            *(cast(shown[name], Text) for name in ("group", "country", "region", "accreditation")),
            signed.c.names.is_not(None),
            case((_NAMED, func.coalesce(signed.c.names, nobody)), else_=nobody),
            Version.language,
            cast(Submission.publication, Text),
            Version.title,
            Version.received_at,
            Version.late,
            _fingerprint(),
        ).outerjoin(signed, signed.c.submission_id == Submission.id),
        consultation_id,
        restricted,
    ).order_by(Submission.id)


def _paragraphs(consultation_id: int, restricted: bool) -> Rows:
    wanted = (
        select(
            Submission.id,
            Paragraph.number,
            Paragraph.area_id,
            Paragraph.disclosed_text,
            Paragraph.words,
            Paragraph.id.in_(select(Redaction.paragraph_id).where(Redaction.lifted_at.is_(None))),
        )
        .select_from(Submission)
        .join(Version, disclosure.current_version())
        .join(Paragraph, Paragraph.version_id == Version.id)
    )
    return _scope(wanted, consultation_id, restricted).order_by(Submission.id, Paragraph.number)


def _scope(wanted: Rows, consultation_id: int, restricted: bool) -> Rows:
    return wanted.where(
        Submission.consultation_id == consultation_id,
        disclosure.accepted() if restricted else disclosure.published(),
    )


def _signed(consultation_id: int) -> Subquery:
    """The co-signatories of every joint submission, in the order they were asked."""
    names: Any = func.array_agg(aggregate_order_by(Organisation.name, Signature.id.asc()))
    return (
        select(Signature.submission_id, names.label("names"))
        .join(Organisation, Organisation.id == Signature.organisation_id)
        .join(Submission, Submission.id == Signature.submission_id)
        .join(Version, disclosure.current_version())
        .where(Submission.consultation_id == consultation_id, Signature.confirmed_at <= Version.received_at)
        .group_by(Signature.submission_id)
        .subquery("signed")
    )


def _fingerprint() -> ColumnElement[str]:
    """The receipt's SHA-256, where it cannot be used to guess at what is hidden.

    It covers the name of the organisation and the words before redaction: who knows the rest could try every
    candidate until the fingerprint agrees.
    """
    redacted = (
        select(Paragraph.version_id)
        .join(Redaction, Redaction.paragraph_id == Paragraph.id)
        .where(Redaction.lifted_at.is_(None))
    )
    return case((and_(_NAMED, not_(Version.id.in_(redacted))), Version.sha256), else_="")
