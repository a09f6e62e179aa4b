"""What one report says, gathered from one moment of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from consult.aggregation import queries
from consult.aggregation.authors import Authors
from consult.aggregation.coverage import coverage
from consult.aggregation.crosstab import Cell, Key, Table
from consult.aggregation.dimensions import Audience
from consult.aggregation.excerpts import opening
from consult.aggregation.exports.counts import Counts
from consult.aggregation.exports.coverage_csv import CoverageRow
from consult.aggregation.exports.summary import (
    Summary,
    SummaryArea,
    SummaryStatement,
)
from consult.aggregation.inputs import Filters, inputs, openings
from consult.aggregation.models import Statement
from consult.consultations.models import Consultation, ThematicArea
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.instruments.loader import instrument
from consult.vocabulary import Dimension

# How many submissions open a heading that nobody has summarised, and how much of each is quoted.
QUOTED, QUOTE_LENGTH = 8, 600
TABLES = (
    (Dimension.AREA, Dimension.GROUP),
    (Dimension.AREA, Dimension.REGION),
    (Dimension.AREA, Dimension.LANGUAGE),
    (Dimension.OBJECTIVE, Dimension.GROUP),
)


@dataclass(frozen=True)
class Edition:
    """`day` is the beginning of the day of `as_of` where the consultation is: what files print and hold.

    The moment itself stands in the manifest only, so that the same data gives the same files all day.
    `left_out` counts statements whose paragraphs have changed since they were written.
    """

    consultation: Consultation
    as_of: datetime
    day: datetime
    counts: Counts
    summary: Summary
    coverage: Sequence[CoverageRow]
    left_out: int


def edition(consultation: Consultation, as_of: datetime) -> Edition:
    """Everything but the records, which are streamed. To be called within a snapshot."""
    zone = ZoneInfo(consultation.time_zone)
    day = as_of.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    counts = queries.tally(consultation.id)
    written = queries.statements(consultation)
    sound = {area: [one for one in those if queries.holds(one)] for area, those in written.items()}
    return Edition(
        consultation=consultation,
        as_of=as_of,
        day=day,
        counts=counts,
        summary=_summary(consultation, day, counts, sound),
        coverage=list(_coverage(consultation)),
        left_out=sum(map(len, written.values())) - sum(map(len, sound.values())),
    )


def _summary(
    consultation: Consultation, day: datetime, counts: Counts, sound: Mapping[int, Sequence[Statement]]
) -> Summary:
    agreement = instrument(consultation.instrument)
    listed = inputs(consultation, Filters(), limit=counts.filed)
    authors = Authors(listed)
    zone = ZoneInfo(consultation.time_zone)
    return Summary(
        title=consultation.title,
        symbol=f"{agreement.code}/{consultation.slug}".upper(),
        mandate=consultation.mandate or agreement.symbol,
        instrument=agreement.title,
        opened=consultation.opens_at.astimezone(zone),
        closed=consultation.closes_at.astimezone(zone),
        as_of=day,
        counts=counts,
        areas=tuple(
            _area(consultation, area, sound.get(area.id, ()), authors) for area in consultation.areas
        ),
        individual=tuple(authors.individual()),
        joint=tuple(authors.joint()),
        language=current_locale(),
    )


def _area(
    consultation: Consultation, area: ThematicArea, written: Sequence[Statement], authors: Authors
) -> SummaryArea:
    shown = [_statement(one, authors) for one in written]
    automatic = [] if shown else list(_quotations(consultation, area, authors))
    return SummaryArea(
        title=area.title,
        objectives=tuple(area.objectives),
        statements=tuple(shown or automatic),
        submitter_count=sum(area.id in one.areas for one in authors.listed),
        automatic=bool(automatic),
    )


def _statement(statement: Statement, authors: Authors) -> SummaryStatement:
    cited: dict[int, list[int]] = {}
    for support in statement.supports:
        version = support.paragraph.version
        cited.setdefault(version.submission_id, []).append(support.paragraph.number)
    return SummaryStatement(
        statement.text,
        statement.is_quote,
        tuple(authors.citation(number, paragraphs) for number, paragraphs in cited.items()),
        statement.supports[0].paragraph.version.language if statement.is_quote else None,
    )


def _quotations(
    consultation: Consultation, area: ThematicArea, authors: Authors
) -> Iterator[SummaryStatement]:
    for one, number, text in openings(consultation, area, QUOTED):
        words = opening(text, QUOTE_LENGTH)
        yield SummaryStatement(words, True, (authors.citation(one.id, [number]),), one.language)


def _coverage(consultation: Consultation) -> Iterator[CoverageRow]:
    for rows, columns in TABLES:
        table = coverage(consultation, rows, columns, audience=Audience.READERS)
        yield from coverage_rows(table)


def coverage_rows(table: Table) -> Iterator[CoverageRow]:
    """A table in long form, its totals under the code `total`."""
    whole = Key("total", _("Total"))
    for row, line in zip([*table.row_keys, whole], table.lines, strict=True):
        for column, cell in zip([*table.column_keys, whole], line, strict=True):
            yield _row(table, row, column, cell)


def _row(table: Table, row: Key, column: Key, cell: Cell) -> CoverageRow:
    return CoverageRow(
        str(table.rows), *row, str(table.columns), *column, cell.organisations, cell.submissions
    )
