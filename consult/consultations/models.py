"""Calls for input: their areas, questions, rules and timetable."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.db import Base, Identified, constraint_problems
from consult.errors import Conflict, Invalid
from consult.vocabulary import Phase

# Six weeks: the least that lets a national network ask its own members before it writes.
SHORT_WINDOW = timedelta(weeks=6)
# Kinds of file that a consultation may accept; each is one that intake can look into.
FILE_TYPES = ("pdf", "docx", "odt", "rtf", "txt", "xlsx", "ods", "pptx", "odp", "png", "jpeg")
# Addresses that pages already have below /consultations/.
RESERVED = ("new",)


class Consultation(Identified, Base):
    """One call for input. Its phase is not stored: it follows from the clock."""

    __tablename__ = "consultation"

    slug: Mapped[str] = mapped_column(unique=True)
    instrument: Mapped[str]
    title: Mapped[str]
    mandate: Mapped[str] = mapped_column(server_default="")
    summary: Mapped[str] = mapped_column(server_default="")
    guidance: Mapped[str] = mapped_column(server_default="")
    languages: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    groups: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(server_default="Europe/Zurich")
    accepted_files: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{pdf,docx,odt}")
    max_file_mb: Mapped[int] = mapped_column(Integer, server_default="10")
    max_files: Mapped[int] = mapped_column(Integer, server_default="5")
    service_days: Mapped[int] = mapped_column(Integer, server_default="10")
    appeal_days: Mapped[int] = mapped_column(Integer, server_default="30")
    revision: Mapped[int] = mapped_column(server_default="1")
    published_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    areas: Mapped[list[ThematicArea]] = relationship(
        back_populates="consultation", order_by="ThematicArea.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="timetable"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        Index("ix_consultation_published_at", "published_at"),
    )

    def phase(self, now: datetime) -> Phase:
        """Where the consultation stands at `now` (aware). Opening is inclusive, closing exclusive."""
        if self.published_at is None:
            return Phase.DRAFT
        if now < self.opens_at:
            return Phase.UPCOMING
        return Phase.OPEN if now < self.closes_at else Phase.CLOSED

    @property
    def window_is_short(self) -> bool:
        return self.closes_at - self.opens_at < SHORT_WINDOW


class ThematicArea(Identified, Base):
    """A heading under which input is asked for, with its guiding questions and word limit."""

    __tablename__ = "thematic_area"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    code: Mapped[str]
    title: Mapped[str]
    short_title: Mapped[str] = mapped_column(server_default="")
    description: Mapped[str] = mapped_column(server_default="")
    position: Mapped[int] = mapped_column(Integer)
    objectives: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    questions: Mapped[list[Any]] = mapped_column(server_default="[]")
    word_limit: Mapped[int | None] = mapped_column(Integer)

    consultation: Mapped[Consultation] = relationship(back_populates="areas")

    __table_args__ = (UniqueConstraint("consultation_id", "code"),)

    @property
    def name(self) -> str:
        """What tables, tabs and charts call it: their room is narrow."""
        return self.short_title or self.title


class DeadlineChange(Identified, Base):
    """A closing moment that was moved: from, to, by whom, why."""

    __tablename__ = "deadline_change"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    before: Mapped[datetime]
    after: Mapped[datetime]
    reason: Mapped[str] = mapped_column(server_default="")
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    consultation: Mapped[Consultation] = relationship()


# Whatever holds text under an area keeps the area: drafts, sealed paragraphs, the secretariat's statements.
_AREA_IN_USE = Conflict(
    "An area cannot be removed once somebody has written under it; change its wording instead."
)

constraint_problems.update(
    {
        "uq_consultation_slug": Invalid(fields={"slug": ["Another consultation has this address."]}),
        "uq_thematic_area_consultation_id_code": Invalid(fields={"areas": ["Two areas have the same code."]}),
        "ck_consultation_timetable": Invalid(fields={"closes_at": ["Closing must come after opening."]}),
        "fk_contribution_area_id": _AREA_IN_USE,
        "fk_paragraph_area_id": _AREA_IN_USE,
        "fk_statement_area_id": _AREA_IN_USE,
    }
)
