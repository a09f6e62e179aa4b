"""The data dictionary: what every column of the exported tables means, and what every code stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from consult.aggregation.exports import coverage_csv
from consult.aggregation.exports.cells import csv_bytes
from consult.aggregation.exports.records import COLUMNS
from consult.i18n import gettext

# Name of a code list -> (code, label in words), in the order a reader expects.
Codes = Mapping[str, Sequence[tuple[str, str]]]

CODE_LISTS = tuple(column.code_list for column in COLUMNS if column.code_list)


class DictionaryRow(NamedTuple):
    """A column without codes takes one row; a column with codes takes one row per code."""

    file: str
    column: str
    type: str
    meaning: str
    code: str
    label: str


def dictionary_rows(codes: Codes) -> list[DictionaryRow]:
    """Every column of the inputs files and of coverage.csv. Raises ValueError naming missing code lists."""
    if missing := sorted(set(CODE_LISTS) - set(codes)):
        raise ValueError(f"code lists missing from the data dictionary: {', '.join(missing)}")
    return list(_rows(codes))


def codebook_csv(codes: Codes) -> bytes:
    """codebook.csv: the same rows as a file. Raises ValueError like `dictionary_rows`."""
    return csv_bytes(DictionaryRow._fields, dictionary_rows(codes))


def _rows(codes: Codes) -> Iterator[DictionaryRow]:
    for file, columns in (("inputs", COLUMNS), ("coverage", coverage_csv.COLUMNS)):
        for column in columns:
            meaning = gettext(column.description)
            for code, label in codes[column.code_list] if column.code_list else [("", "")]:
                yield DictionaryRow(file, column.name, column.type, meaning, code, label)
