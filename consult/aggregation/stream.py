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

    Restricted input is left out unless asked for; then its `publication` tells. One statement: whatever is
    decided while it is read, the records are those of one moment.
    """
    areas = {area.id: (area.code, area.title, tuple(area.objectives)) for area in consultation.areas}
    slug = consultation.slug
    found = session.execute(_statement(consultation.id, restricted), execution_options={"yield_per": BATCH})
    for row in found:
        number, version, paragraph, area = row[:4]
        reference = f"S-{number:04d}"
        citation = f"{reference} v{version} ¶{paragraph}"
        made_from = (reference, version, paragraph, citation, slug, *areas[area])
        yield InputRecord._make((*made_from, *row[4:11], tuple(row[11]), *row[12:]))


def _statement(consultation_id: int, restricted: bool) -> Rows:
    """The columns of InputRecord in its order, but for those made from the first four."""
    shown = disclosure.identity_columns()
    signed = _signed(consultation_id)
    nobody = cast([], ARRAY(TEXT))
    return (
        over_inputs(
            Submission.id,
            Version.number,
            Paragraph.number,
            Paragraph.area_id,
            shown["organisation"],
            shown["organisation_id"],
            *(cast(shown[name], Text) for name in ("group", "country", "region", "accreditation")),
            signed.c.names.is_not(None),
            case((_NAMED, func.coalesce(signed.c.names, nobody)), else_=nobody),
            Version.language,
            cast(Submission.publication, Text),
            Version.title,
            Paragraph.disclosed_text,
            Paragraph.words,
            Version.received_at,
            Version.late,
            Paragraph.id.in_(select(Redaction.paragraph_id).where(Redaction.lifted_at.is_(None))),
            _fingerprint(),
        )
        .join(Paragraph, Paragraph.version_id == Version.id)
        .outerjoin(signed, signed.c.submission_id == Submission.id)
        .where(
            Submission.consultation_id == consultation_id,
            disclosure.accepted() if restricted else disclosure.published(),
        )
        .order_by(Submission.id, Paragraph.number)
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
