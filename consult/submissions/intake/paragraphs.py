"""Splits a text into the paragraphs that are numbered and cited, once, at filing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# In a block with a line longer than this no machine has wrapped the lines, so every newline was meant; a line
# shorter than half of it has not been wrapped either. Chinese lines are about half as many characters long.
_WRAPPED_WITHIN = 100
_WRAPPED_WITHIN_HAN = 50
_SENTENCE_ENDS = frozenset(".!?:;\u2026\u061f\u061b\u3002\uff01\uff1f\uff1a\uff1b")

_LINE_END = re.compile("[\n\u2028\u2029]")
_ITEM = re.compile(
    r"(?:"
    r"[-*+\u2013\u2014]\s"  # - item
    r"|[\u2022\u2023\u25aa\u25cf\u25e6\u25a0\u25ba\u2043\u00b7]"  # bullets
    r"|\(?(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})[.)\uff0e\uff09]\s"  # 1. a) iv) أ)
    r"|\((?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})\)|\uff08\w{1,3}\uff09"  # (1) （一）
    r"|\d{1,3}(?:\.\d{1,3})+\.?\s"  # 2.3.1
    r"|[\u4e00-\u9fff\d]{1,3}\u3001"  # 一、
    r")"
)
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An exact slice of the normalised text: `text == normalised[start:end]`, offsets in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    """One non-blank line and where it stands, without the space around it."""

    text: str
    start: int
    end: int
    indented: bool


def normalise(text: str) -> str:
    """`text` in NFC, its line ends as single newlines, no spaces or tabs before them; all else is kept.

    Idempotent. Everything that is hashed, sliced or compared is in this form.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip(" \t") for line in composed.split("\n"))


def split_paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of `normalise(text)`, in order, without the space around them; none is empty.

    A blank line ends a paragraph. So does every newline in a block that holds a list, a numbered line or a
    line too long to have been wrapped; there, an indented line, one that begins in lower case and one after a
    line that was cut off stay with the line before. Nothing but white space falls between two paragraphs.
    """
    whole = normalise(text)
    found: list[Paragraph] = []
    for block in _blocks(whole):
        start = block[0].start
        by_line = _newlines_were_meant(block)
        for previous, line in pairwise(block):
            if by_line and not _goes_on(previous, line):
                found.append(Paragraph(whole[start : previous.end], start, previous.end))
                start = line.start
        found.append(Paragraph(whole[start : block[-1].end], start, block[-1].end))
    return found


def _blocks(whole: str) -> Iterator[list[_Line]]:
    """Runs of non-blank lines."""
    block: list[_Line] = []
    for line, ends_paragraph in _lines(whole):
        if line is not None:
            block.append(line)
        if block and (line is None or ends_paragraph):
            yield block
            block = []
    if block:
        yield block


def _lines(whole: str) -> Iterator[tuple[_Line | None, bool]]:
    """Each line, or None for a blank one, and whether a paragraph separator (U+2029) follows it."""
    begin = 0
    while begin <= len(whole):
        end_mark = _LINE_END.search(whole, begin)
        end = end_mark.start() if end_mark else len(whole)
        raw = whole[begin:end]
        text = raw.strip()
        separated = end_mark is not None and end_mark.group() == "\u2029"
        if text:
            start = begin + len(raw) - len(raw.lstrip())
            yield _Line(text, start, start + len(text), indented=start > begin), separated
        else:
            yield None, separated
        begin = end + 1


def _newlines_were_meant(block: list[_Line]) -> bool:
    return any(_is_item(line) or _too_long_to_be_wrapped(line) for line in block)


def _is_item(line: _Line) -> bool:
    return _ITEM.match(line.text) is not None


def _widest(line: _Line) -> int:
    return _WRAPPED_WITHIN_HAN if _HAN.search(line.text) else _WRAPPED_WITHIN


def _too_long_to_be_wrapped(line: _Line) -> bool:
    return len(line.text) > _widest(line)


def _goes_on(previous: _Line, line: _Line) -> bool:
    """Whether `line` continues `previous`: no item, and it looks like the rest of a wrapped sentence."""
    if _is_item(line):
        return False
    width = _widest(previous)
    cut_off = width // 2 < len(previous.text) <= width and previous.text[-1] not in _SENTENCE_ENDS
    return line.indented or line.text[0].islower() or cut_off
