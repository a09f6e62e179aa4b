"""A text cut where something begins or ends: what screening points at, what is hidden from readers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A part of a text; `labels` name the findings that rest on it."""

    text: str
    labels: tuple[str, ...] = ()
    hidden: bool = False


def pieces(text: str, marks: Iterable[tuple[int, int, str]], hidden: Iterable[Span] = ()) -> list[Piece]:
    """`text` cut at the ends of every span (in characters); joined, the pieces are the text again."""
    length = len(text)
    marked = [(max(0, start), min(end, length), label) for start, end, label in marks]
    masked = [(max(0, start), min(end, length)) for start, end in hidden]
    edges = {0, length, *(start for start, _end in masked), *(end for _start, end in masked)}
    edges |= {start for start, _end, _label in marked} | {end for _start, end, _label in marked}
    return [
        Piece(
            text[start:end],
            tuple(dict.fromkeys(label for first, last, label in marked if first <= start and end <= last)),
            any(first <= start and end <= last for first, last in masked),
        )
        for start, end in pairwise(sorted(edge for edge in edges if 0 <= edge <= length))
    ]
