"""manifest.json: what a report holds, so that anyone can check it without us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import rfc8785

from consult.aggregation.exports.cells import utc
from consult.aggregation.exports.counts import Counts

FORMAT = "consult-report/1"


class FileEntry(NamedTuple):
    """A file of the report: SHA-256 in hexadecimal, size in bytes, records if it is a table."""

    name: str
    sha256: str
    size: int
    rows: int | None


def build_manifest(
    *, report_id: int, consultation: str, as_of: datetime, counts: Counts, files: Sequence[FileEntry]
) -> bytes:
    """Canonical JSON (RFC 8785), so that the same report always has the same bytes.

    `as_of` is the moment the data was read; `consultation` its short name. Raises ValueError if the counts do
    not add up, a file is named twice, or the moment has no time zone.
    """
    names = [file.name for file in files]
    if len(set(names)) < len(names):
        raise ValueError(f"a file is named twice: {', '.join(sorted(names))}")
    return rfc8785.dumps(
        {
            "format": FORMAT,
            "report": report_id,
            "consultation": consultation,
            "as_of": utc(as_of),
            "counts": dict(counts.balanced()._asdict()),
            "files": [dict(file._asdict()) for file in sorted(files)],
        }
    )
