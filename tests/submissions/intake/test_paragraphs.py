"""Paragraphs: nothing but white space is lost, every paragraph is an exact slice, lists come apart."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.submissions.intake.paragraphs import normalise, split_paragraphs

LONG = (
    "Member States should open regular pathways that answer labour market needs and family ties alike. " * 2
)

TEXTS = st.text(
    st.sampled_from("ab AB.,:;-*•1234()\n\r\t\u00a0\u2028\u2029移。é\u0301\u200b")
    | st.characters(codec="utf-8"),
    max_size=300,
)


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in split_paragraphs(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n \n", []),
        ("One.", ["One."]),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\r\n \t\r\nTwo.", ["One.", "Two."]),
        ("  One.  \n\n\n\n  Two.", ["One.", "Two."]),
        ("A line that was\nwrapped by a mail program", ["A line that was\nwrapped by a mail program"]),
        ("Three points:\n- one\n- two\nAnd an end.", ["Three points:", "- one", "- two", "And an end."]),
        ("1. One\n2. Two\n10. Ten", ["1. One", "2. Two", "10. Ten"]),
        ("(a) one\n(b) two", ["(a) one", "(b) two"]),
        ("一、第一\n二、第二", ["一、第一", "二、第二"]),
        ("أ) أولا\nب) ثانيا", ["أ) أولا", "ب) ثانيا"]),
        ("• one\n  goes on here\n• two", ["• one\n  goes on here", "• two"]),
        ("• one\ngoes on here\n• two", ["• one\ngoes on here", "• two"]),
        (f"A heading\n{LONG}\nAnother", ["A heading", LONG.strip(), "Another"]),
        ("One\u2029Two", ["One", "Two"]),
    ],
)
def test_where_a_paragraph_ends(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_numbered_paragraph_that_was_wrapped_stays_whole() -> None:
    text = (
        "12. The organisation recommends that the next review examine how the\n"
        "General Assembly's guidance has been put into practice by the\n"
        "States of the region.\n"
        "13. It further recommends a fund."
    )
    assert len(texts(text)) == 2


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_nothing_but_white_space_falls_between_paragraphs(text: str) -> None:
    whole = normalise(text)
    found = split_paragraphs(text)
    end = 0
    for paragraph in found:
        assert paragraph.text == whole[paragraph.start : paragraph.end]
        assert paragraph.text == paragraph.text.strip() != ""
        assert paragraph.start >= end
        assert not whole[end : paragraph.start].strip()
        end = paragraph.end
    assert not whole[end:].strip()


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_normal_form_is_final_and_keeps_every_character_that_shows(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "".join(once.split()) == "".join(unicodedata.normalize("NFC", text).split())
    assert "\r" not in once
    assert " \n" not in once


def test_splitting_normalises_first() -> None:
    assert split_paragraphs("e\u0301 \r\n\r\nb") == split_paragraphs("é\n\nb")


@pytest.mark.parametrize("piece", [" ", "\n", " \n", "a\n", "a\n\n", "- a\n", "\t\t\r\n", "移", "1"])
def test_time_grows_with_length_only(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + "x"
    started = time.process_time()
    split_paragraphs(text)
    assert time.process_time() - started < 1.5
