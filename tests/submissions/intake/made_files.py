"""Makes honest and hostile files for the tests; none of them is stored in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import docx
from pypdf import PdfWriter
from pypdf.actions import JavaScript

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.{kind}.main+xml"/></Types>'
)
WORD = TYPES.format(part="word/document.xml", kind="openxmlformats-officedocument.wordprocessingml.document")
SHEET = TYPES.format(part="xl/workbook.xml", kind="openxmlformats-officedocument.spreadsheetml.sheet")
SLIDES = TYPES.format(
    part="ppt/presentation.xml", kind="openxmlformats-officedocument.presentationml.presentation"
)
MACRO_WORD = TYPES.format(part="word/document.xml", kind="ms-word.document.macroEnabled")
RELATIONSHIP = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}" TargetMode="External"/></Relationships>'
)
ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><d>&b;</d>'
TINY_JPEG = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x0b\x08\x00\x02\x00\x02\x01\x01\x11\x00\xff\xd9"


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of `parts`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def word(**more: str | bytes) -> bytes:
    """A small DOCX with further parts, whose names are given with `__` for `/`."""
    parts: dict[str, str | bytes] = {"[Content_Types].xml": WORD, "word/document.xml": "<w>text</w>"}
    return packed(parts | {name.replace("__", "/"): content for name, content in more.items()})


def sheet(**more: str | bytes) -> bytes:
    """A small XLSX."""
    return packed({"[Content_Types].xml": SHEET, "xl/workbook.xml": "<w/>", **more})


def real_docx() -> bytes:
    """What a real writer of DOCX writes."""
    document = docx.Document()
    document.add_paragraph("Input on safe and regular pathways.")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def open_document(kind: str, **more: str | bytes) -> bytes:
    """A small OpenDocument file with an old manifest that names its document type."""
    manifest = (
        '<!DOCTYPE m:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><m:manifest/>'
    )
    parts: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "<o/>",
        "META-INF/manifest.xml": manifest.replace("m:", ""),
    }
    return packed(parts | {name.replace("__", "/"): content for name, content in more.items()})


def pdf(*, password: str = "", script: str = "", attached: bool = False) -> bytes:
    """A PDF of one empty page."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if script:
        writer.add_open_action(JavaScript(script))
    if attached:
        writer.add_attachment("a.txt", b"inside")
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def png(across: int = 2, down: int = 2, after: bytes = b"") -> bytes:
    """A PNG that says it has `across` × `down` pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\x00\x00\x00" * 2))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"") + after


def overlapping(copies: int = 100, size: int = 200_000) -> bytes:
    """A DOCX whose directory names one part many times, at the same place."""
    content = zlib.compress(bytes(size), 9)[2:-4]
    local = struct.pack(
        "<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, zlib.crc32(bytes(size)), len(content), size, 1, 0
    )
    directory = b"".join(
        struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, zlib.crc32(bytes(size)), len(content), size,
            1, 0, 0, 0, 0, 0, 0,
        )
        + chr(97 + number % 26).encode()
        for number in range(copies)
    )  # fmt: skip
    body = local + b"a" + content
    return (
        body
        + directory
        + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, copies, copies, len(directory), len(body), 0)
    )
