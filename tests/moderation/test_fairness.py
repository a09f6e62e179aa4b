"""The order of the queue: monotone, bounded, mindful of the closing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.moderation.fairness import HEAD_START, LEAST, due_at, fair_at
from consult.vocabulary import FindingKind

CLOSES = datetime(2026, 6, 1, tzinfo=UTC)
spans = st.timedeltas(min_value=timedelta(days=-90), max_value=timedelta(days=90))


def test_far_from_the_closing_the_service_time_counts():
    received = CLOSES - timedelta(days=60)
    assert due_at(received, CLOSES, 10) == received + timedelta(days=10)


def test_near_the_closing_half_of_the_time_is_left_to_the_contributor():
    received = CLOSES - timedelta(days=8)
    assert due_at(received, CLOSES, 10) == CLOSES - timedelta(days=4)


def test_nobody_is_asked_to_read_sooner_than_within_a_day():
    received = CLOSES - timedelta(minutes=5)
    assert due_at(received, CLOSES, 10) == received + LEAST


def test_after_the_closing_the_service_time_counts_again():
    assert due_at(CLOSES, CLOSES, 10) == CLOSES + timedelta(days=10)


def test_personal_data_is_read_a_day_earlier_and_a_link_is_not():
    due = due_at(CLOSES, CLOSES, 10)
    assert fair_at(due, [FindingKind.LINK, FindingKind.EMPTY]) == due
    assert fair_at(due, [FindingKind.LINK, FindingKind.TELEPHONE]) == due - HEAD_START


@settings(max_examples=200, deadline=None)
@given(first=spans, second=spans, days=st.integers(1, 60))
def test_in_one_consultation_what_comes_later_is_due_later(first, second, days):
    earlier, later = sorted((CLOSES + first, CLOSES + second))
    assert due_at(earlier, CLOSES, days) <= due_at(later, CLOSES, days)


@settings(max_examples=200, deadline=None)
@given(one=spans, other=spans, days=st.integers(1, 60), closes=spans)
def test_nobody_is_overtaken_by_what_comes_after_the_service_time(one, other, days, closes):
    """Even from a consultation that closes at once, and with a risk in it."""
    waiting, newcomer = CLOSES + one, CLOSES + other
    place = fair_at(due_at(waiting, CLOSES, days), [])
    rival = fair_at(due_at(newcomer, CLOSES + closes, 1), [FindingKind.EMAIL])
    if rival < place:
        assert newcomer < waiting + timedelta(days=days)
