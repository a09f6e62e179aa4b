"""Takes a filed version through every screening step, in order, and can time each."""

from __future__ import annotations

from time import perf_counter

from consult.moderation.screening.bank_numbers import find_bank_numbers
from consult.moderation.screening.duplicates import find_duplicate
from consult.moderation.screening.email_addresses import find_email
from consult.moderation.screening.emptiness import find_empty
from consult.moderation.screening.findings import Finding, ScreeningInput, Step
from consult.moderation.screening.language_mismatch import find_language_mismatch
from consult.moderation.screening.links import find_links
from consult.moderation.screening.over_length import find_over_length
from consult.moderation.screening.telephones import find_telephones
from consult.vocabulary import FindingKind

STEPS: tuple[tuple[FindingKind, Step], ...] = (
    (FindingKind.EMPTY, find_empty),
    (FindingKind.TOO_LONG, find_over_length),
    (FindingKind.DUPLICATE, find_duplicate),
    (FindingKind.LANGUAGE, find_language_mismatch),
    (FindingKind.EMAIL, find_email),
    (FindingKind.TELEPHONE, find_telephones),
    (FindingKind.BANK_NUMBER, find_bank_numbers),
    (FindingKind.LINK, find_links),
)


def screen(given: ScreeningInput) -> list[Finding]:
    """What the steps find, in their order; a step that finds nothing says nothing."""
    return [finding for _, step in STEPS if (finding := step(given)) is not None]


def screen_timed(given: ScreeningInput) -> tuple[list[Finding], dict[FindingKind, float]]:
    """The same, with the seconds that each step took."""
    found: list[Finding] = []
    seconds: dict[FindingKind, float] = {}
    for kind, step in STEPS:
        started = perf_counter()
        finding = step(given)
        seconds[kind] = perf_counter() - started
        if finding is not None:
            found.append(finding)
    return found, seconds
