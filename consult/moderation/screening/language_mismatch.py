"""Finds submissions that are not in the language they say."""

from __future__ import annotations

from collections import defaultdict

from consult.moderation.screening.findings import MOST_EVIDENCE, Evidence, Finding, Passage, ScreeningInput
from consult.moderation.screening.language import UNSURE, Detection, detect
from consult.vocabulary import FindingKind

# A quotation or a title in another language is no mismatch; a third of the text is.
TOLERATED = 0.3
_SHOWN = 160


def find_language_mismatch(given: ScreeningInput) -> Finding | None:
    """A finding with the `declared` and the `detected` language, its `label`, `score` and `share`.

    `detected` is an official language or `other`. Texts too short to tell are passed over.
    """
    declared = given.language.lower().split("-")[0]
    sure = [(passage, found) for passage, found in _detections(given) if found.language != UNSURE]
    foreign = [(passage, found) for passage, found in sure if declared not in (found.language, found.label)]
    whole = sum(len(passage.text) for passage, _ in sure)
    strange = sum(len(passage.text) for passage, _ in foreign)
    if not foreign or strange < TOLERATED * whole:
        return None
    evidence = tuple(
        Evidence(passage.number, 0, min(len(passage.text), _SHOWN), passage.text[:_SHOWN])
        for passage, _ in foreign[:MOST_EVIDENCE]
        if passage.number
    )
    facts = {"declared": declared, "share": round(strange / whole, 3), **_foremost(foreign)}
    return Finding(FindingKind.LANGUAGE, evidence, facts)


def _detections(given: ScreeningInput) -> list[tuple[Passage, Detection]]:
    found = [(Passage(*passage), detect(passage[2])) for passage in given.paragraphs]
    if all(detection.language == UNSURE for _, detection in found):
        # Many short lines, each too short to tell, may be plain enough together.
        together = "\n".join(passage.text for passage, _ in found)
        return [(Passage(0, "", together), detect(together))]
    return found


def _foremost(foreign: list[tuple[Passage, Detection]]) -> dict[str, str | float]:
    """The language that most of the foreign text is in, with the mean score of its paragraphs."""
    lengths: dict[tuple[str, str], int] = defaultdict(int)
    for passage, found in foreign:
        lengths[found.language, found.label] += len(passage.text)
    language, label = max(lengths, key=lambda pair: lengths[pair])
    scores = [found.score for _, found in foreign if (found.language, found.label) == (language, label)]
    return {"detected": language, "label": label, "score": round(sum(scores) / len(scores), 3)}
