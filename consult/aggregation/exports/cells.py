"""How one value is written where only text fits: cells that no spreadsheet runs, lists, moments."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

# A spreadsheet runs a cell that starts with one of these; East Asian editions take the full-width forms too.
TRIGGERS = frozenset("=+-@\t\r\0＝＋－＠")
# Leading white space does not disarm a trigger, so a cell that starts with any needs the longer look.
SUSPECTS = TRIGGERS | frozenset(c for c in map(chr, range(0x3001)) if c.isspace()) | {"\ufeff", "\u200b"}
_LEADING = "".join(SUSPECTS - TRIGGERS)

BOM = b"\xef\xbb\xbf"  # Excel reads UTF-8 right only after a byte order mark


def harmless(cell: str) -> str:
    """Prefix an apostrophe to a cell that a spreadsheet would run as a formula; any other is unchanged.

    Source of the rule: OWASP, CSV injection. NUL counts: some readers drop it and see what stands behind.
    """
    if cell[:1] not in SUSPECTS:
        return cell
    if cell[0] in "\t\r\0" or cell.lstrip(_LEADING)[:1] in TRIGGERS:
        return "'" + cell
    return cell


def joined(values: Iterable[object]) -> str:
    """A list in one cell: '5;6'."""
    return ";".join(map(str, values))


def utc(moment: datetime) -> str:
    """RFC 3339 in UTC: '2026-03-01T12:00:00Z'. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment!r}")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A small table as a CSV file: UTF-8 with byte order mark, CRLF (RFC 4180), every cell harmless."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return BOM + buffer.getvalue().encode()
