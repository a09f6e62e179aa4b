"""Counts words as the server counts them for a word limit, in linear time."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import chain

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CJK_SIGNS = "\u3000-\u3006\u3008-\u303f\ufe30-\ufe4f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"

_HAN = re.compile(f"[{HAN}]")

# An address stops where Chinese writing begins, because Chinese puts no space after it. The local part of an
# e-mail address is bounded (RFC 5321, 64 octets), or a megabyte of "a.a.a." would be scanned once per letter.
_ADDRESS = re.compile(
    rf"(?:https?://|www\.)[^\s{HAN}{CJK_SIGNS}]+"
    rf"|[\w.+\-]{{1,64}}@[^\s{HAN}{CJK_SIGNS}@,;:!?()<>\"]+",
    re.IGNORECASE,
)
_ADDRESS_HINTS = ("@", "://", "www.", "WWW.")
# No possessive quantifiers: Python 3.11 before 3.11.5 matches wrongly with one around a group.
# Apostrophes and hyphens join a word; points and commas join only the figures of one number.
_WORD = re.compile(
    r"[^\W_]+(?:['\u2018\u2019\u02bc\u2010\u2011\-][^\W_]+|(?<=\d)[.,\u066b\u066c](?=\d)[^\W_]+)*"
)


_BASIC, _HIGHER = (range(0xA0, 0x10000),), (range(0x10000, 0x20000), range(0xE0000, 0xE0200))
_BEYOND_BASIC = re.compile("[\U00010000-\U0010ffff]")
_UNSEEN = frozenset({"Mn", "Mc", "Me", "Cf"})
_TATWEEL = 0x640


@cache
def _invisible(planes: tuple[range, ...]) -> re.Pattern[str]:
    """Combining marks, characters without width and tatweel in `planes`: neither words nor ends of words."""
    codes = chain.from_iterable(planes)
    marked = [code for code in codes if unicodedata.category(chr(code)) in _UNSEEN or code == _TATWEEL]
    return re.compile("[" + "".join(_spans(marked)) + "]+")


def _visible(text: str) -> str:
    """`text` without marks. A class inside the basic plane is looked up at once, a wider one span by span."""
    if text.isascii():
        return text
    text = _invisible(_BASIC).sub("", text)
    return _invisible(_HIGHER).sub("", text) if _BEYOND_BASIC.search(text) else text


def _spans(codes: list[int]) -> list[str]:
    """Consecutive code points folded into `a-b` spans of a character class."""
    spans: list[list[int]] = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return [f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in spans]


def count_words(text: str, language: str) -> int:
    """The number of words in `text`, which is written in `language` (a BCP 47 tag).

    Chinese is counted by characters: each ideograph is one, and a run of other letters or figures among them
    is one more. Every other language is counted by words: letters and figures, held together by apostrophes
    and hyphens. An internet or e-mail address is one word in all of them. Punctuation, combining marks,
    tatweel and characters without width count nothing.
    """
    text = _visible(text)
    count = 0
    if any(hint in text for hint in _ADDRESS_HINTS):
        text, count = _ADDRESS.subn(" ", text)
    if language.split("-")[0].lower() == "zh":
        text, ideographs = _HAN.subn(" ", text)
        count += ideographs
    return count + _WORD.subn("", text)[1]
