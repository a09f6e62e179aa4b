"""Canonical content: the vectors of RFC 8785, stability, and refusal to guess."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.submissions.intake.canonical import canonical_bytes, fingerprint, text_fingerprint


def test_the_sample_of_rfc_8785_section_3_2_2() -> None:
    """Section 3.2.2 gives the input, section 3.2.4 the bytes."""
    content = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
        "literals": [None, True, False],
    }
    assert canonical_bytes(content) == (
        b'{"literals":[null,true,false],'
        b'"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_the_property_order_of_rfc_8785_section_3_2_3() -> None:
    """Names sort by UTF-16 code units, so the surrogate pair of U+1F600 comes before U+FB33."""
    content = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical_bytes(content)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.0, b"0"),
        (-0.0, b"0"),
        (5e-324, b"5e-324"),
        (1.7976931348623157e308, b"1.7976931348623157e+308"),
        (9007199254740991, b"9007199254740991"),
        (1e21, b"1e+21"),
        (1e-6, b"0.000001"),
        (1e-7, b"1e-7"),
    ],
)
def test_numbers_of_rfc_8785_appendix_b(number: float, written: bytes) -> None:
    assert canonical_bytes({"n": number}) == b'{"n":' + written + b"}"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", object(), b"x", {1: 2}])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="no canonical form"):
        canonical_bytes({"v": value})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abé"), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.text("xyzß", max_size=3), VALUES, max_size=5))
def test_the_order_of_writing_does_not_matter(content: dict[str, Any]) -> None:
    shuffled = dict(reversed(content.items()))
    assert canonical_bytes(shuffled) == canonical_bytes(content)
    assert json.loads(canonical_bytes(content)) == content
    assert fingerprint(content) == hashlib.sha256(canonical_bytes(content)).hexdigest()


def test_duplicates_are_found_under_their_typography() -> None:
    plain = text_fingerprint("Open regular pathways now")
    for other in (
        "OPEN  regular\npathways, now!",
        "“Open — regular” pathways… now.",
        "Ｏpen regular pathways now",
    ):
        assert text_fingerprint(other) == plain
    assert text_fingerprint("Open regular pathways later") != plain
    assert text_fingerprint("移民，权利") == text_fingerprint("移民。权利")
    assert text_fingerprint("") == text_fingerprint("…")
