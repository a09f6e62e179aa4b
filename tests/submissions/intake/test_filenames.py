"""File names: no folder, no disguise, no device, never too long, the extension kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.submissions.intake.filenames import clean_filename, extension


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.docx", "report.docx"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\me\report.pdf", "report.pdf"),
        ("annex\u202excod.exe", "annexxcod.exe"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("  spaced   out .pdf ", "spaced out.pdf"),
        (".hidden", "hidden"),
        ("CON.txt", "_CON.txt"),
        ('a<b>"c".txt', "a_b__c_.txt"),
        ("مساهمة.docx", "مساهمة.docx"),
        ("移民.pdf", "移民.pdf"),
        ("", "file"),
        ("...", "file"),
        ("/", "file"),
    ],
)
def test_cleaning(name: str, expected: str) -> None:
    assert clean_filename(name) == expected


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    clean = clean_filename(name)
    assert 0 < len(clean) <= 120
    assert len(clean.encode("utf-8")) <= 240
    assert clean[0] != "."
    assert not set(clean) & set('/\\:<>"|?*\r\n\x00')
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in clean)


@pytest.mark.parametrize("letter", ["a", "移", "\U0001f600"])
def test_a_long_name_keeps_its_extension(letter: str) -> None:
    assert extension(clean_filename(letter * 400 + ".docx")) == "docx"
