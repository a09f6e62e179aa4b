"""Names the other submissions that say exactly the same."""

from __future__ import annotations

from consult.moderation.screening.findings import Finding, ScreeningInput
from consult.vocabulary import FindingKind


def find_duplicate(given: ScreeningInput) -> Finding | None:
    """A finding with the `references` of submissions whose text has the same fingerprint."""
    if not given.duplicates:
        return None
    references = sorted(set(given.duplicates))
    return Finding(FindingKind.DUPLICATE, facts={"references": references, "count": len(references)})
