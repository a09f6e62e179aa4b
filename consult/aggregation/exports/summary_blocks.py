"""The parts a summary is laid out in, before any file format."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from consult.i18n import direction


class Span(NamedTuple):
    """A stretch of text in one language; `rtl` if it runs from right to left."""

    text: str
    language: str
    rtl: bool


def spoken(text: str, language: str) -> Span:
    """A span in the direction of its first letter that has one (Unicode bidirectional algorithm, rule P2)."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return Span(text, language, next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False))


def framed(text: str, language: str) -> Span:
    """A span in the direction of its language whatever its letters: for cells and notes, which mix names."""
    return Span(text, language, direction(language) == "rtl")


class Heading(NamedTuple):
    level: int
    text: str


class Paragraph(NamedTuple):
    """`style` is 'numbered' or 'quote'; `note` is the number of its endnote, if any."""

    style: str
    spans: tuple[Span, ...]
    note: int | None = None


class Table(NamedTuple):
    """`widths` are hundredths of the text width."""

    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Layout:
    """`notes[0]` is endnote 1. All texts are plain: escaping is the writer's duty."""

    language: str
    moment: datetime
    symbol: str
    instrument: str
    date: str
    title: str
    subtitle: str
    notes_title: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
