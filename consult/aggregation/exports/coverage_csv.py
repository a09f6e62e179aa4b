"""coverage.csv: who has spoken on what, in long form, one cell of the table per row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from consult.aggregation.exports.cells import csv_bytes
from consult.aggregation.exports.records import Column, _


class CoverageRow(NamedTuple):
    """One cell of the coverage table; a count that would identify somebody is None."""

    row_dimension: str
    row_code: str
    row_label: str
    column_dimension: str
    column_code: str
    column_label: str
    organisations: int | None
    submissions: int | None


COLUMNS: tuple[Column, ...] = (
    Column("row_dimension", "text", _("What the rows of the table stand for, such as area or group.")),
    Column("row_code", "text", _("Code of this row; total for the totals.")),
    Column("row_label", "text", _("What the code of this row stands for.")),
    Column("column_dimension", "text", _("What the columns of the table stand for.")),
    Column("column_code", "text", _("Code of this column; total for the totals.")),
    Column("column_label", "text", _("What the code of this column stands for.")),
    Column(
        "organisations",
        "integer",
        _("Organisations with accepted input here, each counted once; empty if it would identify one."),
    ),
    Column(
        "submissions",
        "integer",
        _("Accepted submissions here, each counted once; empty if it would identify an organisation."),
    ),
)


def coverage_csv(rows: Iterable[CoverageRow]) -> bytes:
    """The file, in the order of the rows given."""
    return csv_bytes(CoverageRow._fields, rows)
