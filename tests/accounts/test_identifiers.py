"""Numbers of registries: real ones pass in any spelling, slips of one character do not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.accounts.identifiers import normal_identifier
from consult.vocabulary import IdentifierScheme

ICSO, ROR = IdentifierScheme.ICSO, IdentifierScheme.ROR
LEI, NATIONAL = IdentifierScheme.LEI, IdentifierScheme.NATIONAL

# Published identifiers of well-known universities (ror.org), and ISO 17442's example as stdnum carries it.
RORS = ("05a28rw58", "042nb2s44", "00f54p054", "01an7q238", "02mhbdp94")
A_LEI = "213800KUD8LAJWSQ9D15"


@pytest.mark.parametrize(
    ("scheme", "given", "kept"),
    [
        (ICSO, " 635021 ", "635021"),
        (ICSO, "000123", "123"),
        (ROR, "05A28RW58", "https://ror.org/05a28rw58"),
        (ROR, "https://www.ror.org/05a28rw58/", "https://ror.org/05a28rw58"),
        (LEI, "2138 00ku d8la jwsq 9d15", A_LEI),
        (NATIONAL, "Zefix CHE-123.456.789", "Zefix CHE-123.456.789"),
    ],
)
def test_usual_spelling(scheme: IdentifierScheme, given: str, kept: str) -> None:
    assert normal_identifier(scheme, given) == kept
    assert normal_identifier(scheme, kept) == kept


@pytest.mark.parametrize("ror", RORS)
def test_real_ror_identifiers_pass(ror: str) -> None:
    assert normal_identifier(ROR, ror).endswith(ror)


@pytest.mark.parametrize(
    ("scheme", "given"),
    [
        (ICSO, ""),
        (ICSO, "0000"),
        (ICSO, "12a"),
        (ICSO, "١٢٣"),
        (ICSO, "123456789"),
        (ROR, "05a28rw59"),
        (ROR, "https://evil.example/05a28rw58"),
        (ROR, "15a28rw58"),
        (LEI, "5493"),
        (LEI, A_LEI[:-1] + "6"),
        (LEI, "２１３８００KUD8LAJWSQ9D15"),
        (NATIONAL, "x" * 61),
    ],
)
def test_what_is_none_is_refused(scheme: IdentifierScheme, given: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        normal_identifier(scheme, given)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(RORS), st.integers(1, 8), st.sampled_from("0123456789abcdefghjkmnpqrstvwxyz"))
def test_one_wrong_character_in_a_ror_is_noticed(ror: str, at: int, letter: str) -> None:
    slip = ror[:at] + letter + ror[at + 1 :]
    if slip == ror:
        return
    with pytest.raises(ValueError, match=r"\w"):
        normal_identifier(ROR, slip)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(IdentifierScheme), st.text(max_size=80))
def test_any_text_is_kept_or_refused_and_keeping_is_stable(scheme: IdentifierScheme, text: str) -> None:
    try:
        kept = normal_identifier(scheme, text)
    except ValueError:
        return
    assert normal_identifier(scheme, kept) == kept
