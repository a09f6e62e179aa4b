"""summary.pdf is PDF/UA-1, tagged, reproducible, and takes text for text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from consult.aggregation.exports.summary import SummaryStatement
from consult.aggregation.exports.summary_layout import lay_out
from consult.aggregation.exports.summary_pdf import summary_pdf
from tests.aggregation.exports.samples import MOMENT, SUMMARY, with_statement

# Letters of these scripts are in the Typst package, so that the outcome is the same on every machine.
LATIN = replace(
    SUMMARY,
    areas=(replace(SUMMARY.areas[1], statements=SUMMARY.areas[1].statements), SUMMARY.areas[2]),
    joint=(replace(SUMMARY.joint[0], members=("Sample Network of the South",)), SUMMARY.joint[1]),
)
SO = SUMMARY.areas[0].statements[2].citations


def read(data: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(data))
    text = " ".join(page.extract_text() for page in reader.pages)
    return reader, re.sub(r"\s+", " ", text)


def is_accessible(reader: PdfReader) -> bool:
    metadata = reader.xmp_metadata
    return metadata is not None and b"pdfuaid:part" in metadata.stream.get_data()


def test_accessible_and_complete() -> None:
    reader, text = read(summary_pdf(LATIN, system_fonts=False))
    assert is_accessible(reader)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Summary of stakeholders’ input: Progress on sample objectives"
    assert reader.metadata.creation_date == MOMENT
    assert "II. Information provided by stakeholders" in text
    assert "SUN stated: “Трудящиеся-мигранты должны иметь доступ к правосудию.”" in text
    for note in lay_out(LATIN).notes:
        assert note in text
    assert "Joint submissions" in text
    assert "No font" not in text


def test_letters_without_a_font_are_told_of() -> None:
    reader, text = read(summary_pdf(SUMMARY, system_fonts=False))
    assert is_accessible(reader)
    assert "has 10 of its characters (Chinese); each is replaced by \ufffd." in text
    assert "JS1 stated: “" + "\ufffd" * 12 + "”" in text


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a😀b", "a\ufffdb"),
        ("u\x00u", "u\ufffdu"),
        ("\ud800 x", "\ufffd x"),
        ("ไทย u{1}", "\ufffd" * 3 + " u{1}"),
    ],
)
def test_only_the_letters_without_a_font_are_replaced(words: str, shown: str) -> None:
    summary = with_statement(SummaryStatement(words, True, SO))
    reader, text = read(
        summary_pdf(replace(summary, areas=summary.areas[-1:], joint=LATIN.joint), system_fonts=False)
    )
    assert is_accessible(reader)
    assert f"SO stated: “{shown}”" in text


HOSTILE = [
    '#panic("x")',
    "= Heading",
    "$x$ *bold* _it_",
    "#sys.inputs",
    "<label> @ref",
    'a\\ "b" `c` //d',
    "{} []",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_mark_up_in_a_text_is_text(words: str) -> None:
    summary = with_statement(SummaryStatement(words, True, SO))
    summary = replace(summary, areas=summary.areas[-1:], joint=LATIN.joint, title=words)
    _reader, text = read(summary_pdf(summary, system_fonts=False))
    assert f"SO stated: “{words}”" in text
    assert f"Summary of stakeholders’ input: {words}" in text


def test_long_lists_are_complete() -> None:
    many = tuple(
        replace(SUMMARY.individual[1], reference=f"S-{at:04d}", abbreviation=f"A{at}") for at in range(501)
    )
    summary = replace(LATIN, areas=(), individual=many, joint=())
    _reader, text = read(summary_pdf(summary, system_fonts=False))
    assert "A500, Sample Organisation, Civil society, Switzerland, S-0500" in text


def test_same_summary_same_bytes() -> None:
    assert summary_pdf(SUMMARY) == summary_pdf(SUMMARY)


def test_a_statement_without_a_citation_is_refused() -> None:
    with pytest.raises(ValueError, match="without a citation"):
        summary_pdf(with_statement(SummaryStatement("Said by nobody.", False, ())))
