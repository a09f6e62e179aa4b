"""Paragraphs, tables and endnotes as WordprocessingML (ECMA-376, part 1), with every text escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from consult.aggregation.exports.summary_blocks import (
    Block,
    Heading,
    Layout,
    Paragraph,
    Span,
    Table,
    framed,
    spoken,
)
from consult.i18n import direction

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TABLE_WIDTH = 8504  # twentieths of a point: A4 less margins of 2 cm, less the indent of the text

# A proofing tool is chosen by language and country; these are the countries of United Nations house style.
_COUNTRIES = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "zh": "zh-CN", "ar": "ar-SA"}
_STYLES = {"numbered": "NumberedParagraph", "quote": "Quote"}
# XML 1.0 has no way to hold these, not even escaped.
_RTL = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
_RTL_STRETCH = re.compile(f"({_RTL}+(?:[\\s،-]+{_RTL}+)*)")
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def locale(language: str) -> str:
    """'en' -> 'en-GB'; a language with a country stays as it is."""
    return _COUNTRIES.get(language, language)


def writable(text: str) -> str:
    """The text with U+FFFD for what no document can hold: control characters, halves of a pair."""
    return _UNWRITABLE.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """Text for an element: writable and escaped."""
    return escape(writable(text))


def runs(span: Span, document_language: str) -> str:
    """Runs in their own language and direction; a line break in the text is a line break in Word."""
    if span.rtl:
        language = span.language if direction(span.language) == "rtl" else "ar"
        return _run(span.text, f"<w:rtl/><w:lang w:bidi={quoteattr(locale(language))}/>")
    marks = ""
    language = quoteattr(locale(span.language))
    if span.language.startswith(("zh", "ja", "ko")):
        marks = f'<w:rFonts w:hint="eastAsia"/><w:lang w:eastAsia={language}/>'
    elif span.language != document_language:
        marks = f"<w:lang w:val={language}/>"
    # Word sets Arabic letters rightly only in a run that is marked as such.
    return "".join(
        _run(piece, '<w:rtl/><w:lang w:bidi="ar-SA"/>' if at % 2 else marks)
        for at, piece in enumerate(_RTL_STRETCH.split(span.text))
        if piece
    )


def _run(text: str, marks: str) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in xml_text(text).splitlines())
    return f"<w:r>{f'<w:rPr>{marks}</w:rPr>' if marks else ''}{lines}</w:r>"


def paragraph(style: str, spans: Sequence[Span], language: str, note: int | None = None) -> str:
    """A paragraph in the direction of its first span, with its endnote reference behind the last."""
    bidi = "<w:bidi/>" if spans[0].rtl else ""
    mark = ""
    if note is not None:
        look = '<w:rPr><w:rStyle w:val="EndnoteReference"/></w:rPr>'
        mark = f'<w:r>{look}<w:endnoteReference w:id="{note}"/></w:r>'
    body = "".join(runs(span, language) for span in spans)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{bidi}</w:pPr>{body}{mark}</w:p>'


def block(one: Block, language: str) -> str:
    """Any part of the layout. The styles number paragraphs and headings, so that Word counts them."""
    if isinstance(one, Heading):
        return paragraph(f"Heading{one.level}", [spoken(one.text, language)], language)
    if isinstance(one, Paragraph):
        return paragraph(_STYLES[one.style], one.spans, language, one.note)
    return _table(one, language)


def endnotes(layout: Layout) -> str:
    """The part /word/endnotes.xml: the two separators that Word asks for, then notes 1, 2, …

    The heading of the notes is the separator itself, so that no page break can come between it and the notes.
    """
    language = layout.language
    heading = paragraph("NotesHeading", [spoken(layout.notes_title, language)], language)
    rest = "<w:p><w:r><w:continuationSeparator/></w:r></w:p>"
    mark = '<w:r><w:rPr><w:rStyle w:val="EndnoteReference"/></w:rPr><w:endnoteRef/></w:r><w:r><w:tab/></w:r>'
    notes = "".join(
        f'<w:endnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="EndnoteText"/></w:pPr>'
        f"{mark}{runs(framed(text, language), language)}</w:p></w:endnote>"
        for number, text in enumerate(layout.notes, start=1)
    )
    return (
        f'<w:endnotes xmlns:w="{MAIN}"><w:endnote w:type="separator" w:id="-1">{heading}</w:endnote>'
        f'<w:endnote w:type="continuationSeparator" w:id="0">{rest}</w:endnote>{notes}</w:endnotes>'
    )


def _table(table: Table, language: str) -> str:
    widths = [TABLE_WIDTH * width // sum(table.widths) for width in table.widths]
    mirrored = "<w:bidiVisual/>" if direction(language) == "rtl" else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row("TableHeading", table.header, widths, language, "<w:cantSplit/><w:tblHeader/>")
    rows = "".join(_row("TableText", row, widths, language, "<w:cantSplit/>") for row in table.rows)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="SubmittersTable"/>{mirrored}'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>'
    )


def _row(style: str, cells: Sequence[str], widths: Sequence[int], language: str, properties: str) -> str:
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{paragraph(style, [framed(cell, language)], language)}</w:tc>"
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{written}</w:tr>"
