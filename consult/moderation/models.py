"""Cases, what screening found, who holds them, what was decided, campaigns and appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Organisation
from consult.consultations.models import Consultation
from consult.db import Base, Identified
from consult.submissions.models import Submission, Version
from consult.vocabulary import OPEN_STAGES, CaseStage, FindingKind, Reason, StakeholderGroup, Verdict

# Spelt as SQL because a partial index serves only a query that repeats its predicate in constants.
OPEN = f"stage in {tuple(sorted(map(str, OPEN_STAGES)))}"

# (stage, verdict) -> stage; anything else is a Conflict. Two people must have said "reject" before a case is
# rejected: a rejection after an escalation goes to a second reader, unless another's vote to reject is there
# already (see `verdicts.stage_after`). An appeal is judged alone, by someone who took no part.
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

    `organisation_id`, `language`, `stakeholder_group` and `areas` (codes) are repeated here so that recusal
    and filters are answered by this table alone; `readers` are the accounts that have decided on it, so that
    no reader is offered a case again and none seconds an own opinion.
    """

    __tablename__ = "moderation_case"

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), unique=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    language: Mapped[str]
    stakeholder_group: Mapped[StakeholderGroup]
    areas: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    readers: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
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

    @property
    def signing_organisations(self) -> set[int]:
        return self.submission.signing_organisations

    __table_args__ = (
        CheckConstraint(f"stage in {tuple(map(str, CaseStage))}", name="stage"),
        Index("ix_case_next", "fair_at", "id", postgresql_where=text("stage = 'first'")),
        Index("ix_case_next_senior", "fair_at", "id", postgresql_where=text(OPEN)),
        Index("ix_case_decided", "decided_at", "id", postgresql_where=text("stage = 'decided'")),
        Index(
            "ix_case_claimed_by", "claimed_by", postgresql_where=text(f"claimed_by is not null and {OPEN}")
        ),
        Index("ix_case_consultation", "consultation_id", "stage", "fair_at"),
    )

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES

    def is_held(self, now: datetime) -> bool:
        """Whether somebody's claim on it has not expired at `now` (aware)."""
        return self.is_open and self.claimed_until is not None and self.claimed_until > now

    def is_held_by(self, account_id: int | None, now: datetime) -> bool:
        return account_id is not None and self.claimed_by == account_id and self.is_held(now)


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
