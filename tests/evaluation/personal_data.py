"""Measures what screening finds of contact and bank data: `python -m tests.evaluation.personal_data`.

The passages are made up from sentences in six languages and drawn numbers, half of them with look-alikes
only: dates, amounts, resolutions, laws, book numbers. The rules were written against this very set, so it
says which forms are known, not how people write.
"""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import phonenumbers
from phonenumbers import PhoneNumberFormat
from stdnum import iban, luhn

from consult.moderation.screening.bank_numbers import bank_number_spans
from consult.moderation.screening.email_addresses import email_spans
from consult.moderation.screening.findings import Span
from consult.moderation.screening.links import link_spans
from consult.moderation.screening.telephones import likely_regions, telephone_spans

SEED = 20_260
PER_LANGUAGE = 200

# {} takes what is looked for; announced sentences may take a national number, the others only a full one.
ANNOUNCED = {
    "en": ("For questions call {}.", "Our office (tel. {}) is open on Mondays.", "Phone: {}, Geneva"),
    "fr": ("Téléphone : {}.", "Notre bureau (tél. {}) est ouvert.", "Appelez le {} avant midi."),
    "es": ("Teléfono: {}.", "Nuestra oficina (tel. {}) abre los lunes.", "Llámenos al {} por la mañana."),
    "ru": ("Телефон: {}.", "Наш офис (тел. {}) открыт.", "Звоните по номеру {} в рабочие дни."),
    "ar": ("هاتف: {}.", "مكتبنا (هاتف {}) مفتوح.", "اتصل على {} في الصباح."),
    "zh": ("电话：{}。", "我们的办公室(电话{})周一开放。", "请拨打{}联系我们。"),
}
PLAIN = {
    "en": ("Write to {} for the full text.", "The case ({}) was described there, in 2018.", "{} is ours."),
    "fr": ("Écrivez à {} pour le texte complet.", "Le dossier ({}) date de 2018.", "Contact : {}"),
    "es": ("Escriba a {} para el texto completo.", "El caso ({}) es de 2018.", "Contacto: {}"),
    "ru": ("Пишите на {} по всем вопросам.", "Дело ({}) описано в 2018 году.", "Контакт: {}"),
    "ar": ("راسلونا على {} للحصول على النص.", "القضية ({}) من عام 2018.", "للتواصل: {}"),
    "zh": ("请联系{}索取全文。", "案例（{}）见2018年报告。", "联系：{}"),
}
REGIONS = {
    "en": ("GB", "US", "KE", "NG", "IN", "CH"),
    "fr": ("FR", "SN", "BE", "CM"),
    "es": ("ES", "MX", "CO", "AR"),
    "ru": ("RU", "KZ", "KG"),
    "ar": ("EG", "MA", "JO", "LB"),
    "zh": ("CN", "TW", "SG"),
}
IBANS: tuple[str, ...] = (
    "DE89370400440532013000",
    "GB82WEST12345698765432",
    "FR1420041010050500013M02606",
    "CH9300762011623852957",
    "ES9121000418450200051332",
    "NL91ABNA0417164300",
    "SA0380000000608010167519",
    "LB62099900000001001901229114",
)


@dataclass(frozen=True)
class Labelled:
    """A passage, its language, and what stands in it: kind and exact text, empty for look-alikes."""

    language: str
    text: str
    kind: str = ""
    found: str = ""


def passages(seed: int = SEED) -> list[Labelled]:
    """1,200 passages: in each language 200, half of them with something to find."""
    lot = random.Random(seed)
    made = []
    for language in PLAIN:
        for _ in range(PER_LANGUAGE // 2):
            made.append(_with_something(lot, language))
            made.append(Labelled(language, lot.choice(PLAIN[language]).format(_look_alike(lot))))
    return made


def _with_something(lot: random.Random, language: str) -> Labelled:
    kind = lot.choice(("telephone", "telephone", "announced", "email", "bank_number", "link"))
    makers = {"email": _email, "bank_number": _bank_number, "link": _link}
    if kind in makers:
        thing = makers[kind](lot)
    else:
        national = kind == "announced" and lot.random() < 0.6
        thing = _telephone(lot, lot.choice(REGIONS[language]), national=national)
    sentences = (ANNOUNCED if kind == "announced" else PLAIN)[language]
    label = "telephone" if kind == "announced" else kind
    return Labelled(language, lot.choice(sentences).format(thing), label, thing)


def _telephone(lot: random.Random, region: str, *, national: bool) -> str:
    example = phonenumbers.example_number_for_type(region, lot.randrange(2))
    assert example is not None
    digits = str(example.national_number)
    for _ in range(50):  # other last digits, as long as the plan allows them
        changed = digits[:-4] + "".join(lot.choice(string.digits) for _ in range(4))
        candidate = phonenumbers.PhoneNumber(example.country_code, int(changed))
        if phonenumbers.is_valid_number(candidate):
            example = candidate
            break
    forms = (
        (PhoneNumberFormat.NATIONAL,)
        if national
        else (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164)
    )
    written = phonenumbers.format_number(example, lot.choice(forms))
    return written.replace(" ", lot.choice((" ", " ", "-", ".", "\u00a0"))) if "-" not in written else written


def _email(lot: random.Random) -> str:
    name = lot.choice(("info", "a.secretary", "focal-point", "press+gcm", "office_7", "j.o"))
    host = lot.choice(("example.org", "mail.example.com", "ngo-network.example.net", "example.co.uk"))
    return name + lot.choice(("@", "@", "@", "@", "[at]", " (at) ", "＠")) + host


def _link(lot: random.Random) -> str:
    start = lot.choice(("https://", "http://", "www.", "https://www.", ""))
    return start + lot.choice(("example.org", "example.org/report_2018", "data.example.com/a/b?c=1&d=2#e"))


def _bank_number(lot: random.Random) -> str:
    if lot.random() < 0.6:
        number = lot.choice(IBANS)
        return lot.choice((number, iban.format(number)))
    stem = lot.choice(("4", "51", "55", "62")) + "".join(lot.choice(string.digits) for _ in range(20))
    number = stem[:15] + luhn.calc_check_digit(stem[:15])
    return lot.choice((number, " ".join(number[place : place + 4] for place in range(0, 16, 4))))


def _look_alike(lot: random.Random) -> str:
    year, small, large = lot.randint(1990, 2030), lot.randint(1, 28), lot.randint(1, 999)
    return lot.choice(
        (
            f"A/RES/{lot.randint(50, 78)}/{large}",
            f"{year}-{year + 10}",
            f"{small:02}.{small % 12 + 1:02}.{year}",
            f"{year}-{small % 12 + 1:02}-{small:02}",
            f"{large} {lot.randint(100, 999)} {lot.randint(100, 999)}",
            f"{large},{lot.randint(100, 999)},000",
            f"{large}.{lot.randint(100, 999)}.000",
            f"ISBN 978-92-9068-{lot.randint(100, 999)}-{small % 10}",
            f"No. {year}-{lot.randint(1000, 9999)}",
            f"A/HRC/WG.6/{small}/USA/{small % 3 + 1}",
            f"{lot.randint(10**8, 10**9)}",
            f"{small}.{small} {small}.{small + 1} {small}.{small + 2}",
            f"46.{lot.randint(1000, 9999)}, 6.{lot.randint(1000, 9999)}",
            f"@example{small}",
            f"{year}, {year + 1}, {year + 2}",
            f"E/CN.4/{year}/{large}/Add.1",
            f"0.{lot.randint(10**6, 10**9)}",
            f"10.1000/{lot.randint(10**5, 10**6)}",
        )
    )


def _all_spans(passage: Labelled) -> Iterable[tuple[str, Span]]:
    regions = likely_regions(passage.language, ())
    finders: dict[str, Callable[[str], Iterable[Span]]] = {
        "telephone": partial(telephone_spans, regions=regions),
        "email": email_spans,
        "bank_number": bank_number_spans,
        "link": link_spans,
    }
    return [(kind, span) for kind, finder in finders.items() for span in finder(passage.text)]


def measure(made: Iterable[Labelled]) -> dict[str, tuple[int, int, int]]:
    """For each kind: found rightly (to the exact character), missed, found wrongly."""
    counts: Counter[tuple[str, str]] = Counter()
    for passage in made:
        expected = {(passage.kind, passage.found)} - {("", "")}
        found = {(kind, passage.text[span.start : span.end]) for kind, span in _all_spans(passage)}
        counts.update((kind, "right") for kind, _ in found & expected)
        counts.update((kind, "missed") for kind, _ in expected - found)
        counts.update((kind, "wrong") for kind, _ in found - expected)
    kinds = ("telephone", "email", "bank_number", "link")
    return {kind: (counts[kind, "right"], counts[kind, "missed"], counts[kind, "wrong"]) for kind in kinds}


def main() -> None:
    """Print a table."""
    print(f"{'':12}{'right':>7}{'missed':>7}{'wrong':>7}{'recall':>8}{'precision':>10}")
    for kind, (right, missed, wrong) in measure(passages()).items():
        recall, precision = right / (right + missed), right / (right + wrong)
        print(f"{kind:12}{right:7}{missed:7}{wrong:7}{recall:8.3f}{precision:10.3f}")


if __name__ == "__main__":
    main()
