"""Contact and bank data: found to the character, look-alikes left alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.moderation.screening.bank_numbers import bank_number_spans
from consult.moderation.screening.email_addresses import email_spans
from consult.moderation.screening.findings import Span
from consult.moderation.screening.links import link_spans
from consult.moderation.screening.telephones import likely_regions, telephone_spans

Finder = Callable[[str], Iterable[Span]]
FINDERS: tuple[Finder, ...] = (email_spans, telephone_spans, link_spans, bank_number_spans)


def slices(finder: Finder, text: str) -> list[str]:
    return [text[span.start : span.end] for span in finder(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to a.b-c+d@mail.example.co.uk, please.", ["a.b-c+d@mail.example.co.uk"]),
        ("联系info@example.org了解", ["info@example.org"]),
        ("'info@example.org'", ["info@example.org"]),
        ("-info@example.org.", ["info@example.org"]),
        ("почта@пример.рф", ["почта@пример.рф"]),
        ("info＠example.org", ["info＠example.org"]),
        ("name [at] example [dot] org", ["name [at] example [dot] org"]),
        ("a@example.org;b@example.org", ["a@example.org", "b@example.org"]),
        ("Follow @example.name", []),
        ("3@5.2 and [EMAIL]", []),
    ],
)
def test_email_addresses(text: str, expected: list[str]) -> None:
    assert slices(email_spans, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(see https://example.org/a_(b)c), and", ["https://example.org/a_(b)c"]),
        ("请访问www.example.org了解", ["www.example.org"]),
        ("见https://example.org/zh。", ["https://example.org/zh"]),
        ("http://президент.рф/новости, да", ["http://президент.рф/новости"]),
        ("ftp://example.org", ["ftp://example.org"]),
        ("data.example.org/x and info@example.org", ["data.example.org/x"]),
        ("info [at] example.org", []),
        ("countries.information, development.Net, e.g. this, www.a", []),
    ],
)
def test_links(text: str, expected: list[str]) -> None:
    assert slices(link_spans, text) == expected


TELEPHONES = {
    "en": ("+41 22 730 87 28", "Tel.: 022 730 87 28", "(212) 555-0123", "202-456-1111", "0041227308728"),
    "fr": ("06 12 34 56 78", "Tél. : 01 23 45 67 89", "+33 (0)1 23 45 67 89", "appelez le 0123456789"),
    "es": ("+34 612 34 56 78", "Llámenos al 912 345 678", "móvil: 612345678"),
    "ru": ("8 (495) 123-45-67", "+7 495 123-45-67", "телефон для связи — 84951234567"),
    "ar": ("هاتف: ٠١٠٠١٢٣٤٥٦٧", "اتصل على 01001234567", "+20 100 123 4567"),
    "zh": ("电话：010-65321234", "请拨打13800138000联系", "＋86 138 0013 8000"),
}
LOOK_ALIKES = (
    "A/RES/73/195",
    "A/HRC/WG.6/28/USA/2",
    "E/CN.4/2005/102/Add.1",
    "between 2015-2030, 1990–2020 and 2015, 2016, 2017",
    "on 12.05.2018, 12/05/2018, (06.07.2005), 2018-12-10 14:30 and 20181210",
    "12 500 000 people, 1.250.000 euros, USD 4,500,000, 10 000 000 000",
    "612 345 678 habitantes",
    "ISBN 978-92-9068-123-4, ORCID 0000-0002-1825-0097, ISSN 1234-5679",
    "46.2276, 6.1395 or 0.123456789",
    "Decree No. 2016-1234567, ID 123456789",
    "https://example.org/2018/12/10/1234567890?id=0612345678",
    "SDG 10.7, 10.c and 8.8; paragraphs 12-15, 23-25",
    "4111 1111 1111 1111",
    "5509 8557 0106 4679",
    "DE89 3704 0044 0532 0130 00, NL91 ABNA 0417 1643 00",
    "loi n° 2018-778 du 10 septembre 2018",
    "2018年12月10日，1400000000",
    "١٢٥٠٠٠٠٠ شخص",
)


@pytest.mark.parametrize(
    ("language", "text"), [(lang, text) for lang, texts in TELEPHONES.items() for text in texts]
)
def test_telephone_numbers(language: str, text: str) -> None:
    found = list(telephone_spans(text, likely_regions(language, ())))
    assert len(found) == 1
    digits = [character for character in text if character.isdigit()]
    assert [character for character in text[found[0].start : found[0].end] if character.isdigit()] == digits


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_figures_that_are_no_telephone_numbers(text: str) -> None:
    for language in TELEPHONES:
        assert not list(telephone_spans(text, likely_regions(language, ())))


def test_several_numbers_in_a_row() -> None:
    for text in ("+41 22 730 87 28 / +41 22 730 87 29", "0612345678 0698765432"):
        assert len(list(telephone_spans(text, ("FR",)))) == 2


def test_the_country_of_the_organisation_helps() -> None:
    assert list(telephone_spans("0712 345678", ("KE",)))
    assert likely_regions("en-GB", ("KE", "GB")) == ("KE", "GB", "US", "CH")


@pytest.mark.parametrize(
    ("text", "sort", "expected"),
    [
        ("DE89 3704 0044 0532 0130 00 and more", "iban", "DE89 3704 0044 0532 0130 00"),
        ("AT61 1904 3002 3457 3201 BANK HERE", "iban", "AT61 1904 3002 3457 3201"),
        ("号码gb82west12345698765432。", "iban", "gb82west12345698765432"),
        ("NL91 ABNA 0417 1643 00", "iban", "NL91 ABNA 0417 1643 00"),
        ("card 4111-1111-1111-1111.", "card", "4111-1111-1111-1111"),
        ("378282246310005", "card", "378282246310005"),
    ],
)
def test_bank_numbers(text: str, sort: str, expected: str) -> None:
    assert [(text[start:end], found) for start, end, found in bank_number_spans(text)] == [(expected, sort)]


def test_figures_that_are_no_bank_numbers() -> None:
    for text in (
        "1234 5678 9012 3456",
        "DE88 3704 0044 0532 0130 00",
        "2018 2019 2020 2021",
        "4111 1111 1111 1112",
    ):
        assert not list(bank_number_spans(text))


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("a1@.+-()/ 移www:hГ٣０\n[]#,") | st.characters(codec="utf-8"), max_size=120))
def test_spans_are_in_order_inside_the_text_and_apart(text: str) -> None:
    for finder in FINDERS:
        end = -1
        for span in sorted(finder(text)):
            assert end <= span.start < span.end <= len(text)
            end = span.end


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1",
        "+1",
        "1/2",
        "a@",
        "a.",
        "www.",
        "com.",
        "(a)",
        "[at]",
        "https://x.y)",
        "AA11",
        "0612345678 ",
    ],
)
def test_time_grows_with_length_only(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for finder in FINDERS:
        started = time.process_time()
        list(finder(text))
        assert time.process_time() - started < 2
