"""Tells what a file is from its first bytes, never from its name or from what the sender says."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from consult.submissions.intake.verdicts import RefusedError

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that a consultation may accept, and its extensions, the usual one first."""

    name: str
    media_type: str
    extensions: tuple[str, ...]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",)),
        Kind("docx", _OOXML + "wordprocessingml.document", ("docx",)),
        Kind("xlsx", _OOXML + "spreadsheetml.sheet", ("xlsx",)),
        Kind("pptx", _OOXML + "presentationml.presentation", ("pptx",)),
        Kind("odt", _ODF + "text", ("odt",)),
        Kind("ods", _ODF + "spreadsheet", ("ods",)),
        Kind("odp", _ODF + "presentation", ("odp",)),
        Kind("rtf", "application/rtf", ("rtf",)),
        Kind("txt", "text/plain", ("txt", "text", "md")),
        Kind("png", "image/png", ("png",)),
        Kind("jpeg", "image/jpeg", ("jpg", "jpeg")),
    )
}
KNOWN_EXTENSIONS = frozenset(extension for kind in KINDS.values() for extension in kind.extensions)

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (ZIP, "zip"),
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"#!",
)
_ARCHIVES = (
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"MSCF",
    b"PK\x05\x06",
    b"\x28\xb5\x2f\xfd",
)
_WEB_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<svg", b"<script")


def sniff(path: Path) -> str:
    """`pdf`, `rtf`, `png`, `jpeg`, `zip` or `text`, the last meaning only that nothing else fits.

    Raises RefusedError for programs, archives, web pages, and old or password-protected office files.
    """
    with path.open("rb") as stream:
        head = stream.read(1024)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(OLE):
        raise RefusedError(
            "encrypted" if _holds(path, "EncryptedPackage".encode("utf-16-le")) else "old_office"
        )
    refuse_foreign(head)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGES):
        raise RefusedError("web_page")
    return "text"


def refuse_foreign(head: bytes) -> None:
    """Raises RefusedError when `head`, a file's first bytes, begins a program or a packed archive."""
    if head.startswith(_PROGRAMS):
        raise RefusedError("program")
    if head.startswith(_ARCHIVES):
        raise RefusedError("archive")


def normal_kinds(accepted: Sequence[str]) -> frozenset[str]:
    """Kinds out of a list of kinds or extensions, as rules may write them (`.PDF`, `jpg`)."""
    wanted = {name.strip().lower().removeprefix(".") for name in accepted}
    return frozenset(
        kind.name for kind in KINDS.values() if kind.name in wanted or wanted & set(kind.extensions)
    )


def _holds(path: Path, needle: bytes) -> bool:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(needle) >= 0
