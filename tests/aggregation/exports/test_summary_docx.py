"""summary.docx opens everywhere, with true styles, numbering, endnotes and directions."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped,unused-ignore]
from pypdf import PdfReader

from consult.aggregation.exports.summary import SummaryStatement
from consult.aggregation.exports.summary_docx import summary_docx
from consult.aggregation.exports.summary_layout import lay_out
from consult.aggregation.exports.wordprocessing import MAIN
from tests.aggregation.exports.samples import MOMENT, SUMMARY, with_statement

W = {"w": MAIN}
SO = SUMMARY.areas[0].statements[2].citations


def parts(data: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: etree.fromstring(package.read(name)) for name in package.namelist()}


def words(element: etree._Element) -> str:
    return "".join(element.itertext(f"{{{MAIN}}}t"))


def test_word_library_reads_it() -> None:
    document = docx.Document(io.BytesIO(summary_docx(SUMMARY)))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style and paragraph.text]
    assert styles[:6] == ["Masthead", "Instrument", "Document Date", "Title", "Subtitle", "Heading 1"]
    assert {"Heading 2", "Heading 3", "Numbered Paragraph", "Quote"} <= set(styles)
    properties = document.core_properties
    assert properties.title == "Summary of stakeholders’ input: Progress on sample objectives"
    assert properties.created == properties.modified == MOMENT
    assert properties.language == "en-GB"
    individual, joint, _nhris = document.tables
    assert [cell.text for cell in individual.rows[2].cells] == [
        "SO",
        "Sample Organisation",
        "Civil society",
        "Switzerland",
        "S-0123",
    ]
    assert joint.rows[1].cells[1].text == "Sample Centre; Sample Institute; Sample Forum & Friends"


def test_every_part_is_declared_and_every_style_defined() -> None:
    found = parts(summary_docx(SUMMARY))
    declared = {name.lstrip("/") for name in found["[Content_Types].xml"].xpath("//@PartName")}
    assert declared == {
        name for name in found if not name.endswith(".rels") and name != "[Content_Types].xml"
    }
    targets = {f"word/{target}" for target in found["word/_rels/document.xml.rels"].xpath("//@Target")}
    assert targets <= declared
    defined = set(found["word/styles.xml"].xpath("//w:style/@w:styleId", namespaces=W))
    for name in ("document", "endnotes", "header", "footer", "styles", "numbering"):
        used = found[f"word/{name}.xml"].xpath(
            "//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val", namespaces=W
        )
        assert set(used) <= defined
    ids = set(found["word/_rels/document.xml.rels"].xpath("//@Id"))
    assert set(re.findall(r'r:id="(\w+)"', etree.tostring(found["word/document.xml"]).decode())) <= ids


def test_endnotes_are_real_and_in_order() -> None:
    found = parts(summary_docx(SUMMARY))
    referred = found["word/document.xml"].xpath("//w:endnoteReference/@w:id", namespaces=W)
    notes = found["word/endnotes.xml"].findall(qn("w:endnote"))
    assert [note.get(qn("w:id")) for note in notes] == ["-1", "0", *referred]
    assert [note.get(qn("w:type")) for note in notes[:2]] == ["separator", "continuationSeparator"]
    assert [words(note) for note in notes[2:]] == list(lay_out(SUMMARY).notes)
    assert words(notes[2]) == "Sample National Human Rights Institution (SNHRI), S-0127 v1, ¶ 4."
    assert all(note.findall(f".//{qn('w:endnoteRef')}") for note in notes[2:])
    assert found["word/settings.xml"].xpath("//w:endnotePr/w:endnote/@w:id", namespaces=W) == ["-1", "0"]


def test_every_statement_has_its_note() -> None:
    body = parts(summary_docx(SUMMARY))["word/document.xml"]
    for area in SUMMARY.areas:
        for statement in area.statements:
            holders = [p for p in body.iter(qn("w:p")) if statement.text in words(p)]
            assert holders, statement.text
            assert all(p.findall(f".//{qn('w:endnoteReference')}") for p in holders)
    with pytest.raises(ValueError, match=r"without a citation: “Said by nobody\.”"):
        summary_docx(with_statement(SummaryStatement("Said by nobody.", False, ())))


def test_numbering_is_words_own() -> None:
    found = parts(summary_docx(SUMMARY))
    numbered = found["word/document.xml"].xpath(
        "//w:p[w:pPr/w:pStyle/@w:val='NumberedParagraph']", namespaces=W
    )
    assert len(numbered) == 15
    assert not any(re.match(r"\d+\.", words(paragraph)) for paragraph in numbered)
    link = "//w:style[@w:styleId='NumberedParagraph']//w:numId/@w:val"
    assert found["word/styles.xml"].xpath(link, namespaces=W) == ["2"]


def test_languages_and_directions() -> None:
    found = parts(summary_docx(SUMMARY))
    body = found["word/document.xml"]
    (quote,) = body.xpath("//w:p[w:pPr/w:pStyle/@w:val='Quote']", namespaces=W)
    assert quote.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None
    assert quote.xpath("w:r/w:rPr/w:rtl", namespaces=W)
    assert quote.xpath("w:r/w:rPr/w:lang/@w:bidi", namespaces=W) == ["ar-SA"]
    for language in ("fr-FR", "ru-RU"):
        assert body.xpath(f"//w:r/w:rPr/w:lang[@w:val='{language}']", namespaces=W)
    assert body.xpath("//w:r/w:rPr/w:lang[@w:eastAsia='zh-CN']", namespaces=W)
    # An Arabic name in an English cell is set as Arabic without turning the cell around.
    (cell,) = [p for p in body.iter(qn("w:p")) if "منظمة نموذجية" in words(p)]
    assert cell.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is None
    assert [words(run) for run in cell.xpath("w:r[w:rPr/w:rtl]", namespaces=W)] == ["منظمة نموذجية"]
    assert found["word/styles.xml"].xpath("//w:docDefaults//w:lang/@w:val", namespaces=W) == ["en-GB"]


def test_a_summary_in_arabic_runs_from_right_to_left() -> None:
    found = parts(summary_docx(replace(SUMMARY, language="ar")))
    assert found["word/document.xml"].xpath("//w:sectPr/w:bidi", namespaces=W)
    assert found["word/document.xml"].xpath("//w:tblPr/w:bidiVisual", namespaces=W)
    assert found["word/styles.xml"].xpath("//w:docDefaults//w:lang/@w:bidi", namespaces=W) == ["ar-SA"]


@pytest.mark.parametrize(
    "text", ["</w:t><w:br/> & <b>", "\x00\x0b\ufffe \ud800", "{title} {0}", 'a "b"\nc\td', "]]>"]
)
def test_hostile_text_is_text(text: str) -> None:
    summary = replace(with_statement(SummaryStatement(text, True, SO)), title=text, symbol=text)
    found = parts(summary_docx(summary))
    shown = re.sub("[\x00\x0b\ufffe\ud800]", "\ufffd", text).replace("\n", "")
    assert any(shown in words(p) for p in found["word/document.xml"].iter(qn("w:p")))


def test_same_summary_same_bytes() -> None:
    assert summary_docx(SUMMARY) == summary_docx(SUMMARY)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not on PATH")
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    path = tmp_path / "summary.docx"
    path.write_bytes(summary_docx(SUMMARY))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "summary.pdf").pages)
    for expected in ("II. Information provided", "15. No input", "S-0125 v1, ¶¶ 1–3, 9."):
        assert expected in re.sub(r"\s+", " ", text)
