"""Examines office documents (OOXML and OpenDocument): what they are, and what they hide."""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, ErrorHandler, feature_external_ges
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from consult.submissions.intake.archives import MAX_UNPACKED, opened, read_through
from consult.submissions.intake.sniffing import OLE, ZIP, refuse_foreign
from consult.submissions.intake.verdicts import RefusedError

_MAIN_PARTS = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
    "presentationml.slideshow.main+xml": "pptx",
}
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_XML_PART = re.compile(r"\.(?:xml|rels|rdf|vml)$", re.IGNORECASE)
_MACRO_PART = re.compile(r"vbaProject|vbaData|/activeX/|^(?:Basic|Scripts)/", re.IGNORECASE)
# A chart in a text document brings the workbook with its figures; it is examined too, one level deep.
_CHART_DATA = re.compile(r"^(?:word|ppt|xl)/embeddings/[^/]+\.xlsx$")
# Old pictures are packed by themselves inside presentations.
_PACKED_PICTURE = re.compile(r"\.(?:emz|wmz)$", re.IGNORECASE)
_FETCHED = ("/attachedTemplate", "/oleObject", "/subDocument", "/frame")
_ELSEWHERE = re.compile(r"\s*(?:https?:|ftp:|file://[^/]|\\\\|//|mhtml:)", re.IGNORECASE)


def examine_package(stream: IO[bytes], budget: int = MAX_UNPACKED, *, nested: bool = False) -> str:
    """The kind of the office document in `stream`: `docx`, `xlsx`, `pptx`, `odt`, `ods` or `odp`.

    Every part is unpacked once, in chunks, and every XML part parsed. Raises RefusedError for archives that
    are no such document, and for macros, passwords, packed files, entities, and templates to be fetched.
    """
    with opened(stream, budget) as archive:
        names = {part.filename for part in archive.infolist()}
        if any(_MACRO_PART.search(name) for name in names):
            raise RefusedError("macros")
        watch = _Watch()
        for part in archive.infolist():
            if not part.is_dir():
                _examine_part(archive, part, watch, budget, nested=nested)
        return _kind(archive, names, watch)


def _kind(archive: zipfile.ZipFile, names: set[str], watch: _Watch) -> str:
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
        kind = _OPEN_DOCUMENT.get(archive.read("mimetype").strip())
        if kind and "content.xml" in names:
            return kind
    if "[Content_Types].xml" in names and watch.kind:
        return watch.kind
    raise RefusedError("archive")


def _examine_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, watch: _Watch, budget: int, *, nested: bool
) -> None:
    if _XML_PART.search(part.filename):
        _parse(archive, part, watch)
        return
    head = bytearray()
    read_through(archive, part, lambda chunk: head.extend(chunk[: max(0, 16 - len(head))]))
    if head.startswith(ZIP) and _CHART_DATA.match(part.filename) and not nested:
        left = budget - sum(other.file_size for other in archive.infolist())
        if examine_package(io.BytesIO(archive.read(part)), max(left, 0), nested=True) != "xlsx":
            raise RefusedError("nested")
    elif head.startswith((ZIP, OLE, b"%PDF-")):
        raise RefusedError("nested")
    elif not _PACKED_PICTURE.search(part.filename):
        try:
            refuse_foreign(bytes(head))
        except RefusedError as inner:
            raise RefusedError("nested") from inner


def _parse(archive: zipfile.ZipFile, part: zipfile.ZipInfo, watch: _Watch) -> None:
    parser = make_parser()
    parser.forbid_entities = True
    # Old OpenDocument manifests name an outside document type: passed over, never fetched.
    parser.forbid_dtd = parser.forbid_external = False
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(watch)
    parser.setErrorHandler(ErrorHandler())
    try:
        read_through(archive, part, parser.feed)
        if part.file_size:
            parser.close()
    except DefusedXmlException as fault:
        raise RefusedError("entities") from fault
    except SAXException as fault:
        raise RefusedError("damaged") from fault


class _Watch(ContentHandler):
    """Looks at every element for what names a kind of document, a password, a macro or something to fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.kind: str | None = None

    def startElement(self, name: str, attrs: AttributesImpl[str]) -> None:  # noqa: N802 (SAX's name)
        """Raises RefusedError at the first element that a document may not have."""
        match name.rpartition(":")[2]:
            case "Override" | "Default":
                self._content_type(attrs.get("ContentType", ""))
            case "Relationship":
                _relationship(attrs)
            case "encryption-data":
                raise RefusedError("encrypted")

    def _content_type(self, content_type: str) -> None:
        if "macroenabled" in content_type.lower() or "vbaproject" in content_type.lower():
            raise RefusedError("macros")
        for ending, kind in _MAIN_PARTS.items():
            if content_type.endswith(ending):
                self.kind = kind


def _relationship(attrs: AttributesImpl[str]) -> None:
    outside = attrs.get("TargetMode", "").lower() == "external"
    if outside and attrs.get("Type", "").endswith(_FETCHED) and _ELSEWHERE.match(attrs.get("Target", "")):
        raise RefusedError("outside_link")
