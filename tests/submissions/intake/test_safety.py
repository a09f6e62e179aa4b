"""Unstorable characters: each is named with its line, and nothing else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.submissions.intake.safety import reject_unstorable


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("\x00", "U+0000", "1"),
        ("a\nb\x1b", "U+001B", "2"),
        ("\n\n\ud83d", "U+D83D", "3"),
        ("\x0c", "U+000C", "1"),
    ],
)
def test_names_the_character_and_its_line(text: str, code: str, line: str) -> None:
    sentence = reject_unstorable(text)
    assert sentence is not None
    assert code in sentence
    assert f"Line {line} " in sentence


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters=[chr(c) for c in range(32) if c not in (9, 10, 13)])
    )
)
def test_every_other_text_passes(text: str) -> None:
    assert reject_unstorable(text) is None
