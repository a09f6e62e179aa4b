"""Countries: every one has a name in six languages and one region; the order is the reader's."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pycountry
import pytest

from consult.collation import sort_key
from consult.places import countries, country_code, country_name, region_of
from consult.vocabulary import UN_LANGUAGES, Region

EVERY = [country.alpha_3 for country in pycountry.countries]


def test_every_country_is_counted_in_one_region() -> None:
    counted = Counter(region_of(code) for code in EVERY)
    assert set(counted) == set(map(str, Region))
    assert counted["ESCWA"] == 21
    assert counted.total() == len(EVERY)


@pytest.mark.parametrize(
    ("code", "region"),
    [
        ("MAR", "ESCWA"),
        ("COM", "ECA"),
        ("MEX", "ECLAC"),
        ("USA", "ECE"),
        ("ISR", "ECE"),
        ("TUR", "ECE"),
        ("GEO", "ECE"),
        ("UZB", "ECE"),
        ("IRN", "ESCAP"),
        ("FJI", "ESCAP"),
        ("BMU", "ECLAC"),
    ],
)
def test_the_rule(code: str, region: str) -> None:
    assert region_of(code) == region


@pytest.mark.parametrize("locale", UN_LANGUAGES)
def test_every_country_has_its_own_name(locale: str) -> None:
    named = dict(countries(locale))
    assert sorted(named) == sorted(EVERY)
    assert len(set(named.values())) == len(named)
    assert all(named.values())


def test_united_nations_names_prevail() -> None:
    assert country_name("PSE", "fr") == "État de Palestine"
    assert country_name("cod", "en") == "Democratic Republic of the Congo"
    assert country_name("KEN", "ru") == "Кения"
    assert country_name("USA", "pt-BR") == "Estados Unidos"
    assert country_name("USA", "xx-nowhere") == "United States of America"


def test_order_is_the_readers() -> None:
    english = [name for _code, name in countries("en")]
    assert english.index("Åland Islands") < english.index("Albania")
    assert english.index("Congo") < english.index("Côte d’Ivoire") < english.index("Croatia")
    chinese = [name for _code, name in countries("zh")]
    assert chinese.index("阿尔巴尼亚") < chinese.index("巴西") < chinese.index("斐济") < chinese.index("中国")
    assert sorted(["оса", "йод", "изба"], key=lambda word: sort_key(word, "ru")) == ["изба", "йод", "оса"]
    assert sorted(["ñu", "oca", "nube"], key=lambda word: sort_key(word, "es")) == ["nube", "ñu", "oca"]
    assert sorted(["île", "ils", "ile"], key=lambda word: sort_key(word, "fr")) == ["ile", "île", "ils"]


@pytest.mark.parametrize("locale", UN_LANGUAGES)
def test_order_is_total(locale: str) -> None:
    keys = [sort_key(name, locale) for _code, name in countries(locale)]
    assert all(left < right for left, right in pairwise(keys))


@pytest.mark.parametrize("value", ["", "KE", "Kenya", "XXX", "КЕН", "KEN\x00"])
def test_other_texts_are_no_country(value: str) -> None:
    with pytest.raises(ValueError, match="ISO 3166-1"):
        country_code(value)
