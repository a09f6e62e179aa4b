"""Finds e-mail addresses, also those written to escape notice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from consult.moderation.screening.findings import Finding, ScreeningInput, Span, gather
from consult.vocabulary import FindingKind

# Letters of any script but the Chinese, Japanese and Korean ones, which stand next to an address without a
# space. \b would miss an address glued to them. Lengths are bounded (RFC 5321), so time is linear.
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_LETTER = rf"[^\W{_CJK}]"
_NAME = rf"(?<!{_LETTER}){_LETTER}(?:{_LETTER}|[.%+\-]){{0,63}}"
_LABEL = rf"{_LETTER}(?:{_LETTER}|-){{0,62}}"
_ENDING = rf"[^\W\d_{_CJK}]{{2,24}}"
_PLAIN = re.compile(rf"{_NAME}(?:[@\uff20]| [@\uff20] )(?:{_LABEL}\.){{1,6}}{_ENDING}")
_HIDDEN = re.compile(
    rf"{_NAME} ?[\[(<{{] ?(?:at|arroba|arobase|chez|@) ?[\])>}}] ?"
    rf"(?:{_LABEL}(?:\.| ?[\[(<{{] ?(?:dot|punto|point|\.) ?[\])>}}] ?)){{1,6}}{_ENDING}",
    re.IGNORECASE,
)
_HINT = re.compile(r"[@\uff20\[(<{]")


def email_spans(text: str) -> Iterator[Span]:
    """Every e-mail address in `text`."""
    if _HINT.search(text) is None:
        return
    for pattern in (_PLAIN, _HIDDEN):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end())


def find_email(given: ScreeningInput) -> Finding | None:
    """A finding with every e-mail address."""
    return gather(FindingKind.EMAIL, given, email_spans)
