"""Drafts, the versions filed from them, and every paragraph with its number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Organisation
from consult.consultations.models import Consultation, ThematicArea
from consult.db import Base, Identified, constraint_problems
from consult.errors import Conflict
from consult.vocabulary import Publication, Reason, SubmissionState, SubmissionVerb, Verdict

S, V = SubmissionState, SubmissionVerb

TRANSITIONS: dict[tuple[SubmissionState, SubmissionVerb], SubmissionState] = {
    (S.DRAFT, V.FILE): S.SUBMITTED,
    (S.SUBMITTED, V.SCREEN): S.IN_MODERATION,
    (S.IN_MODERATION, V.ACCEPT): S.ACCEPTED,
    (S.IN_MODERATION, V.RETURN): S.RETURNED,
    (S.IN_MODERATION, V.REJECT): S.REJECTED,
    # An amendment or a mended return is filed over the version that stands until then.
    (S.SUBMITTED, V.FILE): S.SUBMITTED,
    (S.IN_MODERATION, V.FILE): S.SUBMITTED,
    (S.ACCEPTED, V.FILE): S.SUBMITTED,
    (S.RETURNED, V.FILE): S.SUBMITTED,
    (S.REJECTED, V.APPEAL): S.IN_MODERATION,
    (S.DRAFT, V.WITHDRAW): S.WITHDRAWN,
    (S.SUBMITTED, V.WITHDRAW): S.WITHDRAWN,
    (S.IN_MODERATION, V.WITHDRAW): S.WITHDRAWN,
    (S.ACCEPTED, V.WITHDRAW): S.WITHDRAWN,
    (S.RETURNED, V.WITHDRAW): S.WITHDRAWN,
    (S.REJECTED, V.WITHDRAW): S.WITHDRAWN,
}


class Submission(Identified, Base):
    """What one organisation (or a coalition) writes into one consultation, from draft to decision.

    `version` is the number of the filed version that counts (0: never filed); `amending` says that the
    working text is open for a next one; `revision` grows with every edit (If-Match). `publication` is the
    choice that stands for what was filed; a change made in a later draft waits in `next_publication`.
    """

    __tablename__ = "submission"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str]
    publication: Mapped[Publication] = mapped_column(server_default=Publication.PUBLIC)
    next_publication: Mapped[Publication | None]
    state: Mapped[SubmissionState] = mapped_column(server_default=SubmissionState.DRAFT)
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    amending: Mapped[bool] = mapped_column(server_default=text("false"))
    revision: Mapped[int] = mapped_column(server_default="1")
    late: Mapped[bool] = mapped_column(server_default=text("false"))
    source: Mapped[str] = mapped_column(server_default="web")
    external_key: Mapped[str | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    edited_at: Mapped[datetime] = mapped_column(server_default=func.now())
    received_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = relationship()
    organisation: Mapped[Organisation] = relationship()
    contributions: Mapped[list[Contribution]] = relationship(
        back_populates="submission", cascade="all, delete-orphan", order_by="Contribution.area_id"
    )
    versions: Mapped[list[Version]] = relationship(back_populates="submission", order_by="Version.number")
    attachments: Mapped[list[Attachment]] = relationship(order_by="Attachment.id")
    signatures: Mapped[list[Signature]] = relationship(order_by="Signature.id", back_populates="submission")

    __table_args__ = (
        CheckConstraint(f"state in {tuple(map(str, SubmissionState))}", name="state"),
        CheckConstraint(f"publication in {tuple(map(str, Publication))}", name="publication"),
        Index("ix_submission_consultation_state", "consultation_id", "state", "id"),
        Index("ix_submission_organisation_id", "organisation_id", "id"),
        Index(
            "uq_submission_external_key",
            "consultation_id",
            "external_key",
            unique=True,
            postgresql_where=text("external_key is not null"),
        ),
    )

    @property
    def reference(self) -> str:
        """The name under which people cite it: `S-0123`."""
        return f"S-{self.id:04d}"

    @property
    def chosen_publication(self) -> Publication:
        """The choice as the draft shows it."""
        return self.next_publication or self.publication

    @property
    def living_attachments(self) -> list[Attachment]:
        return [file for file in self.attachments if file.removed_at is None]

    @property
    def signing_organisations(self) -> set[int]:
        """Bodies that were asked to sign and did not decline: they may read what they are to sign."""
        return {place.organisation_id for place in self.signatures if place.declined_at is None}

    @property
    def is_editable(self) -> bool:
        """Whether the working text is open."""
        return self.state in (S.DRAFT, S.RETURNED) or (self.amending and self.state != S.WITHDRAWN)


class Contribution(Identified, Base):
    """The working text under one thematic area."""

    __tablename__ = "contribution"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("thematic_area.id"))
    text: Mapped[str] = mapped_column(server_default="")

    submission: Mapped[Submission] = relationship(back_populates="contributions")
    area: Mapped[ThematicArea] = relationship()

    __table_args__ = (UniqueConstraint("submission_id", "area_id"),)


class Version(Identified, Base):
    """What was filed, sealed: `canonical` are the RFC 8785 bytes that `sha256` fingerprints."""

    __tablename__ = "version"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str]
    language: Mapped[str]
    publication: Mapped[Publication]
    canonical: Mapped[bytes]
    sha256: Mapped[str]
    text_fingerprint: Mapped[str]
    received_at: Mapped[datetime]
    late: Mapped[bool]
    # The areas written under, in order: coverage counts versions without reading their paragraphs.
    areas: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # The answer its contributor was given; moderation's own reasoning stays with the case.
    outcome: Mapped[Verdict | None]
    outcome_reason: Mapped[Reason | None]
    outcome_message: Mapped[str] = mapped_column(server_default="")
    answered_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(back_populates="versions")
    paragraphs: Mapped[list[Paragraph]] = relationship(back_populates="version", order_by="Paragraph.number")

    __table_args__ = (
        UniqueConstraint("submission_id", "number"),
        Index("ix_version_text_fingerprint", "text_fingerprint"),
    )


class Paragraph(Identified, Base):
    """The citable unit. `text` is sealed; `disclosed_text` is what readers may see, made by disclosure alone.

    `search` is filled from it at acceptance and emptied when the submission is accepted no longer: nothing is
    found that may not be read.
    """

    __tablename__ = "paragraph"

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("thematic_area.id"))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str]
    disclosed_text: Mapped[str]
    sha256: Mapped[str]
    words: Mapped[int] = mapped_column(Integer)
    search: Mapped[Any] = mapped_column(TSVECTOR, nullable=True, deferred=True)

    version: Mapped[Version] = relationship(back_populates="paragraphs")
    area: Mapped[ThematicArea] = relationship()
    redactions: Mapped[list[Redaction]] = relationship(back_populates="paragraph", order_by="Redaction.start")

    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        Index("ix_paragraph_search", "search", postgresql_using="gin"),
        Index("ix_paragraph_area_id", "area_id"),
    )


class Redaction(Identified, Base):
    """A reason-coded span of a paragraph, in characters of its sealed text, hidden on every output."""

    __tablename__ = "redaction"

    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"), index=True)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    reason: Mapped[Reason]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    paragraph: Mapped[Paragraph] = relationship(back_populates="redactions")

    __table_args__ = (CheckConstraint('start >= 0 and "end" > start', name="span"),)


class Attachment(Identified, Base):
    """A file given with a submission, kept by the hash of its bytes."""

    __tablename__ = "attachment"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    sha256: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    first_version: Mapped[int | None] = mapped_column(Integer)
    removed_at: Mapped[datetime | None]


class Signature(Identified, Base):
    """A co-signatory of a joint submission: invited by the lead, confirmed from its own account."""

    __tablename__ = "signature"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(back_populates="signatures")
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        UniqueConstraint("submission_id", "organisation_id"),
        Index("ix_signature_organisation_id", "organisation_id"),
    )


constraint_problems.update(
    {
        "uq_signature_submission_id_organisation_id": Conflict("This organisation is already asked to sign."),
        "uq_submission_external_key": Conflict("This row was imported before."),
        "uq_version_submission_id_number": Conflict("A colleague filed this at the same moment."),
    }
)
