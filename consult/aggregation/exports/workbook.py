"""inputs.xlsx: the records as an Excel workbook that says by itself what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from consult.aggregation.exports.cells import utc
from consult.aggregation.exports.dictionary import DictionaryRow
from consult.aggregation.exports.records import InputRecord
from consult.aggregation.exports.worksheets import ROWS_PER_SHEET, InputSheets, put_text
from consult.i18n import gettext as _

# Formulas, links and numbers are made only where asked for: a contributor's text is text.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    # A look that every cell has by default costs nothing to write.
    "default_format_properties": {"valign": "top"},
}

# (label, value): what the sheet About says of the file, such as consultation, moment and counts.
Facts = Sequence[tuple[str, str | int | datetime]]


def write_xlsx(
    path: Path,
    records: Iterable[InputRecord],
    dictionary: Sequence[DictionaryRow],
    facts: Facts,
    *,
    moment: datetime,
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> int:
    """Write the workbook and return the number of records. Memory stays flat; the same input, the same bytes.

    Sheets: Inputs (then Inputs 2 and so on past Excel's limit of rows), Continued if a value is longer than a
    cell may be, Data dictionary, About. `moment` is when the data was read. Raises ValueError for a moment
    without a time zone.
    """
    with xlsxwriter.Workbook(str(path), OPTIONS) as workbook:
        workbook.set_properties({"title": _("Accepted input"), "created": _naive(moment)})
        inputs = InputSheets(workbook, rows_per_sheet)
        for record in records:
            inputs.write(record)
        inputs.close()
        _write_dictionary(workbook, dictionary, inputs.header)
        _write_about(workbook, [*facts, *_sheet_facts(inputs)])
    return inputs.count


def _naive(moment: datetime) -> datetime:
    # Excel knows no time zones: every time in the workbook is UTC, and About says so.
    return datetime.fromisoformat(utc(moment)).replace(tzinfo=None)


def _sheet_facts(inputs: InputSheets) -> Facts:
    facts: list[tuple[str, str | int | datetime]] = [
        (_("Records in this file"), inputs.count),
        (_("Sheets of records"), inputs.sheets),
        (_("Times"), _("All times are in Coordinated Universal Time (UTC).")),
    ]
    if inputs.continued:
        words = _("Values too long for a cell, in full in the sheet Continued")
        facts.append((words, inputs.continued.values))
    return facts


def _write_dictionary(workbook: Any, rows: Sequence[DictionaryRow], header: Any) -> None:
    sheet = workbook.add_worksheet("Data dictionary")
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate((11, 18, 16, 60, 24, 44)):
        sheet.set_column(column, column, width, wrapped)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(DictionaryRow._fields):
        sheet.write_string(0, column, name, header)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            put_text(sheet, number, column, value)
    sheet.autofilter(0, 0, len(rows), len(DictionaryRow._fields) - 1)


def _write_about(workbook: Any, facts: Facts) -> None:
    sheet = workbook.add_worksheet("About")
    label_format = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    left = {"text_wrap": True, "valign": "top", "align": "left"}
    value_format = workbook.add_format(left)
    time_format = workbook.add_format({**left, "num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    for row, (label, value) in enumerate(facts):
        put_text(sheet, row, 0, label, label_format)
        if isinstance(value, datetime):
            sheet.write_datetime(row, 1, _naive(value), time_format)
        elif isinstance(value, int):
            sheet.write_number(row, 1, value, value_format)
        else:
            put_text(sheet, row, 1, value, value_format)
