"""The grammar of attribution and citation, and the order of the summary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consult.aggregation.exports.summary import (
    Citation,
    SummaryStatement,
    attribution,
    check,
    endnote,
    enumerated,
    nhris_apart,
    pilcrows,
)
from consult.aggregation.exports.summary_blocks import Heading, Paragraph, Table, framed, spoken
from consult.aggregation.exports.summary_layout import language_of, lay_out
from tests.aggregation.exports.samples import SUMMARY, with_statement

A = Citation("S-0001", 1, (2,), "AAA")
B = Citation("S-0002", 1, (2,), "BBB")
JS2 = Citation("S-0003", 1, (2,), "JS2")
JS10 = Citation("S-0004", 1, (2,), "JS10")
NHRI = Citation("S-0005", 1, (2,), "ZNHRI", is_nhri=True)
NAMELESS = Citation("S-0006", 1, (2,), "")


@pytest.mark.parametrize(
    ("citations", "words"),
    [
        ((A,), "AAA"),
        ((B, A), "AAA and BBB"),
        ((JS10, B, JS2, A), "AAA, BBB, JS2 and JS10"),
        ((A, NHRI), "ZNHRI and AAA"),
        ((A, replace(A, version=2)), "AAA"),
        ((NAMELESS,), "S-0006"),
    ],
)
def test_attribution(citations: tuple[Citation, ...], words: str) -> None:
    assert attribution(citations) == words


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((3,), "¶ 3"),
        ((7, 3), "¶¶ 3, 7"),
        ((3, 4), "¶¶ 3, 4"),
        ((5, 3, 4, 7, 7), "¶¶ 3–5, 7"),
        ((1, 1), "¶ 1"),
    ],
)
def test_paragraph_numbers(numbers: tuple[int, ...], words: str) -> None:
    assert pilcrows(numbers) == words


def test_endnote_names_submission_version_and_paragraphs() -> None:
    names = {
        "S-0001": "Sample Organisation",
        "S-0002": "BBB",
        "S-0003": "Joint submission 2",
        "S-0006": "Anonymous",
    }
    assert endnote([replace(A, paragraphs=(7, 3))], names) == "Sample Organisation (AAA), S-0001 v1, ¶¶ 3, 7."
    assert endnote([JS2, B, NAMELESS], names) == (
        "Anonymous, S-0006 v1, ¶ 2; BBB, S-0002 v1, ¶ 2; Joint submission 2 (JS2), S-0003 v1, ¶ 2."
    )
    twice = [A, replace(A, paragraphs=(9,)), replace(A, version=2)]
    assert (
        endnote(twice, names)
        == "Sample Organisation (AAA), S-0001 v1, ¶¶ 2, 9; Sample Organisation (AAA), S-0001 v2, ¶ 2."
    )


def test_lists_in_words() -> None:
    assert [enumerated(words) for words in ([], ["2"], ["2", "5"], ["2", "5", "6"])] == [
        "",
        "2",
        "2 and 5",
        "2, 5 and 6",
    ]


def test_national_institutions_stand_apart_with_their_own_citations() -> None:
    both = SummaryStatement("Said by both.", False, (A, NHRI))
    nhris, others = nhris_apart([both, SummaryStatement("Said by one.", False, (B,))])
    assert [(one.text, one.citations) for one in nhris] == [("Said by both.", (NHRI,))]
    assert [one.citations for one in others] == [(A,), (B,)]


@pytest.mark.parametrize(
    "statement",
    [
        SummaryStatement("Nobody said this.", False, ()),
        SummaryStatement(
            "Nobody said this.", True, (replace(SUMMARY.areas[0].statements[1].citations[0], paragraphs=()),)
        ),
    ],
)
def test_a_statement_without_a_citation_is_named(statement: SummaryStatement) -> None:
    with pytest.raises(ValueError, match=r"without a citation: “Nobody said this\.”"):
        check(with_statement(statement))


def test_a_citation_of_nobody_is_named() -> None:
    with pytest.raises(ValueError, match="S-0002 is cited but not among"):
        check(with_statement(SummaryStatement("Said.", False, (B,))))
    with pytest.raises(ValueError, match="add up"):
        check(replace(SUMMARY, counts=SUMMARY.counts._replace(waiting=3)))


def test_order_of_the_summary() -> None:
    layout = lay_out(SUMMARY)
    headings = [(block.level, block.text) for block in layout.blocks if isinstance(block, Heading)]
    assert headings == [
        (1, "Background"),
        (1, "Information provided by stakeholders"),
        (2, SUMMARY.areas[0].title),
        (3, "National human rights institutions"),
        (3, "Other stakeholders"),
        (2, SUMMARY.areas[1].title),
        (2, "Data"),
        (1, "Submitting organisations"),
        (2, "Individual submissions"),
        (2, "Joint submissions"),
        (2, "National human rights institutions"),
    ]
    cited = [block.note for block in layout.blocks if isinstance(block, Paragraph) and block.note]
    assert cited == list(range(1, len(layout.notes) + 1))
    individual, joint, nhris = (block.rows for block in layout.blocks if isinstance(block, Table))
    assert [row[0] for row in individual] == ["", "SO", "SUN"]
    assert [row[0] for row in joint] == ["JS1", "JS2"]
    assert [row[0] for row in nhris] == ["SNHRI"]


def test_paragraphs_in_words() -> None:
    layout = lay_out(SUMMARY)
    texts = [
        "".join(span.text for span in block.spans) for block in layout.blocks if isinstance(block, Paragraph)
    ]
    assert texts[0].endswith("The consultation was open from 1 March 2026 to 15 April 2026.")
    assert texts[1].startswith(
        "As at 20 April 2026, 12 submissions had been filed. Of these, 6 had been accepted,"
    )
    assert (
        "This heading relates to objectives 2, 5 and 6. Input was accepted for publication from 5 submitters."
        in texts
    )
    assert "SUN stated: “Nobody should pay for a job.”" in texts
    assert texts[-1] == "No input was accepted for publication under this heading."
    arabic = next(block for block in layout.blocks if isinstance(block, Paragraph) and block.style == "quote")
    assert arabic.spans[0].rtl
    assert arabic.spans[0].language == "ar"


def test_nobody_has_submitted() -> None:
    empty = replace(SUMMARY, areas=(), individual=(), joint=())
    last = lay_out(empty).blocks[-1]
    assert isinstance(last, Paragraph)
    assert last.spans[0].text == "No submission has been accepted."


def test_direction_and_language_of_a_text() -> None:
    assert spoken("(5) حقوق and rights", "ar").rtl
    assert not spoken("Rights حقوق", "en").rtl
    assert not spoken("123", "en").rtl
    assert not framed("حقوق", "en").rtl
    assert [language_of(text, "en") for text in ("حقوق", "移民", "права", "droits", "")] == [
        "ar",
        "zh",
        "ru",
        "en",
        "en",
    ]
