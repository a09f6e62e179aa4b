"""What a consultation may be made of; every refusal names its field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.consultations.areas import named, slug_of
from consult.consultations.models import FILE_TYPES
from consult.consultations.schemas import SLUG, ConsultationChange, NewConsultation
from consult.errors import Invalid
from consult.submissions.intake.sniffing import KINDS
from consult.web.forms import load

GOOD = {
    "instrument": "gcm",
    "title": "Input for the forum",
    "opens_at": "2027-01-11T08:00:00Z",
    "closes_at": "2027-03-31T18:00:00+02:00",
}


def test_four_things_are_enough() -> None:
    terms = load(NewConsultation(), GOOD)
    assert terms["closes_at"].isoformat() == "2027-03-31T18:00:00+02:00"
    assert "languages" not in terms


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("title", "", "title"),
        ("title", "  ", "title"),
        ("title", "x" * 201, "title"),
        ("title", "two\nlines", "title"),
        ("title", "nul\x00", "title"),
        ("title", "half \ud800", "title"),
        ("title", 7, "title"),
        ("slug", "Forum 2027", "slug"),
        ("slug", "a--b", "slug"),
        ("slug", "new", "slug"),
        ("opens_at", "2027-01-11T08:00:00", "opens_at"),
        ("opens_at", "0001-01-01T00:00:00+14:00", "opens_at"),
        ("closes_at", "9999-12-31T23:59:59-14:00", "closes_at"),
        ("closes_at", "soon", "closes_at"),
        ("closes_at", None, "closes_at"),
        ("time_zone", "Mars/Olympus", "time_zone"),
        ("time_zone", "../../etc/passwd", "time_zone"),
        ("time_zone", "EST", "time_zone"),
        ("languages", [], "languages"),
        ("languages", ["en", "xx"], "languages.1"),
        ("languages", ["en", "EN"], "languages"),
        ("groups", ["states"], "groups.0"),
        ("groups", ["media", "media"], "groups"),
        ("accepted_files", ["exe"], "accepted_files.0"),
        ("max_file_mb", 51, "max_file_mb"),
        ("max_file_mb", 0, "max_file_mb"),
        ("max_file_mb", "10", "max_file_mb"),
        ("max_files", True, "max_files"),
        ("guidance", "x" * 20_001, "guidance"),
        ("areas", [{"code": "rt1"}], "areas.0.title"),
        ("areas", [{"title": "A", "code": "Round Table"}], "areas.0.code"),
        ("areas", [{"title": "A", "word_limit": 0}], "areas.0.word_limit"),
        ("areas", [{"title": "A", "word_limit": 20_001}], "areas.0.word_limit"),
        ("areas", [{"title": "A", "objectives": [1, 1]}], "areas.0.objectives"),
        ("areas", [{"title": "A", "objectives": ["one"]}], "areas.0.objectives.0"),
        ("areas", [{"title": "A", "questions": [""]}], "areas.0.questions.0"),
        ("areas", [{"title": "A", "colour": "red"}], "areas.0.colour"),
        ("areas", [{"title": "A"}] * 41, "areas"),
        ("phase", "open", "phase"),
    ],
)
def test_refusal_names_the_field(field: str, value: Any, at: str) -> None:
    for schema in (NewConsultation(), ConsultationChange()):
        with pytest.raises(Invalid) as caught:
            load(schema, {**GOOD, field: value})
        assert list(caught.value.fields) == [at]


def test_a_change_may_be_small_but_its_areas_are_whole() -> None:
    assert load(ConsultationChange(), {}) == {}
    with pytest.raises(Invalid) as caught:
        load(ConsultationChange(), {"areas": [{"code": "rt1"}]})
    assert list(caught.value.fields) == ["areas.0.title"]


def test_intake_can_look_into_every_kind_of_file() -> None:
    assert set(FILE_TYPES) == set(KINDS)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Réunion d’Accra 2027", "reunion-d-accra-2027"),
        ("  --  ", "other"),
        ("国际移徙", "other"),
        ("A" * 80, "a" * 70),
    ],
)
def test_address_from_a_title(title: str, slug: str) -> None:
    assert slug_of(title, 70, "other") == slug


@settings(max_examples=60)
@given(st.lists(st.text(min_size=1, max_size=60), max_size=8))
def test_areas_get_codes_that_differ_and_are_addresses(titles: list[str]) -> None:
    import re

    codes = [area["code"] for area in named([{"title": title} for title in titles])]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(SLUG, code) and len(code) <= 40 for code in codes)
