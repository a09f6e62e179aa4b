"""Finds areas with no text, or with so little that nothing can be said in it."""

from __future__ import annotations

from consult.moderation.screening.findings import Finding, ScreeningInput
from consult.vocabulary import FindingKind

# "None", "N/A", "See attached": fewer words than a sentence has. Chinese is counted by characters.
FEWEST_WORDS = 3
FEWEST_CHARACTERS = 5


def find_empty(given: ScreeningInput) -> Finding | None:
    """A finding with the `areas`, the `words` there are, and whether `all` of the submission is wordless."""
    fewest = FEWEST_CHARACTERS if given.language.lower().split("-")[0] == "zh" else FEWEST_WORDS
    areas = [area for area, words, _limit in given.lengths if words < fewest]
    wordless = not any(character.isalnum() for _, _, text in given.paragraphs for character in text)
    if not areas and not wordless:
        return None
    words = sum(words for _, words, _ in given.lengths)
    return Finding(FindingKind.EMPTY, facts={"areas": areas, "words": words, "all": wordless})
