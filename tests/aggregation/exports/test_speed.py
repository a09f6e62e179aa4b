"""Records per second beside the bare libraries, in one run on one machine (promises: XLSX at least 80 %)."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from consult.aggregation.exports.cells import joined, utc
from consult.aggregation.exports.records import InputRecord
from consult.aggregation.exports.tables import csv_chunks, jsonl_chunks
from consult.aggregation.exports.workbook import write_xlsx
from tests.aggregation.exports.samples import MOMENT, many

pytestmark = pytest.mark.load


def rate(work: Callable[[], object], count: int, rounds: int = 3) -> float:
    """Records per second, the best of some rounds, since others share the machine."""
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return count / min(times)


def cells(record: InputRecord) -> list[str | int]:
    values: list[str | int] = [value for value in record if isinstance(value, str | int)]
    return [*values, joined(record.objectives), joined(record.cosignatories), utc(record.received_at)]


def bare_csv(rows: list[list[str | int]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def bare_xlsx(path: Path, rows: list[list[str | int]]) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def test_csv_and_jsonl_are_faster_than_the_bare_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    records = list(many(30_000))
    rows = [cells(record) for record in records]
    objects = [dict(zip(InputRecord._fields, row, strict=True)) for row in rows]
    ours = rate(lambda: sum(map(len, csv_chunks(records))), len(records))
    bare = rate(lambda: bare_csv(rows), len(records))
    json_ours = rate(lambda: sum(map(len, jsonl_chunks(records))), len(records))
    json_bare = rate(lambda: [json.dumps(one).encode() for one in objects], len(records))
    with capsys.disabled():
        print(f"\nCSV   {ours:9,.0f} records/s, bare csv.writer {bare:9,.0f}: {ours / bare:.2f}")
        print(f"JSONL {json_ours:9,.0f} records/s, json.dumps {json_bare:9,.0f}: {json_ours / json_bare:.2f}")
    assert ours > bare
    assert json_ours > json_bare


def test_workbook_keeps_up_with_bare_xlsxwriter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = list(many(3_000))
    rows = [cells(record) for record in records]
    path = tmp_path / "inputs.xlsx"
    ours = rate(lambda: write_xlsx(path, records, [], [], moment=MOMENT), len(records))
    bare = rate(lambda: bare_xlsx(path, rows), len(records))
    with capsys.disabled():
        print(f"\nXLSX  {ours:9,.0f} records/s, bare XlsxWriter {bare:9,.0f}: {ours / bare:.2f}")
    assert ours / bare >= 0.8
