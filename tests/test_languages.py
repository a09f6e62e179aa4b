"""Languages: names, direction, and the usual spelling of a tag."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.languages import language_name, language_tag, own_name, un_languages


def test_the_six() -> None:
    six = {language.tag: language for language in un_languages()}
    assert list(six) == ["ar", "zh", "en", "fr", "ru", "es"]
    assert six["ar"].name == "العربية"
    assert [tag for tag, language in six.items() if language.direction == "rtl"] == ["ar"]


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("EN", "en"),
        (" fr ", "fr"),
        ("pt-br", "pt-BR"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("eng", "en"),
        ("ckb", "ckb"),
        ("ca-valencia", "ca-valencia"),
    ],
)
def test_usual_spelling(value: str, tag: str) -> None:
    assert language_tag(value) == tag
    assert language_tag(tag) == tag


@pytest.mark.parametrize(
    "value", ["", "e", "en_GB", "en-", "english", "xx", "en-XX", "en-Qqqq", "en\n-GB", "ｅｎ"]
)
def test_no_tag(value: str) -> None:
    with pytest.raises(ValueError, match=r"BCP 47|ISO"):
        language_tag(value)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=20) | st.from_regex(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", fullmatch=True))
def test_spelling_is_stable(value: str) -> None:
    try:
        tag = language_tag(value)
    except ValueError:
        return
    assert language_tag(tag) == tag
    assert language_name(tag, "fr")


def test_names_in_other_languages() -> None:
    assert own_name("ru") == "русский"
    assert language_name("ar", "fr") == "arabe"
    assert language_name("pt-BR", "es") == "portugués de Brasil"
    assert language_name("en-KE", "en") == "English (KE)"
    assert language_name("ckb", "zz") == "Central Kurdish"
