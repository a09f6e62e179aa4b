"""Decides by its content whether an uploaded file may be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from consult.submissions.intake.documents import examine_package
from consult.submissions.intake.filenames import clean_filename, extension, with_extension
from consult.submissions.intake.plain_files import (
    examine_jpeg,
    examine_pdf,
    examine_png,
    examine_rtf,
    examine_text,
)
from consult.submissions.intake.sniffing import KINDS, KNOWN_EXTENSIONS, normal_kinds, sniff
from consult.submissions.intake.verdicts import FileVerdict, RefusedError

_EXAMINERS: dict[str, Callable[[Path], None]] = {
    "pdf": examine_pdf,
    "rtf": examine_rtf,
    "png": examine_png,
    "jpeg": examine_jpeg,
    "text": examine_text,
}


def inspect(path: Path, filename: str, accepted: Sequence[str]) -> FileVerdict:
    """What the file at `path` is and whether it may be kept, `filename` being what the sender calls it.

    `accepted` lists kinds or extensions (`pdf`, `.docx`, `jpg`). The content decides: a file whose name says
    something else gets the extension of what it is, except that text is taken for text only when so named.
    Reads the whole file and trusts nothing in it: call `files.examine_in_subprocess` instead.
    """
    name = clean_filename(filename)
    kinds = normal_kinds(accepted)
    try:
        size = path.stat().st_size
    except OSError:
        return FileVerdict(False, name, 0, reason="missing")
    try:
        kind = _kind(path, name, size)
        if kind not in kinds:
            raise RefusedError("not_accepted", kind=kind)
    except RefusedError as refusal:
        facts = dict(refusal.facts)
        if refusal.reason in ("not_accepted", "unknown_kind"):
            facts["accepted"] = ", ".join(sorted(kinds))
        return FileVerdict(False, name, size, reason=refusal.reason, facts=facts)
    suited = with_extension(name, KINDS[kind].extensions, KNOWN_EXTENSIONS)
    return FileVerdict(True, suited, size, kind=kind, media_type=KINDS[kind].media_type)


def _kind(path: Path, name: str, size: int) -> str:
    """The kind of the file, examined to its end. Raises RefusedError."""
    if not size:
        raise RefusedError("empty")
    found = sniff(path)
    if found == "zip":
        with path.open("rb") as stream:
            return examine_package(stream)
    _EXAMINERS[found](path)
    if found != "text":
        return found
    named = extension(name)
    if named and named not in KINDS["txt"].extensions:
        raise RefusedError("misnamed_text", extension=named)
    return "txt"
