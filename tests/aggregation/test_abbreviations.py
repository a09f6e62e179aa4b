"""Short names are speaking, unique, and never look like a joint submission."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.aggregation.abbreviations import Named, abbreviations, made_from


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Sample Union of Ports", "SUP"),
        ("Union des travailleurs de l’Est", "UTE"),
        ("Центр исследований миграции", "ЦИМ"),
        ("منظمة المهاجرين", "منظمة المهاجرين"),
        ("移民研究中心", "移民研究中心"),
        ("Portside", "Portside"),
    ],
)
def test_made_from_a_name(name: str, short: str) -> None:
    assert made_from(name) == short


def test_the_second_with_the_same_letters_gets_a_number() -> None:
    bodies = [Named(1, "Sample Union", ""), Named(2, "Second Unit", ""), Named(3, "Third", "su")]
    assert abbreviations(bodies) == {1: "SU", 2: "SU-2", 3: "su-3"}


def test_no_organisation_is_called_like_a_joint_submission() -> None:
    assert abbreviations([Named(1, "Junior Scouts", ""), Named(2, "Any", "JS1")]) == {1: "JS-2", 2: "JS1-2"}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=60), st.text(max_size=8)), max_size=12))
def test_each_is_used_once(found: list[tuple[str, str]]) -> None:
    short = abbreviations(Named(at, name, acronym) for at, (name, acronym) in enumerate(found))
    assert len(set(short.values())) == len(found)
    assert not any(re.fullmatch(r"JS\d*", one) for one in short.values())
