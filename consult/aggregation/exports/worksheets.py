"""The sheets of records in inputs.xlsx, within Excel's limits of rows and characters, losing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from consult.aggregation.exports.cells import joined
from consult.aggregation.exports.records import COLUMNS, InputRecord
from consult.i18n import gettext as _

ROWS_PER_SHEET = 1_048_576  # Excel's limit, the header included
CELL_LIMIT = 32_767  # Excel's limit, in UTF-16 code units

_WIDTHS = {"reference": 11, "version": 9, "paragraph": 11, "citation": 16, "consultation": 18}
_WIDTHS |= {"area_title": 30, "organisation": 32, "group": 16, "country": 10, "joint": 8, "cosignatories": 28}
_WIDTHS |= {"title": 34, "text": 90, "words": 8, "received_at": 19, "late": 8, "sha256": 20}
_WRAPPED = {"area_title", "organisation", "cosignatories", "title", "text"}


def _columns(*types: str) -> tuple[int, ...]:
    return tuple(at for at, column in enumerate(COLUMNS) if column.type in types)


_TEXTS, _NUMBERS, _TRUTHS = _columns("text", "code"), _columns("integer"), _columns("true or false")
_LISTS, _TIMES = _columns("list of integers", "list of text"), _columns("time (UTC)")
_CITATION = COLUMNS.index(next(column for column in COLUMNS if column.name == "citation"))


class InputSheets:
    """Inputs, Inputs 2 … and Continued, filled row by row as XlsxWriter's constant memory asks."""

    def __init__(self, workbook: Any, rows_per_sheet: int) -> None:
        self.workbook, self.rows_per_sheet = workbook, rows_per_sheet
        self.header = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#E6EBF0", "valign": "top"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.time = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"})
        self.count = self.sheets = 0
        self.continued: Continued | None = None
        self._open()

    def write(self, record: InputRecord) -> None:
        """Add a record, on a new sheet if this one is full."""
        if self.row == self.rows_per_sheet:
            self.close()
            self._open()
        sheet, row = self.sheet, self.row
        values: tuple[Any, ...] = record
        for column in _TEXTS:
            if value := values[column]:
                self._text(row, column, value, record)
        for column in _LISTS:
            if value := values[column]:
                self._text(row, column, joined(value), record)
        for column in _NUMBERS:
            if (value := values[column]) is not None:
                sheet.write_number(row, column, value)
        for column in _TRUTHS:
            sheet.write_boolean(row, column, values[column])
        for column in _TIMES:
            sheet.write_datetime(row, column, values[column].astimezone(UTC).replace(tzinfo=None))
        self.row += 1
        self.count += 1

    def close(self) -> None:
        """Put the filter over the rows that are there."""
        self.sheet.autofilter(0, 0, max(self.row - 1, 1), len(COLUMNS) - 1)

    def _open(self) -> None:
        self.sheets += 1
        sheet = self.workbook.add_worksheet("Inputs" if self.sheets == 1 else f"Inputs {self.sheets}")
        for at, column in enumerate(COLUMNS):
            look = self.wrapped if column.name in _WRAPPED else self.time if at in _TIMES else None
            sheet.set_column(at, at, _WIDTHS.get(column.name, 14), look)
            sheet.write_string(0, at, column.name, self.header)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        self.sheet, self.row = sheet, 1

    def _text(self, row: int, column: int, value: str, record: InputRecord) -> None:
        if len(value) > CELL_LIMIT // 2 and utf16_length(value) > CELL_LIMIT:
            if self.continued is None:
                self.continued = Continued(self.workbook, self.header, self.wrapped)
            self.continued.write(record.citation, COLUMNS[column].name, value)
            note = _(" […] (continued: the value stands in full in the sheet Continued)")
            value = next(parts(value, CELL_LIMIT - utf16_length(note))) + note
        put_text(self.sheet, row, column, value)


class Continued:
    """The sheet that holds values too long for a cell: the pieces, put together in order, are the value."""

    def __init__(self, workbook: Any, header: Any, wrapped: Any) -> None:
        self.sheet = workbook.add_worksheet("Continued")
        self.rows = self.values = 0
        for column, (name, width) in enumerate(
            (("citation", 16), ("column", 14), ("part", 8), ("value", 120)),
        ):
            self.sheet.set_column(column, column, width, wrapped)
            self.sheet.write_string(0, column, name, header)
        self.sheet.freeze_panes(1, 0)

    def write(self, citation: str, column: str, value: str) -> None:
        """Add a value, a piece per row."""
        self.values += 1
        for number, part in enumerate(parts(value), start=1):
            self.rows += 1
            put_text(self.sheet, self.rows, 0, citation)
            put_text(self.sheet, self.rows, 1, column)
            self.sheet.write_number(self.rows, 2, number)
            put_text(self.sheet, self.rows, 3, part)


def put_text(sheet: Any, row: int, column: int, text: str, look: Any = None) -> None:
    """Write a text as a text, never as a formula, a link, a number or mark-up.

    Raises ValueError for a text over Excel's limit, which would otherwise be cut.
    """
    if text.startswith("<r>"):
        # XlsxWriter takes an inline string of this form for its own rich text and would not escape it.
        status = sheet.write_rich_string(row, column, text[0], text[1], text[2:], *([look] if look else []))
    else:
        status = sheet.write_string(row, column, text, look)
    if status != 0:
        raise ValueError(
            f"the text for row {row}, column {column} does not fit a cell: {len(text)} characters"
        )


def utf16_length(text: str) -> int:
    """Length as Excel counts it: characters beyond U+FFFF count twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def parts(text: str, limit: int = CELL_LIMIT) -> Iterator[str]:
    """Cut a text into pieces of at most `limit` UTF-16 code units, losing and adding nothing."""
    start = size = 0
    for at, character in enumerate(text):
        width = 2 if character > "\uffff" else 1
        if size + width > limit:
            yield text[start:at]
            start, size = at, 0
        size += width
    yield text[start:]
