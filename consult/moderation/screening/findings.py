"""What screening is given and what it finds; a finding never decides anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from consult.vocabulary import FindingKind

# A list of a thousand addresses is evident after fifty; the facts still count all of them.
MOST_EVIDENCE = 50


class Passage(NamedTuple):
    """One paragraph: its stable number, the code of its thematic area, its text."""

    number: int
    area: str
    text: str


class AreaLength(NamedTuple):
    """The words counted under one thematic area, and how many are allowed there, None being any number."""

    area: str
    words: int
    limit: int | None


class Span(NamedTuple):
    """A part of a text, offsets in code points, and what its finder knows of it (for counts, never shown)."""

    start: int
    end: int
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a finding rests: `text` is the exact slice `start:end` of the paragraph of that number."""

    paragraph: int | None
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one step noticed: its evidence in reading order, and facts for a sentence in any language."""

    kind: FindingKind
    evidence: tuple[Evidence, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScreeningInput:
    """One filed version, as far as screening needs it.

    `language` is the declared BCP 47 tag; `lengths` are server-counted words per area; `duplicates` are the
    references of other submissions with the same text fingerprint, found by the caller; `regions` are ISO
    3166-1 alpha-2 codes of countries whose way of writing telephone numbers is likely (the organisation's).
    """

    language: str
    paragraphs: tuple[Passage, ...]
    lengths: tuple[AreaLength, ...] = ()
    duplicates: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


Step = Callable[[ScreeningInput], Finding | None]


def gather(
    kind: FindingKind, given: ScreeningInput, spans: Callable[[str], Iterable[Span]], **facts: Any
) -> Finding | None:
    """One finding of `kind` with every span that `spans` finds in the paragraphs; None if there is none."""
    evidence: list[Evidence] = []
    count = 0
    for number, _area, text in given.paragraphs:
        for start, end, _sort in spans(text):
            count += 1
            if len(evidence) < MOST_EVIDENCE:
                evidence.append(Evidence(number, start, end, text[start:end]))
    return Finding(kind, tuple(evidence), {"count": count, **facts}) if count else None
