"""Cases, what screening found, who holds them, what was decided, campaigns and appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Organisation
from consult.consultations.models import Consultation
from consult.db import Base, Identified
from consult.submissions.models import Submission, Version
from consult.vocabulary import OPEN_STAGES, CaseStage, FindingKind, Reason, StakeholderGroup, Verdict

OPEN = f"stage in {tuple(sorted(map(str, OPEN_STAGES)))}"

# (stage, verdict) -> stage. Two readers must have said "reject" before a case is rejected: `actions.decide`
# asks whether the other vote is already there and takes REJECTED_TWICE then.
STAGE_AFTER: dict[tuple[CaseStage, Verdict], CaseStage] = {
    (CaseStage.FIRST, Verdict.ACCEPT): CaseStage.DECIDED,
    (CaseStage.FIRST, Verdict.RETURN): CaseStage.DECIDED,
    (CaseStage.FIRST, Verdict.REJECT): CaseStage.SECOND,
    (CaseStage.FIRST, Verdict.ESCALATE): CaseStage.ESCALATED,
    (CaseStage.SECOND, Verdict.ACCEPT): CaseStage.ESCALATED,
    (CaseStage.SECOND, Verdict.RETURN): CaseStage.ESCALATED,
    (CaseStage.SECOND, Verdict.REJECT): CaseStage.DECIDED,
    (CaseStage.SECOND, Verdict.ESCALATE): CaseStage.ESCALATED,
    (CaseStage.ESCALATED, Verdict.ACCEPT): CaseStage.DECIDED,
    (CaseStage.ESCALATED, Verdict.RETURN): CaseStage.DECIDED,
    (CaseStage.ESCALATED, Verdict.REJECT): CaseStage.SECOND,
    (CaseStage.APPEAL, Verdict.ACCEPT): CaseStage.DECIDED,
    (CaseStage.APPEAL, Verdict.RETURN): CaseStage.DECIDED,
    (CaseStage.APPEAL, Verdict.REJECT): CaseStage.DECIDED,
}


class Case(Identified, Base):
    """A filed version waiting for, or past, moderation. `fair_at` orders the queue: the earliest is next.

    `organisation_id`, `language` and `stakeholder_group` are repeated here so that recusal and filters are
    answered by this table's own indexes.
    """

    __tablename__ = "moderation_case"

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), unique=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    language: Mapped[str]
    stakeholder_group: Mapped[StakeholderGroup]
    stage: Mapped[CaseStage] = mapped_column(server_default=CaseStage.FIRST)
    opened_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    fair_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_until: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[Verdict | None]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)

    submission: Mapped[Submission] = relationship()
    version: Mapped[Version] = relationship()
    consultation: Mapped[Consultation] = relationship()
    organisation: Mapped[Organisation] = relationship()
    findings: Mapped[list[Finding]] = relationship(order_by="Finding.id")
    decisions: Mapped[list[Decision]] = relationship(order_by="Decision.id", back_populates="case")

    __table_args__ = (
        CheckConstraint(f"stage in {tuple(map(str, CaseStage))}", name="stage"),
        Index("ix_case_next", "fair_at", "id", postgresql_where=text("stage = 'first'")),
        Index("ix_case_next_senior", "fair_at", "id", postgresql_where=text(f"{OPEN} and stage <> 'first'")),
        Index("ix_case_claimed_by", "claimed_by", postgresql_where=text(f"claimed_by is not null and {OPEN}")),
        Index("ix_case_consultation", "consultation_id", "stage", "fair_at"),
    )


class Finding(Identified, Base):
    """What one screening step noticed, with its evidence; it never decides."""

    __tablename__ = "finding"

    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"))
    kind: Mapped[FindingKind]
    evidence: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_finding_case", "case_id"), Index("ix_finding_kind", "kind", "case_id"))


class Decision(Identified, Base):
    """One reader's verdict, with the reason code and what the contributor is told."""

    __tablename__ = "decision"

    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), index=True)
    stage: Mapped[CaseStage]
    verdict: Mapped[Verdict]
    reason: Mapped[Reason | None]
    message: Mapped[str] = mapped_column(server_default="")
    internal_note: Mapped[str] = mapped_column(server_default="")
    decided_by: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    is_final: Mapped[bool]

    case: Mapped[Case] = relationship(back_populates="decisions")

    __table_args__ = (
        CheckConstraint(f"verdict in {tuple(map(str, Verdict))}", name="verdict"),
        CheckConstraint(f"reason in {tuple(map(str, Reason))}", name="reason"),
    )


class Campaign(Identified, Base):
    """Shared wording that a person has called a campaign; its members are shown once, none deleted."""

    __tablename__ = "campaign"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    name: Mapped[str]
    called_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    called_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    cases: Mapped[list[Case]] = relationship(order_by="Case.id")


class Appeal(Identified, Base):
    """A contributor's request for another reading, judged by someone who took no part."""

    __tablename__ = "appeal"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"), unique=True)
    grounds: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    outcome: Mapped[Verdict | None]
    judged_at: Mapped[datetime | None]
