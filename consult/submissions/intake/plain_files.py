"""Examines the files that are not packed: PDF, RTF, plain text and pictures."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import IO, Any

from consult.submissions.intake.verdicts import RefusedError

MAX_PIXELS = 100_000_000
_MAX_PAGES = 5_000

_PDF_SCRIPT = re.compile(rb"/(?:JavaScript|Launch|RichMedia)[\s/<>()\[\]]")
_PDF_CARGO = re.compile(rb"/EmbeddedFiles?[\s/<>()\[\]]")
_RTF_OBJECT = re.compile(rb"\\(?:objdata|objocx|objupdate|objautlink|ddeauto|dde)(?![a-z])")
_RTF_OUTSIDE = re.compile(
    rb"\\template\s[^}]{0,300}?(?:https?:|ftp:|\\\\\\\\)|INCLUDE(?:PICTURE|TEXT)\s+\"?https?:"
)
# A page break (U+000C) is the one control character besides tabs and line ends that honest text files have.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def examine_pdf(path: Path) -> None:
    """Raises RefusedError for a PDF with a password, scripts or files inside, or one that cannot be read."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    content = path.read_bytes()
    if b"%%EOF" not in content[-2048:]:
        raise RefusedError("damaged")
    _refuse_active(content)
    try:
        with path.open("rb") as stream:
            reader = PdfReader(stream, strict=False)
            if reader.is_encrypted:
                raise RefusedError("encrypted")
            if not 0 < len(reader.pages) <= _MAX_PAGES:
                raise RefusedError("damaged")
            _examine_catalogue(reader.root_object)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as fault:
        raise RefusedError("damaged") from fault


def _refuse_active(content: bytes) -> None:
    if _PDF_SCRIPT.search(content):
        raise RefusedError("macros")
    if _PDF_CARGO.search(content):
        raise RefusedError("nested")


def _examine_catalogue(catalogue: Any) -> None:
    """What packed object streams hide from a search through the bytes."""
    names = _resolved(catalogue, "/Names")
    if "/EmbeddedFiles" in names:
        raise RefusedError("nested")
    action = _resolved(catalogue, "/OpenAction")
    kind = action.get("/S") if hasattr(action, "get") else None
    if "/JavaScript" in names or "/AA" in catalogue or kind in ("/JavaScript", "/Launch"):
        raise RefusedError("macros")


def _resolved(dictionary: Any, key: str) -> Any:
    """The entry itself where the dictionary only points to it; an empty one where there is none."""
    entry = dictionary.get(key, {})
    return entry.get_object() if hasattr(entry, "get_object") else entry


def examine_rtf(path: Path) -> None:
    """Raises RefusedError for an RTF file with objects inside, with parts to fetch, or cut short."""
    content = path.read_bytes()
    if not content.rstrip(b"\x00 \t\r\n").endswith(b"}"):
        raise RefusedError("damaged")
    if _RTF_OBJECT.search(content):
        raise RefusedError("nested")
    if _RTF_OUTSIDE.search(content):
        raise RefusedError("outside_link")


def examine_text(path: Path) -> None:
    """Raises RefusedError unless the file is UTF-8 (or UTF-16 with its mark) without control characters."""
    content = path.read_bytes()
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise RefusedError("not_text") from fault
    if _CONTROL.search(text):
        raise RefusedError("unknown_kind")
    if not text.strip():
        raise RefusedError("empty")


def examine_png(path: Path) -> None:
    """Raises RefusedError for a picture cut short, followed by something else, or too large to show."""
    with path.open("rb") as stream:
        head = stream.read(24)
        if len(head) < 24 or head[12:16] != b"IHDR":
            raise RefusedError("damaged")
        _refuse_pixels(*struct.unpack(">II", head[16:]))
        stream.seek(8)
        while _next_png_chunk(stream) != b"IEND":
            pass
        if stream.read(1):
            raise RefusedError("nested")


def _next_png_chunk(stream: IO[bytes]) -> bytes:
    """The kind of the chunk at the position of `stream`, which is moved behind it."""
    header = stream.read(8)
    if len(header) < 8:
        raise RefusedError("damaged")
    stream.seek(int.from_bytes(header[:4], "big") + 4, 1)
    return header[4:]


def examine_jpeg(path: Path) -> None:
    """Raises RefusedError for a picture without dimensions or without an end, or too large to show."""
    content = path.read_bytes()
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker in _JPEG_SIZES:
            _refuse_pixels(*struct.unpack(">HH", content[position + 5 : position + 9]))
            if content.rfind(b"\xff\xd9") < position:
                raise RefusedError("damaged")
            return
        position += 1 if marker == 0xFF else 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    raise RefusedError("damaged")


def _refuse_pixels(across: int, down: int) -> None:
    if not across or not down:
        raise RefusedError("damaged")
    if across * down > MAX_PIXELS:
        raise RefusedError("too_many_pixels")
