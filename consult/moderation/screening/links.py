"""Finds addresses of web pages, with or without `https://` before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consult.moderation.screening.email_addresses import email_spans
from consult.moderation.screening.findings import Finding, ScreeningInput, Span, gather
from consult.vocabulary import FindingKind

# Chinese writing and its punctuation end an address, because no space does.
_INSIDE = r"[^\s<>\"\u00ab\u00bb\u201c-\u201f\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]"
_ENDINGS = "com|org|net|int|edu|gov|info"
_LINK = re.compile(
    rf"(?:https?|ftp)://{_INSIDE}+"
    rf"|(?<![A-Za-z0-9@.])www\.{_INSIDE}{{3,}}"
    # A bare name only with an ending that no sentence has by accident.
    rf"|(?<![A-Za-z0-9@.\-_])(?:[a-z0-9\-]{{1,63}}\.){{1,4}}(?-i:(?:{_ENDINGS})(?:\.[a-z]{{2}})?)"
    rf"(?![A-Za-z0-9@\-]|\.[A-Za-z])(?:/{_INSIDE}*)?",
    re.IGNORECASE,
)
_HINT = re.compile(rf"://|www\.|\.(?:{_ENDINGS})", re.IGNORECASE)
_AFTER = "]}.,;:!?'\u2019\u060c\u061b\u061f\u2026*_"


def link_spans(text: str) -> Iterator[Span]:
    """Every address of a page in `text`, without the punctuation around it; the host of an e-mail is none."""
    if _HINT.search(text) is None:
        return
    written = {span.end for span in email_spans(text)}
    for match in _LINK.finditer(text):
        end = match.start() + _length(match.group())
        if end not in written:
            yield Span(match.start(), end)


def _length(found: str) -> int:
    """How much of `found` is the address: not the marks that end its sentence, nor a bracket from before."""
    excess = found.count(")") - found.count("(")
    end = len(found)
    while end:
        last = found[end - 1]
        if last == ")" and excess > 0:
            excess -= 1
        elif last not in _AFTER:
            break
        end -= 1
    return end


def find_links(given: ScreeningInput) -> Finding | None:
    """A finding with every address of a web page."""
    return gather(FindingKind.LINK, given, link_spans)
