"""CSV and JSON Lines say what the records say, in flat memory, and lag behind no bare library."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.aggregation.exports.cells import TRIGGERS, harmless, joined, utc
from consult.aggregation.exports.records import COLUMNS, InputRecord, batches
from consult.aggregation.exports.tables import BATCH, csv_chunks, jsonl_chunks
from tests.aggregation.exports.samples import ANONYMOUS, RECORD, many

Writer = Callable[[Iterable[InputRecord]], Iterator[bytes]]

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["", "=1", "a,b", '"', "\r\n", "\n=x", " +1", "\0", "¶", "فقرة", "<r>x</r>"]
)
NUMBER = st.integers(min_value=0, max_value=9)
KINDS: dict[str, st.SearchStrategy[object]] = {
    "text": TEXT,
    "code": TEXT,
    "integer": NUMBER,
    "true or false": st.booleans(),
    "time (UTC)": st.datetimes(min_value=datetime(2026, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "list of integers": st.lists(NUMBER, max_size=3).map(tuple),
    "list of text": st.lists(TEXT, max_size=3).map(tuple),
}
RECORDS = st.tuples(*[KINDS[column.type] for column in COLUMNS]).map(InputRecord._make)


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_csv_writer_has_it(record: InputRecord) -> list[str]:
    cells: list[str] = []
    for value in record:
        if isinstance(value, bool):
            cells.append(str(value).lower())
        elif isinstance(value, tuple):
            cells.append(harmless(joined(value)))
        elif isinstance(value, datetime):
            cells.append(utc(value))
        else:
            cells.append("" if value is None else harmless(str(value)))
    return cells


def as_json_has_it(record: InputRecord) -> dict[str, object]:
    values: dict[str, object] = record._asdict()
    values |= {"objectives": list(record.objectives), "cosignatories": list(record.cosignatories)}
    return values | {"received_at": utc(record.received_at)}


@given(st.lists(RECORDS, max_size=3))
@settings(max_examples=150, deadline=None)
def test_both_say_what_the_records_say(records: list[InputRecord]) -> None:
    rows = list(csv.reader(io.StringIO(b"".join(csv_chunks(records)).decode("utf-8-sig"), newline="")))
    assert rows == [list(InputRecord._fields), *map(as_csv_writer_has_it, records)]
    assert not any(cell.strip()[:1] in TRIGGERS for row in rows for cell in row if cell.strip())
    lines = b"".join(jsonl_chunks(records)).decode().split("\n")
    assert [json.loads(line) for line in lines[:-1]] == [as_json_has_it(record) for record in records]


def test_csv_as_a_spreadsheet_meets_it() -> None:
    data = b"".join(csv_chunks([RECORD, ANONYMOUS]))
    assert data.startswith(b"\xef\xbb\xbfreference,version,")
    assert data.count(b"\r\n") == 3
    first, second = read_csv(data)
    assert first["objectives"] == "5;6"
    assert first["cosignatories"] == "Sample Union;Sample Institute, Faculty of Samples"
    assert first["received_at"] == "2026-04-15T15:59:59.250000Z"
    assert (first["joint"], first["late"]) == ("true", "false")
    assert first["text"] == RECORD.text
    assert (second["organisation"], second["organisation_id"], second["country"]) == ("", "", "")


def test_jsonl_of_an_anonymous_record() -> None:
    record = json.loads(b"".join(jsonl_chunks([ANONYMOUS])))
    assert record["organisation_id"] is None
    assert record["organisation"] == ""
    assert record["cosignatories"] == []


@pytest.mark.parametrize("writer", [csv_chunks, jsonl_chunks])
def test_same_records_same_bytes_and_a_chunk_at_a_time(writer: Writer) -> None:
    asked = 0

    def counted() -> Iterator[InputRecord]:
        nonlocal asked
        for record in many(3 * BATCH):
            asked += 1
            yield record

    stream = writer(counted())
    next(stream)
    assert asked <= BATCH + 1, "the first bytes wait for one batch at most"
    assert b"".join(writer(many(700))) == b"".join(writer(many(700)))


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = RECORD._replace(received_at=datetime(2026, 1, 1))  # noqa: DTZ001
    for writer in (csv_chunks, jsonl_chunks):
        with pytest.raises(ValueError, match="time zone"):
            list(writer([naive]))


def test_batches_lose_nothing() -> None:
    assert [len(batch) for batch in batches(many(7), 3)] == [3, 3, 1]


MEMORY = """
import pathlib, re
from consult.aggregation.exports.tables import {writer}
from tests.aggregation.exports.samples import many
size = sum(map(len, {writer}(many({records}))))
# The high-water mark of this program alone; getrusage would add that of the program that started it.
print(size, int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_stays_flat_over_200_000_records() -> None:
    script = MEMORY.format(writer="csv_chunks", records=200_000)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    size, megabytes = map(int, done.stdout.split())
    assert size > 100_000_000
    assert megabytes < 150
