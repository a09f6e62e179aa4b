"""inputs.csv and inputs.jsonl, written as a stream of chunks with flat memory.

Rows are put together by hand and not by csv.writer or json.dumps, which look at every character of every
cell: all paragraphs of a submission share most of their values, so each is looked at once and remembered.
Seen: more than three times as fast as csv.writer, twice as fast as json.dumps; tests prove the outcome equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from json.encoder import encode_basestring
from typing import Any

from consult.aggregation.exports.cells import BOM, SUSPECTS, harmless, joined, utc
from consult.aggregation.exports.records import InputRecord, batches

BATCH = 256  # records to a chunk: some 150 kB; larger ones were not faster

_TRUTH = ("false", "true")


class _Memo(dict[Any, str]):
    """What a value looks like in the file, remembered for the next row; forgets all when it has grown."""

    def __init__(self, written: Callable[[Any], str]) -> None:
        self.written = written

    def __missing__(self, value: Any) -> str:
        if len(self) >= 4096:
            self.clear()
        cell = self[value] = self.written(value)
        return cell


def csv_chunks(records: Iterable[InputRecord]) -> Iterator[bytes]:
    """inputs.csv: UTF-8 with byte order mark, RFC 4180, a record per row, no cell that runs as a formula.

    The first chunk is the header and comes before the first record is asked for. Raises ValueError for a
    moment without a time zone.
    """
    row = _csv_row_writer()
    yield BOM + (",".join(InputRecord._fields) + "\r\n").encode()
    for batch in batches(records, BATCH):
        yield "".join(map(row, batch)).encode()


def jsonl_chunks(records: Iterable[InputRecord]) -> Iterator[bytes]:
    """inputs.jsonl: one JSON object per line, UTF-8, lists as lists, times RFC 3339, no value null but the
    identifier of an anonymous organisation. Raises ValueError for a moment without a time zone."""
    row = _json_row_writer()
    for batch in batches(records, BATCH):
        yield "".join(map(row, batch)).encode()


def _csv_cell(value: str) -> str:
    cell = harmless(value)
    if '"' in cell or "," in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _csv_row_writer() -> Callable[[InputRecord], str]:
    cell = _Memo(_csv_cell)
    names = _Memo(lambda values: _csv_cell(joined(values)))
    moment = _Memo(utc)

    def row(record: InputRecord) -> str:
        (
            reference, version, paragraph, citation, consultation, area, area_title, objectives,
            organisation, organisation_id, group, country, region, accreditation, joint, cosignatories,
            language, publication, title, text, words, received_at, late, redacted, sha256,
        ) = record  # fmt: skip
        if text[:1] in SUSPECTS:
            text = harmless(text)
        if '"' in text:
            text = text.replace('"', '""')
        return (
            f"{cell[reference]},{version},{paragraph},{_csv_cell(citation)},{cell[consultation]},"
            f"{cell[area]},{cell[area_title]},{names[objectives]},{cell[organisation]},"
            f"{'' if organisation_id is None else organisation_id},{cell[group]},{cell[country]},"
            f"{cell[region]},{cell[accreditation]},{_TRUTH[joint]},{names[cosignatories]},"
            f"{cell[language]},{cell[publication]},{cell[title]},"
            f'"{text}",'  # nearly every paragraph holds a comma: quoting all of them is cheaper than looking
            f"{words},{moment[received_at]},{_TRUTH[late]},{_TRUTH[redacted]},{cell[sha256]}\r\n"
        )

    return row


def _json_row_writer() -> Callable[[InputRecord], str]:
    cell = _Memo(encode_basestring)
    numbers = _Memo(lambda values: f"[{','.join(map(str, values))}]")
    names = _Memo(lambda values: f"[{','.join(map(encode_basestring, values))}]")
    moment = _Memo(lambda value: f'"{utc(value)}"')

    def row(record: InputRecord) -> str:
        (
            reference, version, paragraph, citation, consultation, area, area_title, objectives,
            organisation, organisation_id, group, country, region, accreditation, joint, cosignatories,
            language, publication, title, text, words, received_at, late, redacted, sha256,
        ) = record  # fmt: skip
        return (
            f'{{"reference":{cell[reference]},"version":{version},"paragraph":{paragraph},'
            f'"citation":{encode_basestring(citation)},"consultation":{cell[consultation]},'
            f'"area":{cell[area]},"area_title":{cell[area_title]},"objectives":{numbers[objectives]},'
            f'"organisation":{cell[organisation]},'
            f'"organisation_id":{"null" if organisation_id is None else organisation_id},'
            f'"group":{cell[group]},"country":{cell[country]},"region":{cell[region]},'
            f'"accreditation":{cell[accreditation]},"joint":{_TRUTH[joint]},'
            f'"cosignatories":{names[cosignatories]},"language":{cell[language]},'
            f'"publication":{cell[publication]},"title":{cell[title]},"text":{encode_basestring(text)},'
            f'"words":{words},"received_at":{moment[received_at]},"late":{_TRUTH[late]},'
            f'"redacted":{_TRUTH[redacted]},"sha256":{cell[sha256]}}}\n'
        )

    return row
