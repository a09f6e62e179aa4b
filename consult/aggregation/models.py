"""Statements of the secretariat's summary, and frozen reports with their files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.consultations.models import Consultation, ThematicArea
from consult.db import Base, Identified, constraint_problems
from consult.errors import Conflict
from consult.submissions.models import Paragraph
from consult.vocabulary import ReportState


class Statement(Identified, Base):
    """A sentence of the summary, quoted or paraphrased, tied to the paragraphs that support it."""

    __tablename__ = "statement"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("thematic_area.id"))
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str]
    is_quote: Mapped[bool] = mapped_column(server_default="false")
    revision: Mapped[int] = mapped_column(server_default="1")
    written_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    area: Mapped[ThematicArea] = relationship()
    supports: Mapped[list[Support]] = relationship(cascade="all, delete-orphan", order_by="Support.id")

    __table_args__ = (Index("ix_statement_area", "consultation_id", "area_id", "position"),)


class Support(Identified, Base):
    """One paragraph that carries a statement.

    `disclosed_sha256` fingerprints what readers saw of it when the statement was written: a redaction made
    later must not live on in the summary.
    """

    __tablename__ = "support"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"))
    paragraph_id: Mapped[int] = mapped_column(ForeignKey("paragraph.id"), index=True)
    disclosed_sha256: Mapped[str]

    paragraph: Mapped[Paragraph] = relationship()

    __table_args__ = (UniqueConstraint("statement_id", "paragraph_id"),)


class Report(Identified, Base):
    """A frozen edition of the aggregate: the moment its data was read, its counts, its files."""

    __tablename__ = "report"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    state: Mapped[ReportState] = mapped_column(server_default=ReportState.QUEUED)
    step: Mapped[str] = mapped_column(server_default="")
    progress: Mapped[int] = mapped_column(Integer, server_default="0")
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    as_of: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    failure: Mapped[str] = mapped_column(server_default="")

    consultation: Mapped[Consultation] = relationship()
    files: Mapped[list[ReportFile]] = relationship(order_by="ReportFile.id")

    __table_args__ = (
        CheckConstraint(f"state in {tuple(map(str, ReportState))}", name="state"),
        Index(
            "uq_report_running",
            "consultation_id",
            unique=True,
            postgresql_where=text("state in ('queued', 'building')"),
        ),
    )


class ReportFile(Identified, Base):
    """One file of a report, kept by hash."""

    __tablename__ = "report_file"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    rows: Mapped[int | None]

    __table_args__ = (UniqueConstraint("report_id", "name"),)


constraint_problems.update(
    {"uq_report_running": Conflict("A report of this consultation is being built already; wait for it.")}
)
