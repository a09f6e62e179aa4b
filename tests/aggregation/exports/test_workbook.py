"""inputs.xlsx opens, holds every character, and runs nothing."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from consult.aggregation.exports.dictionary import dictionary_rows
from consult.aggregation.exports.records import COLUMNS, InputRecord
from consult.aggregation.exports.workbook import Facts, write_xlsx
from consult.aggregation.exports.worksheets import CELL_LIMIT, parts, utf16_length
from tests.aggregation.exports.samples import ANONYMOUS, CODES, GENEVA, MOMENT, RECORD, many

FACTS: Facts = [("Consultation", "Sample consultation"), ("Data as of", MOMENT), ("Submissions filed", 12)]


def write(path: Path, *records: InputRecord, rows_per_sheet: int = 1000) -> openpyxl.Workbook:
    count = write_xlsx(
        path, records, dictionary_rows(CODES), FACTS, moment=MOMENT, rows_per_sheet=rows_per_sheet
    )
    assert count == len(records)
    return openpyxl.load_workbook(path)


def rows(book: openpyxl.Workbook, sheet: str) -> list[dict[str, object]]:
    header, *body = book[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in body]


def test_sheets_and_types(tmp_path: Path) -> None:
    book = write(tmp_path / "inputs.xlsx", RECORD, ANONYMOUS)
    assert book.sheetnames == ["Inputs", "Data dictionary", "About"]
    first, second = rows(book, "Inputs")
    assert list(first) == list(InputRecord._fields)
    assert first["text"] == RECORD.text
    assert first["objectives"] == "5;6"
    assert (first["joint"], first["late"], first["words"]) == (True, False, 11)
    assert first["received_at"] == datetime(2026, 4, 15, 15, 59, 59, 250000)  # noqa: DTZ001
    assert (second["organisation"], second["organisation_id"], second["cosignatories"]) == (None, None, None)
    sheet = book["Inputs"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:Y3"
    text = sheet.cell(2, InputRecord._fields.index("text") + 1)
    assert text.alignment.wrap_text or sheet.column_dimensions["T"].width > 80


def test_dictionary_and_about(tmp_path: Path) -> None:
    book = write(tmp_path / "inputs.xlsx", RECORD)
    dictionary = rows(book, "Data dictionary")
    assert [row["column"] for row in dictionary if row["file"] == "inputs" and row["column"] == "group"] == [
        "group",
        "group",
    ]
    assert {row["column"] for row in dictionary if row["file"] == "inputs"} == {c.name for c in COLUMNS}
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["Consultation"] == "Sample consultation"
    assert about["Data as of"] == MOMENT.replace(tzinfo=None)
    assert (about["Submissions filed"], about["Records in this file"]) == (12, 1)


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "http://example.org/",
    "<r>x</r>",
    "<r><t>y</t></r>",
    "{=1}",
    "007",
]


def test_text_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "inputs.xlsx"
    book = write(path, *[RECORD._replace(text=text, organisation=text) for text in HOSTILE])
    assert [row["text"] for row in rows(book, "Inputs")] == HOSTILE
    for row in book["Inputs"].iter_rows():
        assert not any(cell.data_type == "f" or cell.hyperlink for cell in row)
    with zipfile.ZipFile(path) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_a_full_sheet_goes_on_in_the_next(tmp_path: Path) -> None:
    book = write(tmp_path / "inputs.xlsx", *many(9), rows_per_sheet=5)
    assert book.sheetnames == ["Inputs", "Inputs 2", "Inputs 3", "Data dictionary", "About"]
    found = [row["citation"] for name in book.sheetnames[:3] for row in rows(book, name)]
    assert found == [record.citation for record in many(9)]
    assert book["Inputs 3"].auto_filter.ref == "A1:Y2"


@pytest.mark.parametrize("long", ["x" * 70_000, "😀" * 20_000, ("é" * 999 + "\n") * 40])
def test_nothing_is_cut(tmp_path: Path, long: str) -> None:
    record = RECORD._replace(text=long)
    book = write(tmp_path / "inputs.xlsx", ANONYMOUS, record, RECORD)
    assert "Continued" in book.sheetnames
    cell = str(rows(book, "Inputs")[1]["text"])
    assert "Continued" in cell[-80:]
    assert utf16_length(cell) <= CELL_LIMIT
    pieces = rows(book, "Continued")
    assert [piece["part"] for piece in pieces] == list(range(1, len(pieces) + 1))
    assert "".join(str(piece["value"]) for piece in pieces) == long
    assert {(piece["citation"], piece["column"]) for piece in pieces} == {("S-0123 v2 ¶7", "text")}
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["Values too long for a cell, in full in the sheet Continued"] == 1


def test_a_text_that_just_fits_is_left_alone(tmp_path: Path) -> None:
    book = write(tmp_path / "inputs.xlsx", RECORD._replace(text="x" * CELL_LIMIT))
    assert "Continued" not in book.sheetnames
    assert rows(book, "Inputs")[0]["text"] == "x" * CELL_LIMIT


def test_parts_fit_and_add_up() -> None:
    text = "a😀b" * 5
    assert "".join(parts(text, 4)) == text
    assert all(utf16_length(part) <= 4 for part in parts(text, 4))


def test_same_records_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write(tmp_path / name, *many(20))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_no_records_at_all(tmp_path: Path) -> None:
    book = write(tmp_path / "inputs.xlsx")
    assert rows(book, "Inputs") == []
    with pytest.raises(ValueError, match="time zone"):
        write_xlsx(tmp_path / "bad.xlsx", [], [], [], moment=datetime(2026, 1, 1))  # noqa: DTZ001


def test_times_of_other_zones_become_utc(tmp_path: Path) -> None:
    moment = datetime(2026, 4, 15, 18, 0, tzinfo=GENEVA)
    book = write(tmp_path / "inputs.xlsx", RECORD._replace(received_at=moment))
    assert rows(book, "Inputs")[0]["received_at"] == moment.astimezone(UTC).replace(tzinfo=None)
