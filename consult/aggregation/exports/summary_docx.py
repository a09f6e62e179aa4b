"""summary.docx: the summary as a Word document with true styles, numbering, endnotes and languages.

The package is put together here (ECMA-376, part 2) from the forms in word/ and three parts that
hold the text: no library at hand writes endnotes, and the same summary must always give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from consult.aggregation.exports.cells import utc
from consult.aggregation.exports.summary import Summary
from consult.aggregation.exports.summary_blocks import Layout, framed, spoken
from consult.aggregation.exports.summary_layout import lay_out
from consult.aggregation.exports.wordprocessing import MAIN, block, endnotes, locale, paragraph, xml_text
from consult.i18n import direction

PARTS = Path(__file__).parent / "word"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

# Name in the package -> file in word/, filled in with the document's title, moment and languages.
_FORMS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "docProps/core.xml": "core.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
    "word/footer.xml": "footer.xml",
}


def summary_docx(summary: Summary) -> bytes:
    """The file. Raises ValueError like `summary.check`."""
    layout = lay_out(summary)
    values = _values(layout)
    parts = {name: (PARTS / file).read_text("utf-8").format(**values) for name, file in _FORMS.items()}
    parts["word/document.xml"] = DECLARATION + _document(layout)
    parts["word/endnotes.xml"] = DECLARATION + endnotes(layout)
    parts["word/header.xml"] = DECLARATION + _header(layout)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            # The writer's system would otherwise be noted, and be another byte elsewhere.
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            package.writestr(entry, part)
    return buffer.getvalue()


def _values(layout: Layout) -> dict[str, str]:
    """What the forms ask for; a document has three languages, one for each kind of script."""
    kind = "bidi" if direction(layout.language) == "rtl" else "latin"
    kind = "east_asian" if layout.language.startswith("zh") else kind
    languages = {"latin": "en-GB", "east_asian": "zh-CN", "bidi": "ar-SA", kind: locale(layout.language)}
    return {
        **languages,
        "language": locale(layout.language),
        "title": xml_text(layout.title),
        "symbol": xml_text(layout.symbol),
        # When the data was read and not when the file was written: the same report, the same bytes.
        "moment": utc(layout.moment.replace(microsecond=0)),
    }


def _document(layout: Layout) -> str:
    language = layout.language
    lines = [("Masthead", layout.symbol), ("Instrument", layout.instrument), ("DocumentDate", layout.date)]
    lines += [("Title", layout.title), ("Subtitle", layout.subtitle)]
    front = "".join(paragraph(style, [spoken(text, language)], language) for style, text in lines)
    body = "".join(block(one, language) for one in layout.blocks)
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rHeader"/>'
        '<w:footerReference w:type="default" r:id="rFooter"/>'
        '<w:endnotePr><w:numFmt w:val="decimal"/></w:endnotePr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1418" w:right="1134" w:bottom="1134" w:left="1134" w:header="709" w:footer="567" '
        f'w:gutter="0"/><w:titlePg/>{"<w:bidi/>" if direction(language) == "rtl" else ""}</w:sectPr>'
    )
    return (
        f'<w:document xmlns:w="{MAIN}" xmlns:r="{RELATIONSHIPS}">'
        f"<w:body>{front}{body}<w:p/>{section}</w:body></w:document>"
    )


def _header(layout: Layout) -> str:
    symbol = paragraph("Header", [framed(layout.symbol, layout.language)], layout.language)
    return f'<w:hdr xmlns:w="{MAIN}">{symbol}</w:hdr>'
