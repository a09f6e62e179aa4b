"""Reads tables of input (CSV, JSONL, XLSX) as rows of named text cells, one at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, str]
# A cell of Excel holds 32,767 characters; a CSV field may be any length, within reason.
LONGEST_CELL = 4_000_000


class UnreadableTable(Exception):
    """The file is no such table; the message says what is wrong with it."""


def read_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """(row number as the file counts, cells by header) of every row; numbers and dates as text.

    Raises UnreadableTable for a wrong kind of file, a missing header, a line that is no JSON object.
    """
    readers = {".csv": _csv, ".jsonl": _jsonl, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UnreadableTable(f"{path.name}: expected a .csv, .jsonl or .xlsx file")
    try:
        yield from reader(path)
    except UnicodeDecodeError as fault:
        raise UnreadableTable(f"{path.name}: not UTF-8 (byte {fault.start})") from fault
    except OSError as fault:
        raise UnreadableTable(f"{path.name}: {fault.strerror or 'cannot be read'}") from fault


def _csv(path: Path) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        if not reader.fieldnames:
            raise UnreadableTable(f"{path.name}: no header row")
        try:
            for cells in reader:
                yield reader.line_num, {name: str(value) for name, value in cells.items() if name}
        except csv.Error as fault:
            raise UnreadableTable(f"{path.name}, line {reader.line_num}: {fault}") from fault


def _jsonl(path: Path) -> Iterator[tuple[int, Row]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                cells = json.loads(line)
            except (ValueError, RecursionError) as fault:
                raise UnreadableTable(f"{path.name}, line {number}: not JSON") from fault
            if not isinstance(cells, dict):
                raise UnreadableTable(f"{path.name}, line {number}: not a JSON object")
            yield number, {str(name): _as_text(value) for name, value in cells.items()}


def _xlsx(path: Path) -> Iterator[tuple[int, Row]]:
    # Ten megabytes that only who imports a workbook needs.
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as fault:
        raise UnreadableTable(f"{path.name}: not an Excel workbook") from fault
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True)
        header = [_as_text(name).strip() for name in next(rows, ())]
        if not any(header):
            raise UnreadableTable(f"{path.name}: no header row")
        for number, cells in enumerate(rows, start=2):
            named = zip(header, cells, strict=False)
            row = {name: _as_text(value) for name, value in named if name}
            if any(row.values()):
                yield number, row
    finally:
        book.close()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
