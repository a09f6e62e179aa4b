"""Tells figures that are written as telephone numbers from those that are dates, amounts and references."""

from __future__ import annotations

import re

# Digits with at most three separators between them; also the Arabic, Persian and full-width digits.
_DIGIT = r"[0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]"
_BETWEEN = r"[ \u00a0\u2009\u202f.()/\u2010\u2011\u2013\-]"
RUN = re.compile(rf"[+\uff0b]?[(\uff08]?{_DIGIT}(?:{_BETWEEN}{{0,3}}{_DIGIT}){{5,}}")

_GROUPS = re.compile(_DIGIT + "+")
_PLAIN_DIGITS = {
    zero + value: str(value) for zero in (0x660, 0x6F0, 0xFF10) for value in range(10)
} | {0xFF0B: "+", 0xFF08: "(", 0xFF09: ")"}  # fmt: skip

# What may stand between such a word and the number: "Tel. no.:", "телефон для связи —", "电话号码是".
_LINK = (
    r"[^\w+(]*(?:(?:number|nos?|num|n\u00ba|n\u00b0|num[ée]ro|n[úu]mero|is|us|at|on|to|le|au|al|el|est|es"
    r"|по|на|номеру?|для связи|رقم|على|号码|號碼|是|号)[^\w+(]*){0,2}"
)
_CUE = re.compile(
    r"(?:(?<![^\W\d_])(?:tel|telephone|phone|mobile|mob|cell|fax|call|whats\s?app|viber|telegram|signal|hotline|helpline"
    r"|t[ée]l|t[ée]l[ée]phone|portable|t[ée]l[ée]copie|appele[rz]|joindre au"
    r"|tel[ée]fono|m[óo]vil|celular|fono|ll[aá]m[ae](?:r|nos)?(?: al?)?"
    r"|тел|телефону?|моб|мобильный|факс|звоните|ватсап|горячая линия"
    r"|telefon|telefone|handy)"
    r"|هاتف|الهاتف|تلفون|جوال|الجوال|موبايل|محمول|فاكس|الفاكس|واتساب|واتس ?[اآ]ب|اتصل"
    r"|电话|電話|手机|手機|传真|傳真|热线|熱線|致电|拨打|联系方式)" + _LINK + "$",
    re.IGNORECASE,
)
LOOK_BACK = 36

_YEAR = r"(?:1[6-9]|20)\d\d"
_DATE = re.compile(
    rf"\d{{1,2}}[./\- ]{{1,2}}\d{{1,2}}[./\- ]{{1,2}}{_YEAR}(?:\D.*)?"
    rf"|{_YEAR}[./\-]\d{{1,2}}[./\-]\d{{1,2}}(?:\D.*)?"
    rf"|{_YEAR}(?:\W{{1,3}}{_YEAR})+"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
)
# Thousands apart: 12 500 000, 1.250.000; but 020 does not begin an amount.
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f.]\d{3})+(?:\.\d{1,2})?")
_BOOK = re.compile(r"97[89]\D?\d.{8,14}|\d{4}-\d{4}|0000-000\d-.*")
_CARD = re.compile(r"\d{4}(?:[ \u00a0\-]\d{4}){3}.*")
_DECIMAL = re.compile(r"\d+\.\d{5,}|\d{1,3}\.\d+\W{1,3}\d{1,3}\.\d{3,}")


def plain(run: str) -> str:
    """`run` with ASCII digits, plus sign and brackets."""
    return run.translate(_PLAIN_DIGITS)


def groups(run: str) -> list[str]:
    """The groups of digits that `run` is written in."""
    return _GROUPS.findall(run)


def is_amount(run: str) -> bool:
    """Whether a plain `run` is written as an amount; some countries write telephone numbers like that too."""
    return _AMOUNT.fullmatch(run) is not None


def is_fraction(run: str) -> bool:
    """Whether a plain `run` is written as a decimal fraction or a pair of coordinates."""
    return _DECIMAL.fullmatch(run) is not None


def is_no_number(run: str) -> bool:
    """Whether a plain `run` is written as a date, a span of years, an ISBN, an ORCID or a payment card."""
    return any(pattern.fullmatch(run) for pattern in (_DATE, _BOOK, _CARD))


def has_cue(before: str) -> bool:
    """Whether `before`, the text up to a number, ends in words that announce a telephone number."""
    return _CUE.search(before) is not None
