"""Local times become moments and back; phases turn at the very second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.consultations.models import Consultation
from consult.consultations.timetable import (
    GENEVA,
    SUGGESTED,
    in_words,
    local_text,
    moment_in,
    time_zones,
    warnings,
)
from consult.vocabulary import Phase

OPENS = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 3, 31, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def a_call(**facts: object) -> Consultation:
    return Consultation(**{"opens_at": OPENS, "closes_at": CLOSES, "published_at": OPENS} | facts)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (OPENS - SECOND, Phase.UPCOMING),
        (OPENS, Phase.OPEN),
        (CLOSES - SECOND, Phase.OPEN),
        (CLOSES, Phase.CLOSED),
        (CLOSES + SECOND, Phase.CLOSED),
    ],
)
def test_phase_follows_the_clock(now: datetime, phase: Phase) -> None:
    assert a_call().phase(now) == phase
    assert a_call(published_at=None).phase(now) == Phase.DRAFT


def test_reads_summer_and_winter_time() -> None:
    assert moment_in("2027-03-31T18:00", GENEVA) == datetime(2027, 3, 31, 16, 0, tzinfo=UTC)
    assert moment_in("2027-01-31T18:00:00", GENEVA) == datetime(2027, 1, 31, 17, 0, tzinfo=UTC)
    assert moment_in("2027-01-31T18:00", "Africa/Nairobi") == datetime(2027, 1, 31, 15, 0, tzinfo=UTC)


def test_refuses_the_hour_that_spring_skips_and_says_what_to_write() -> None:
    with pytest.raises(ValueError, match="write 03:30"):
        moment_in("2027-03-28T02:30", GENEVA)


def test_gives_contributors_the_longer_reading_of_the_hour_that_comes_twice() -> None:
    assert moment_in("2027-10-31T02:30", GENEVA) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert moment_in("2027-10-31T02:30", GENEVA, closing=True) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2027-03-31",
        "2027-13-01T10:00",
        "2027-03-31T25:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
    ],
)
def test_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="Give a"):
        moment_in(text, GENEVA)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(31 * 365 * 1440, 228 * 365 * 1440),
    st.sampled_from([*SUGGESTED, "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]),
    st.booleans(),
)
def test_what_is_shown_is_read_as_the_same_moment(minute: int, zone: str, closing: bool) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    again = moment_in(local_text(moment, zone), zone, closing=closing)
    # The hour that comes twice has two moments; every other minute has one.
    assert again == moment or abs(again - moment) <= timedelta(hours=1)
    assert local_text(again, zone) == local_text(moment, zone)


def test_knows_places_and_no_abbreviations() -> None:
    assert {*SUGGESTED} <= time_zones()
    assert not {"EST", "localtime", "CET", "Factory", "../etc/passwd"} & time_zones()


def test_warns_of_a_short_window_and_of_a_closing_that_has_passed() -> None:
    six_weeks = a_call(closes_at=OPENS + timedelta(weeks=6))
    assert warnings(six_weeks, OPENS) == []
    short = a_call(closes_at=OPENS + timedelta(weeks=6) - SECOND)
    assert len(warnings(short, OPENS)) == 1
    assert "six weeks" in warnings(short, OPENS)[0]
    assert any("closed at once" in text for text in warnings(a_call(published_at=None), CLOSES))
    assert warnings(a_call(), CLOSES + SECOND) == []


def test_letters_name_the_place() -> None:
    assert in_words(CLOSES, GENEVA) == "31 March 2027, 18:00 (Geneva time)"
    assert in_words(CLOSES, "America/New_York") == "31 March 2027, 12:00 (New York time)"
