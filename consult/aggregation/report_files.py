"""The files of a report, written one after the other from what was gathered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from consult.aggregation.edition import Edition
from consult.aggregation.exports.coverage_csv import coverage_csv
from consult.aggregation.exports.dictionary import codebook_csv
from consult.aggregation.exports.manifest import FileEntry, build_manifest
from consult.aggregation.exports.summary_docx import summary_docx
from consult.aggregation.formats import FORMS, codes, facts, write_records
from consult.aggregation.stream import records

FILES = (
    *(f"inputs.{form}" for form in FORMS),
    "coverage.csv",
    "codebook.csv",
    "summary.docx",
    "summary.pdf",
    "manifest.json",
)
# Reading the data is a step of its own.
STEPS = len(FILES) + 1
Told = Callable[[int, str], None]


def write_files(report_id: int, gathered: Edition, folder: Path, tell: Told) -> Sequence[FileEntry]:
    """Write every file of a report into a folder, within the snapshot it was gathered in."""
    files: list[FileEntry] = []
    for done, name in enumerate(FILES, start=1):
        tell(done, name)
        rows = None
        if name == "manifest.json":
            (folder / name).write_bytes(_manifest(report_id, gathered, files))
        else:
            rows = _write(name, gathered, folder / name)
        files.append(_entry(folder / name, rows))
    return files


def _write(name: str, gathered: Edition, path: Path) -> int | None:
    """One file; returns its number of records where it is a table of records."""
    consultation, day = gathered.consultation, gathered.day
    stem, form = name.split(".")
    if stem == "inputs":
        about = facts(consultation, gathered.counts, day, restricted=False)
        return write_records(
            form, path, records(consultation), codes=codes(consultation), facts=about, moment=day
        )
    if name == "coverage.csv":
        path.write_bytes(coverage_csv(gathered.coverage))
        return len(gathered.coverage)
    if name == "codebook.csv":
        path.write_bytes(codebook_csv(codes(consultation)))
    elif form == "docx":
        path.write_bytes(summary_docx(gathered.summary))
    else:
        # The typesetter is for the process that builds; the web reads this module for its steps.
        from consult.aggregation.exports.summary_pdf import summary_pdf

        path.write_bytes(summary_pdf(gathered.summary))
    return None


def _manifest(report_id: int, gathered: Edition, files: Sequence[FileEntry]) -> bytes:
    return build_manifest(
        report_id=report_id,
        consultation=gathered.consultation.slug,
        as_of=gathered.as_of,
        counts=gathered.counts,
        files=files,
    )


def _entry(path: Path, rows: int | None) -> FileEntry:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return FileEntry(path.name, sha256, path.stat().st_size, rows)
