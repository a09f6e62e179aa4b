"""An agreement under review and its parts, as read from a data file; there is no table for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from consult.errors import Missing


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was read. `covers` names the fields it vouches for, `*` all of them.

    `address` is a URL, or words such as "from memory" that say there is none.
    """

    covers: tuple[str, ...]
    address: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every part carries: its sources, the fields whose wording is ours (`unofficial`), a remark."""

    sources: tuple[Source, ...]
    unofficial: tuple[str, ...] = ()
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether every source of this entry was read and found to say so."""
        return all(source.verified for source in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle(Entry):
    code: str
    title: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective(Entry):
    number: int
    title: str
    short_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTable(Entry):
    """`leads` wrote the background note of the latest forum for which they are known."""

    number: int
    objectives: tuple[int, ...]
    leads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThematicSession(Entry):
    """`objectives` is a suggested concordance; no agreement says it."""

    number: int
    title: str
    short_title: str
    place: str
    start: date
    end: date
    objectives: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexElement(Entry):
    letter: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeholderCategory(Entry):
    """`paragraph` of the agreement that names the group."""

    code: str
    title: str
    paragraph: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Entry):
    """One regional review."""

    code: str
    title: str
    coverage: str
    first_review_host: str = ""
    second_review: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStep(Entry):
    """A means of implementation, or of follow-up and review, with its paragraph."""

    code: str
    title: str
    summary: str
    paragraph: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum(Entry):
    """One edition of the global review; `hearing` is the stakeholders' hearing before it."""

    year: int
    start: date
    end: date
    place: str
    hearing: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeItem(Entry):
    order: int
    title: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Entry):
    """How long written input may be elsewhere in the United Nations; `unit` says of what `max` counts."""

    code: str
    unit: str
    max: int
    min: int = 0
    files: int = 0
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Entry):
    """A code of a small closed list: accreditation tracks, pledge types, answers to recommendations."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Entry):
    """An agreement under review."""

    code: str
    symbol: str
    title: str
    short_title: str
    adopted: date
    verified_means: str
    caution: str
    principles: tuple[Principle, ...]
    objectives: tuple[Objective, ...]
    round_tables: tuple[RoundTable, ...] = ()
    thematic_sessions: tuple[ThematicSession, ...] = ()
    annex_elements: tuple[AnnexElement, ...] = ()
    stakeholder_categories: tuple[StakeholderCategory, ...] = ()
    regions: tuple[Region, ...] = ()
    implementation: tuple[ReviewStep, ...] = ()
    review: tuple[ReviewStep, ...] = ()
    forums: tuple[Forum, ...] = ()
    programme: tuple[ProgrammeItem, ...] = ()
    limits: tuple[Limit, ...] = ()
    terms: Mapping[str, tuple[Term, ...]]

    def objective(self, number: int) -> Objective:
        """Raises Missing for a number that the agreement does not have."""
        for objective in self.objectives:
            if objective.number == number:
                return objective
        raise Missing(f"{self.short_title} has no objective {number}.")

    def objectives_of(self, part: RoundTable | ThematicSession) -> tuple[Objective, ...]:
        """The objectives of a round table or session, in the agreement's order."""
        return tuple(objective for objective in self.objectives if objective.number in part.objectives)

    def round_table_of(self, number: int) -> RoundTable | None:
        """Where an objective is discussed; None when no round table lists it."""
        return next((table for table in self.round_tables if number in table.objectives), None)
