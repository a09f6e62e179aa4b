"""Finds numbers of bank accounts (IBAN) and payment cards, by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from consult.moderation.screening.findings import Finding, ScreeningInput, Span, gather
from consult.vocabulary import FindingKind

SHORTEST_IBAN = 15
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0\-]?[A-Za-z0-9]){11,30}", re.ASCII)
_CARD = re.compile(r"(?<![\d.,+\-])\d(?:[ \u00a0\-]?\d){12,18}(?!\d)", re.ASCII)
_FIGURES = re.compile(r"\d(?:\D?\d){9}", re.ASCII)
_BETWEEN = re.compile(r"[ \u00a0\-]")
# Issuer's first digits and lengths (ISO/IEC 7812): one number in ten passes the check digit by accident.
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|(?:6011|64[4-9]\d|65\d\d|35[2-8]\d)\d{12}|62\d{14,17}|(?:5[0678]|6[37])\d{10,17}"
)


def bank_number_spans(text: str) -> Iterator[Span]:
    """Every IBAN and card number in `text`; `sort` says which."""
    if _FIGURES.search(text) is None:
        return
    taken = 0
    for match in _IBAN.finditer(text):
        end = _iban_end(match.group())
        if end:
            taken = match.start() + end
            yield Span(match.start(), taken, "iban")
    for match in _CARD.finditer(text):
        plain = _BETWEEN.sub("", match.group())
        if match.start() >= taken and _ISSUERS.fullmatch(plain) and luhn.is_valid(plain):
            yield Span(match.start(), match.end(), "card")


def _iban_end(candidate: str) -> int:
    """How far the IBAN at the start of `candidate` reaches, for words may follow it unmarked; 0 if none."""
    length = 0
    for position, character in enumerate(candidate, start=1):
        length += character.isalnum()
        ends = position == len(candidate) or not candidate[position].isalnum()
        # Each country has one length, so at most one of these is an IBAN.
        if ends and length >= SHORTEST_IBAN:
            plain = _BETWEEN.sub("", candidate[:position]).upper()
            if iban.is_valid(plain, check_country=False):
                return position
    return 0


def find_bank_numbers(given: ScreeningInput) -> Finding | None:
    """A finding with every IBAN and card number."""
    return gather(FindingKind.BANK_NUMBER, given, bank_number_spans)
