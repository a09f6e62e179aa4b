"""Parquet, codebook, coverage and manifest: types, codes, sums."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import rfc8785

from consult.aggregation.exports import parquet
from consult.aggregation.exports.counts import Counts
from consult.aggregation.exports.coverage_csv import COLUMNS as COVERAGE_COLUMNS
from consult.aggregation.exports.coverage_csv import CoverageRow, coverage_csv
from consult.aggregation.exports.dictionary import CODE_LISTS, codebook_csv
from consult.aggregation.exports.manifest import FileEntry, build_manifest
from consult.aggregation.exports.parquet import write_parquet
from consult.aggregation.exports.records import COLUMNS, InputRecord
from tests.aggregation.exports.samples import ANONYMOUS, CODES, MOMENT, RECORD, many

COUNTS = Counts(filed=12, accepted=6, returned=2, rejected=1, withdrawn=1, waiting=2)
FILES = [FileEntry("inputs.csv", "ab" * 32, 100, 6), FileEntry("coverage.csv", "cd" * 32, 50, None)]


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_dictionary_describes_exactly_the_columns() -> None:
    assert tuple(column.name for column in COLUMNS) == InputRecord._fields
    assert tuple(column.name for column in COVERAGE_COLUMNS) == CoverageRow._fields
    assert all(column.description.endswith(".") for column in (*COLUMNS, *COVERAGE_COLUMNS))
    rows = table(codebook_csv(CODES))
    assert list(dict.fromkeys(row["column"] for row in rows if row["file"] == "inputs")) == [
        *InputRecord._fields
    ]
    assert [(row["code"], row["label"]) for row in rows if row["column"] == "group"] == CODES["group"]
    assert [row["code"] for row in rows if row["column"] == "title"] == [""]


def test_a_code_list_that_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="publication"):
        codebook_csv({name: [] for name in CODE_LISTS if name != "publication"})


def test_parquet_types_and_values(tmp_path: Path) -> None:
    path = tmp_path / "inputs.parquet"
    assert write_parquet(path, [RECORD, ANONYMOUS]) == 2
    found = pq.read_table(path)
    assert found.schema.equals(parquet.SCHEMA)
    first, second = found.to_pylist()
    assert (
        InputRecord(**{**first, "objectives": (5, 6), "cosignatories": tuple(first["cosignatories"])})
        == RECORD
    )
    assert second["organisation_id"] is None
    assert second["objectives"] == []
    assert b"redaction" in found.schema.field("text").metadata[b"description"]


def test_parquet_in_row_groups_and_reproducible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 40)
    for name in ("one", "two"):
        assert write_parquet(tmp_path / name, many(100)) == 100
    assert pq.ParquetFile(tmp_path / "one").num_row_groups == 3
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert write_parquet(tmp_path / "none", []) == 0
    assert pq.read_table(tmp_path / "none").num_rows == 0


def test_coverage_in_long_form() -> None:
    rows = [
        CoverageRow("area", "rt1", "=Sample", "group", "civil_society", "Civil society", 3, 5),
        CoverageRow("area", "rt1", "=Sample", "group", "nhri", "National institutions", None, None),
    ]
    shown, hidden = table(coverage_csv(rows))
    assert (shown["row_label"], shown["organisations"], shown["submissions"]) == ("'=Sample", "3", "5")
    assert (hidden["organisations"], hidden["submissions"]) == ("", "")


def test_manifest_is_canonical() -> None:
    data = build_manifest(report_id=7, consultation="sample-2026", as_of=MOMENT, counts=COUNTS, files=FILES)
    found = json.loads(data)
    assert rfc8785.dumps(found) == data
    assert found["as_of"] == "2026-04-20T09:30:00Z"
    assert found["counts"] == COUNTS._asdict()
    assert [file["name"] for file in found["files"]] == ["coverage.csv", "inputs.csv"]
    other = build_manifest(
        report_id=7, consultation="sample-2026", as_of=MOMENT, counts=COUNTS, files=FILES[::-1]
    )
    assert other == data


@pytest.mark.parametrize(
    "counts", [COUNTS._replace(filed=13), COUNTS._replace(returned=3, waiting=-1, filed=10)]
)
def test_counts_that_do_not_add_up_make_no_manifest(counts: Counts) -> None:
    with pytest.raises(ValueError, match="add up"):
        build_manifest(report_id=7, consultation="x", as_of=MOMENT, counts=counts, files=FILES)


def test_a_manifest_refuses_what_is_ambiguous() -> None:
    with pytest.raises(ValueError, match="twice"):
        build_manifest(report_id=7, consultation="x", as_of=MOMENT, counts=COUNTS, files=[*FILES, FILES[0]])
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        build_manifest(report_id=7, consultation="x", as_of=naive, counts=COUNTS, files=FILES)
