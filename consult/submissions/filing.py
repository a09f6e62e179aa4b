"""Filing: every rule checked, the content sealed, its paragraphs numbered, a receipt given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from consult import mail
from consult.accounts import queries as people
from consult.accounts.models import Account
from consult.actor import Actor
from consult.audit import record
from consult.db import numbered, session
from consult.errors import Conflict, Invalid
from consult.i18n import gettext as _
from consult.outbox import promise
from consult.permissions import Can, require
from consult.submissions import disclosure
from consult.submissions.actions import refuse_group, touch
from consult.submissions.intake.canonical import canonical_bytes, text_fingerprint
from consult.submissions.intake.paragraphs import split_paragraphs
from consult.submissions.intake.words import count_words
from consult.submissions.models import Contribution, Paragraph, Submission, Version
from consult.submissions.transitions import advance
from consult.vocabulary import OrganisationState, Phase, SubmissionState, SubmissionVerb


@dataclass(frozen=True)
class Receipt:
    """What a contributor holds: exactly what was received, and when."""

    reference: str
    version: int
    received_at: datetime
    sha256: str
    late: bool


def file_submission(*, actor: Actor, submission: Submission) -> Receipt:
    """File the working text of a locked submission as its next version.

    Late input is kept and marked. Records `submission.filed`; promises screening and a letter to the filer
    and the organisation's focal points. Raises Invalid naming every rule that is not met, Conflict.
    """
    require(actor, Can.WRITE_SUBMISSION, submission)
    if submission.version and not submission.is_editable:
        raise Conflict(
            _("This was filed. Reopen it as an amendment to change it."), state=str(submission.state)
        )
    refuse_group(submission.consultation, submission.organisation)
    _refuse_unconfirmed(submission)
    number, now = numbered(Version)
    _refuse_untimely(submission, submission.consultation.phase(now))
    version = file_version(actor, submission, number, now)
    _send_receipts(actor, submission, version)
    promise("screen", version_ids=[version.id])
    return receipt_of(submission, version)


def file_version(actor: Actor, submission: Submission, version_id: int, received_at: datetime) -> Version:
    """Check the rules, seal, number the paragraphs, record; who may, and what follows, is the caller's.

    `version_id` is one that `db.numbered(Version)` gave. Raises Invalid, Conflict.
    """
    written = rules_met(submission)
    before = submission.state
    advance(submission, SubmissionVerb.FILE)
    version = _sealed(actor, submission, written, received_at, before)
    version.id = version_id
    session.add(version)
    if before == SubmissionState.ACCEPTED:
        disclosure.conceal(submission)
    touch(submission, actor, received_at)
    record(
        actor,
        "submission.filed",
        submission,
        before=str(before),
        version=version.number,
        sha256=version.sha256,
        late=version.late,
    )
    _number_paragraphs(version, written)
    return version


def receipt_of(submission: Submission, version: Version) -> Receipt:
    """The receipt of one filed version."""
    return Receipt(submission.reference, version.number, version.received_at, version.sha256, version.late)


def rules_met(submission: Submission) -> list[Contribution]:
    """The contributions that will be filed, in the order of the areas. Raises Invalid for every unmet rule.

    A text over its limit is no fault: it is filed with a warning, and a person judges it.
    """
    faults: dict[str, list[str]] = {}
    written = sorted(
        (piece for piece in submission.contributions if piece.text.strip()),
        key=lambda piece: piece.area.position,
    )
    if not written:
        faults["contributions"] = [_("Write under at least one thematic area.")]
    if not submission.title.strip():
        faults["title"] = [_("Give your submission a title.")]
    if submission.language not in submission.consultation.languages:
        faults["language"] = [_("This consultation does not accept this language.")]
    if len(submission.living_attachments) > submission.consultation.max_files:
        faults["attachments"] = [
            _("At most %(most)s files can be attached.", most=submission.consultation.max_files)
        ]
    if faults:
        raise Invalid(_("Nothing was lost; mend these and file again."), fields=faults)
    return written


def content_of(submission: Submission, number: int, written: Sequence[Contribution]) -> dict[str, Any]:
    """The content that a receipt's fingerprint is computed over, as RFC 8785 will order it."""
    return {
        "reference": submission.reference,
        "version": number,
        "consultation": submission.consultation.slug,
        "organisation": {"id": submission.organisation_id, "name": submission.organisation.name},
        "cosignatories": sorted(
            place.organisation.name for place in submission.signatures if place.confirmed_at is not None
        ),
        "language": submission.language,
        "title": submission.title.strip(),
        "publication": str(submission.chosen_publication),
        "contributions": [{"area": piece.area.code, "text": piece.text} for piece in written],
        "attachments": [
            {"filename": file.filename, "sha256": file.sha256, "size": file.size}
            for file in submission.living_attachments
        ],
    }


def _refuse_unconfirmed(submission: Submission) -> None:
    """Nobody files in the name of a body whose identity the secretariat has not confirmed."""
    if submission.organisation.state != OrganisationState.CONFIRMED:
        raise Conflict(
            _(
                "Your organisation still waits for the secretariat's confirmation. Your draft is kept; you"
                " will get a letter, and can file then. What comes after closing is kept and marked late."
            )
        )


def _refuse_untimely(submission: Submission, phase: Phase) -> None:
    if phase in (Phase.DRAFT, Phase.UPCOMING):
        raise Conflict(_("This consultation has not opened yet."))
    if phase == Phase.CLOSED and submission.amending and submission.state != SubmissionState.RETURNED:
        raise Conflict(_("The consultation has closed: the version that you filed before stands."))


def _sealed(
    actor: Actor, submission: Submission, written: list[Contribution], now: datetime, before: SubmissionState
) -> Version:
    number = submission.version + 1
    canonical = canonical_bytes(content_of(submission, number, written))
    # What was returned for changes was on time when it first came: mending it is not being late.
    in_time = before == SubmissionState.RETURNED and not submission.late
    version = Version(
        submission=submission,
        number=number,
        title=submission.title.strip(),
        language=submission.language,
        publication=submission.chosen_publication,
        canonical=canonical,
        sha256=hashlib.sha256(canonical).hexdigest(),
        text_fingerprint=text_fingerprint("\n\n".join(piece.text for piece in written)),
        received_at=now,
        late=now >= submission.consultation.closes_at and not in_time,
        filed_by=actor.account_id,
        areas=[piece.area_id for piece in written],
    )
    submission.version, submission.amending, submission.late = number, False, version.late
    submission.publication, submission.next_publication = version.publication, None
    submission.received_at, submission.decided_at = now, None
    for file in submission.living_attachments:
        file.first_version = file.first_version or number
    return version


def _number_paragraphs(version: Version, written: Sequence[Contribution]) -> None:
    rows = [
        {
            "version_id": version.id,
            "area_id": piece.area_id,
            "text": part.text,
            "disclosed_text": part.text,
            "sha256": hashlib.sha256(part.text.encode()).hexdigest(),
            "words": count_words(part.text, version.language),
        }
        for piece in written
        for part in split_paragraphs(piece.text)
    ]
    session.execute(insert(Paragraph), [{**row, "number": n} for n, row in enumerate(rows, start=1)])


def _send_receipts(actor: Actor, submission: Submission, version: Version) -> None:
    """To the filer and to everyone who vouches for the body: nothing is filed in its name unseen."""
    recipients = {person.id: person for person in people.focal_points_of(submission.organisation_id)}
    if actor.account_id is not None and actor.account_id not in recipients:
        recipients[actor.account_id] = session.get_one(Account, actor.account_id)
    for person in recipients.values():
        mail.write_to(person, "receipt", submission=submission, version=version)
