"""Finds telephone numbers, and leaves years, amounts, dates and resolution numbers alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial

import phonenumbers

from consult.moderation.screening.findings import Finding, ScreeningInput, Span, gather
from consult.moderation.screening.telephone_shapes import (
    LOOK_BACK,
    RUN,
    groups,
    has_cue,
    is_amount,
    is_fraction,
    is_no_number,
    plain,
)
from consult.vocabulary import FindingKind

FEWEST_DIGITS, MOST_DIGITS = 7, 15  # ITU-T E.164 allows fifteen

# Where the plan of a text's language is likely, apart from the countries that the caller names.
_REGIONS = {
    "ar": ("EG", "MA", "JO", "LB", "SA", "TN", "DZ"),
    "zh": ("CN",),
    "en": ("GB", "US", "CH"),
    "fr": ("FR", "CH", "BE"),
    "ru": ("RU", "KZ"),
    "es": ("ES", "MX"),
}
# Glued to these, figures belong to a reference, an address of a page, a code or a rate.
_STUCK_BEFORE = re.compile(r"[A-Za-z/=#_@&.,:$\u20ac\u00a3%\-]$|[A-Z]{2}\d\d ?[A-Z]{4} ?$")
_STUCK_AFTER = re.compile(r"^(?:[A-Za-z_=%\u2030@]|/[A-Za-z]|[.,:]\d)")
_CLOSED = re.compile("[)\uff09]")
_BETWEEN_NUMBERS = re.compile(r"\s*/\s*|[ \u00a0](?=[+(0])")
# National numbers that nobody announces are believed only where they are written as such.
_TRUNK = re.compile(r"\(?0[1-9]|\(\d{2,4}\)|8 ?[(\-]\d{3}|1[3-9]\d{9}$|[2-9]\d\d[-.][2-9]\d\d[-.]\d{4}$")


def telephone_spans(text: str, regions: tuple[str, ...] = ()) -> Iterator[Span]:
    """Every telephone number in `text`; national ones are read by the plans of `regions` (ISO alpha-2)."""
    for match in RUN.finditer(text):
        start, run = match.start(), match.group()
        if run[0] in "(\uff08" and not _CLOSED.search(run):
            start, run = start + 1, run[1:]
        if len("".join(groups(run))) < FEWEST_DIGITS - 1:
            continue
        before, after = text[max(0, start - LOOK_BACK) : start], text[match.end() : match.end() + 2]
        if _STUCK_AFTER.match(after):
            continue
        announced = has_cue(before)
        if not announced and _STUCK_BEFORE.search(before):
            continue
        for begin, end in _readings(run, regions, announced=announced):
            yield Span(start + begin, start + end)


def _readings(run: str, regions: tuple[str, ...], *, announced: bool) -> Iterator[tuple[int, int]]:
    """The whole of `run` where it is one number, else those of its parts that are."""
    if _is_telephone(plain(run), regions, announced=announced):
        yield 0, len(run)
        return
    if is_no_number(plain(run)):
        return
    begin = 0
    for cut in (*_BETWEEN_NUMBERS.finditer(run), None):
        end = cut.start() if cut else len(run)
        if (begin or cut) and _is_telephone(plain(run[begin:end]), regions, announced=announced):
            yield begin, end
        begin = cut.end() if cut else end


def _is_telephone(run: str, regions: tuple[str, ...], *, announced: bool) -> bool:
    digits = sum(map(len, groups(run)))
    if not FEWEST_DIGITS - announced <= digits <= MOST_DIGITS or is_no_number(run):
        return False
    if run.startswith("+") or (run.startswith("00") and digits > 9):
        return _is_valid("+" + run.lstrip("+0"), None, possible=announced)
    if announced and not is_amount(run):
        return True
    written_so = announced or not (is_amount(run) or is_fraction(run) or _TRUNK.match(run) is None)
    return written_so and any(_is_valid(run, region) for region in regions)


def _is_valid(number: str, region: str | None, *, possible: bool = False) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    check = phonenumbers.is_possible_number if possible else phonenumbers.is_valid_number
    return check(parsed)


@cache
def likely_regions(language: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """The countries named by the caller, then those where `language` (a BCP 47 tag) is likely."""
    return tuple(dict.fromkeys((*regions, *_REGIONS.get(language.lower().split("-")[0], ()))))


def find_telephones(given: ScreeningInput) -> Finding | None:
    """A finding with every telephone number."""
    regions = likely_regions(given.language, given.regions)
    return gather(FindingKind.TELEPHONE, given, partial(telephone_spans, regions=regions))
