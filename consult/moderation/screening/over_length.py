"""Finds areas whose text is longer than the consultation allows; it is kept whole all the same."""

from __future__ import annotations

from consult.moderation.screening.findings import Finding, ScreeningInput
from consult.vocabulary import FindingKind


def find_over_length(given: ScreeningInput) -> Finding | None:
    """A finding with `areas`: area, words, limit, and by how many words it is over."""
    areas = [
        {"area": area, "words": words, "limit": limit, "over": words - limit}
        for area, words, limit in given.lengths
        if limit is not None and words > limit
    ]
    return Finding(FindingKind.TOO_LONG, facts={"areas": areas}) if areas else None
