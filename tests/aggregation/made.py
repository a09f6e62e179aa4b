"""Accepted input, made fast: rows as filing and moderation leave them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from consult.accounts.models import Organisation
from consult.consultations.models import Consultation
from consult.db import session
from consult.submissions import disclosure
from consult.submissions.models import Paragraph, Redaction, Signature, Submission, Version
from consult.vocabulary import Publication, Reason, SubmissionState
from tests import factories as make

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def an_input(
    consultation: Consultation,
    organisation: Organisation | None = None,
    texts: Mapping[str, str] | None = None,
    *,
    state: SubmissionState = SubmissionState.ACCEPTED,
    publication: Publication = Publication.PUBLIC,
    language: str = "en",
    title: str = "Input",
    received_at: datetime = NOW,
    number: int = 1,
    signed_by: tuple[Organisation, ...] = (),
) -> Submission:
    """One submission whose standing version holds `texts` (blank lines part paragraphs) by area code."""
    organisation = organisation or make.an_organisation()
    areas = {area.code: area.id for area in consultation.areas}
    texts = texts or {"rt1": "Wages follow the worker."}
    submission = Submission(
        consultation_id=consultation.id,
        organisation_id=organisation.id,
        title="The working draft's own title",
        language=language,
        publication=publication,
        state=state,
        version=number,
        received_at=received_at,
    )
    submission.organisation = organisation
    session.add(submission)
    session.flush()
    sealed = f"{submission.id}".encode()
    version = Version(
        submission_id=submission.id,
        number=number,
        title=title,
        language=language,
        publication=publication,
        canonical=sealed,
        sha256=hashlib.sha256(sealed).hexdigest(),
        text_fingerprint="",
        received_at=received_at,
        late=False,
        areas=[areas[code] for code in texts],
    )
    parts = [(areas[code], part) for code, text in texts.items() for part in text.split("\n\n")]
    version.paragraphs = [
        Paragraph(number=n, area_id=area, text=part, disclosed_text=part, sha256="", words=len(part.split()))
        for n, (area, part) in enumerate(parts, start=1)
    ]
    submission.versions.append(version)
    for body in signed_by:
        session.add(Signature(submission_id=submission.id, organisation_id=body.id, confirmed_at=received_at))
    session.flush()
    if state == SubmissionState.ACCEPTED:
        disclosure.publish(version)
    session.commit()
    return submission


def redact(submission: Submission, word: str, paragraph: int = 1) -> None:
    """Hide a word of a paragraph, as a moderator does."""
    found: Any = submission.versions[-1].paragraphs[paragraph - 1]
    start = found.text.index(word)
    person = make.an_account()
    found.redactions.append(
        Redaction(start=start, end=start + len(word), reason=Reason.PERSONAL_DATA, made_by=person.id)
    )
    disclosure.refresh(found)
    session.commit()
