"""Two spellings of one body are noticed; two bodies on one platform are not."""

from __future__ import annotations

import pytest

from consult.accounts.likeness import name_key, site_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Sample Institute of Migration", "Institute for Migration, Sample"),
        ("Réseau Échantillon", "RESEAU ECHANTILLON"),
        ("Musterverein e.V.", "Musterverein"),
        ("Asociación de Muestra", "Asociacion Muestra"),
        ("منظمة عيّنة", "منظمة عينة"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


def test_unlike() -> None:
    assert name_key("Sample Union of Nurses") != name_key("Sample Union of Sailors")
    assert name_key("The A") != ""
    assert name_key("…") == ""


@pytest.mark.parametrize(
    ("website", "site"),
    [
        ("https://www.sample.example/about", "sample.example"),
        ("http://SAMPLE.example:8080", "sample.example"),
        ("https://facebook.com/sample", ""),
        ("https://sample.wordpress.com", ""),
        ("", ""),
        ("https://[broken", ""),
    ],
)
def test_site(website: str, site: str) -> None:
    assert site_of(website) == site
