"""Countries and areas of ISO 3166-1: names in the reader's language, and the region each is counted in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale, UnknownLocaleError

from consult.collation import sort_key
from consult.i18n import gettext as _

DATA = Path(__file__).parent / "data"


def country_code(value: str) -> str:
    """The alpha-3 code in capitals. Raises ValueError, with a sentence, for any other text."""
    code = value.strip().upper()
    if code not in _alpha2():
        raise ValueError(_("Give a country by its three letters (ISO 3166-1 alpha-3), for example KEN."))
    return code


def country_name(alpha3: str, locale: str) -> str:
    """The name in use at the United Nations where CLDR differs from it, else CLDR's, in `locale`.

    A locale that CLDR does not know is answered in English. Raises ValueError for an unknown code.
    """
    code = country_code(alpha3)
    found = _locale(locale)
    united_nations = _names().get(code, {}).get(found.language)
    if united_nations:
        return united_nations
    return str(found.territories.get(_alpha2()[code]) or pycountry.countries.lookup(code).name)


@cache
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """Every (alpha-3 code, name), in the order a reader of `locale` expects."""
    named = [(code, country_name(code, locale)) for code in _alpha2()]
    return tuple(sorted(named, key=lambda pair: sort_key(pair[1], locale)))


def region_of(alpha3: str) -> str:
    """The regional review (ECA, ECE, ECLAC, ESCAP, ESCWA) that a country is counted in: each in one only.

    The rule stands in `data/regions.json`. Raises ValueError for an unknown code.
    """
    return _regions()[country_code(alpha3)]


def _locale(tag: str) -> Locale:
    try:
        return Locale.parse(tag.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


@cache
def _alpha2() -> Mapping[str, str]:
    return {country.alpha_3: country.alpha_2 for country in pycountry.countries}


@cache
def _regions() -> Mapping[str, str]:
    regions: dict[str, list[str]] = _read("regions.json")["regions"]
    return {country: region for region, members in regions.items() for country in members}


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    names: dict[str, dict[str, str]] = _read("country_names.json")["names"]
    return names


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
