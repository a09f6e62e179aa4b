"""Cutting a text at its marks loses nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.moderation.marking import Piece, pieces

places = st.tuples(st.integers(-2, 30), st.integers(-2, 30))


def test_marks_and_hidden_words_may_overlap():
    assert pieces("Write to amal@x.org now", [(9, 19, "E-mail")], [(6, 14)]) == [
        Piece("Write "),
        Piece("to ", hidden=True),
        Piece("amal@", ("E-mail",), hidden=True),
        Piece("x.org", ("E-mail",)),
        Piece(" now"),
    ]


def test_a_plain_text_is_one_piece_and_an_empty_one_none():
    assert pieces("Plain", []) == [Piece("Plain")]
    assert pieces("", [(0, 0, "Link")]) == []


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=25), marks=st.lists(places, max_size=4), hidden=st.lists(places, max_size=3))
def test_joined_the_pieces_are_the_text(text, marks, hidden):
    cut = pieces(text, [(start, end, "x") for start, end in marks], hidden)
    assert "".join(piece.text for piece in cut) == text
    assert all(piece.text for piece in cut)
    at = 0
    for piece in cut:
        inside = range(at, at + len(piece.text))
        assert piece.hidden == any(all(start <= i < end for i in inside) for start, end in hidden)
        at = inside.stop
