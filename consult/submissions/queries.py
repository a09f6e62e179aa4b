"""Reads of submissions, scoped to who asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import joinedload, selectinload

from consult.actor import Actor
from consult.audit import AuditEntry
from consult.consultations.models import Consultation
from consult.db import session
from consult.errors import Missing
from consult.submissions.models import Attachment, Contribution, Paragraph, Signature, Submission, Version
from consult.vocabulary import Role, Scope

REFERENCE = re.compile(r"S-(\d{4,18})", re.IGNORECASE)


def number_of(reference: str) -> int | None:
    """The id behind `S-0123`; None for anything else, `S-00123` included: a submission has one name."""
    match = REFERENCE.fullmatch(reference)
    if match is None:
        return None
    number = int(match[1])
    return number if f"S-{number:04d}" == reference.upper() else None


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """SQL twin of `Can.READ_SUBMISSION`."""
    if actor.scopes is not None and Scope.READ not in actor.scopes:
        return false()
    own: list[ColumnElement[bool]] = []
    if actor.role in (Role.SECRETARIAT, Role.AUDITOR):
        own.append(Submission.version > 0)
    if actor.organisations:
        asked = select(Signature.submission_id).where(
            Signature.organisation_id.in_(actor.organisations), Signature.declined_at.is_(None)
        )
        own += [Submission.organisation_id.in_(actor.organisations), Submission.id.in_(asked)]
    return or_(*own) if own else false()


def whole() -> Select[Submission]:
    """A submission with everything that its pages and its JSON show, in a fixed number of queries."""
    return select(Submission).options(
        joinedload(Submission.consultation).selectinload(Consultation.areas),
        joinedload(Submission.organisation),
        selectinload(Submission.contributions).joinedload(Contribution.area),
        selectinload(Submission.attachments),
        selectinload(Submission.versions).defer(Version.canonical),
        selectinload(Submission.signatures).joinedload(Signature.organisation),
    )


def submission(actor: Actor, reference: str, *, lock: bool = False) -> Submission:
    """One submission that the actor may read; `lock` holds its row until the commit.

    With `lock` a token finds what it may not read: the act that follows asks for the scope that it needs.
    Raises Missing when there is none, or none of the actor's business.
    """
    number = number_of(reference)
    who = replace(actor, scopes=None) if lock else actor
    wanted = whole().where(Submission.id == number, visible_to(who))
    if lock:
        wanted = wanted.with_for_update(of=Submission).execution_options(populate_existing=True)
    found = session.scalars(wanted).unique().one_or_none() if number is not None else None
    if found is None:
        raise Missing
    return found


def own_submissions(actor: Actor, limit: int, before: int | None = None) -> Sequence[Submission]:
    """Submissions of the actor's organisations and those they are asked to sign, newest first."""
    own = visible_to(Actor(organisations=actor.organisations, scopes=actor.scopes))
    rows = (
        select(Submission)
        .where(own)
        .options(
            joinedload(Submission.consultation),
            joinedload(Submission.organisation),
            selectinload(Submission.signatures).joinedload(Signature.organisation),
        )
        .order_by(Submission.id.desc())
        .limit(limit)
    )
    if before is not None:
        rows = rows.where(Submission.id < before)
    return session.scalars(rows).all()


def version_of(found: Submission, number: int | None = None) -> Version:
    """A filed version (the standing one by default). Raises Missing when there is none."""
    version = session.scalars(
        select(Version)
        .where(Version.submission_id == found.id, Version.number == (number or found.version))
        .options(selectinload(Version.paragraphs).joinedload(Paragraph.area))
    ).one_or_none()
    if version is None:
        raise Missing
    return version


def history_of(found: Submission) -> Sequence[AuditEntry]:
    """What happened to a submission, oldest first: filing, screening, decisions; no names of staff."""
    return session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_type == Submission.__tablename__,
            AuditEntry.subject_id == found.id,
            AuditEntry.act.not_in(("submission.edited", "submission.read")),
        )
        .order_by(AuditEntry.id)
    ).all()


def attachment(found: Submission, attachment_id: int) -> Attachment:
    """A file given with a submission, removed ones included while a filed version names them."""
    file = session.scalars(
        select(Attachment).where(
            Attachment.id == attachment_id,
            Attachment.submission_id == found.id,
            or_(Attachment.removed_at.is_(None), Attachment.first_version.is_not(None)),
        )
    ).one_or_none()
    if file is None:
        raise Missing
    return file


def receipt_matches(reference: str, sha256: str) -> tuple[Version, str] | None:
    """The version with this fingerprint, for whoever holds both; None tells nothing about which was wrong."""
    number = number_of(reference)
    if number is None:
        return None
    version = session.scalars(
        select(Version).where(Version.submission_id == number, Version.sha256 == sha256.lower())
    ).first()
    return (version, reference.upper()) if version else None


def draft_holders(consultation_id: int) -> Sequence[Any]:
    """(organisation id, creator id) of every unfiled or reopened draft of a consultation."""
    return session.execute(
        select(Submission.organisation_id, Submission.created_by)
        .where(
            Submission.consultation_id == consultation_id,
            or_(Submission.state.in_(("draft", "returned")), Submission.amending),
            Submission.state != "withdrawn",
        )
        .distinct()
    ).all()
