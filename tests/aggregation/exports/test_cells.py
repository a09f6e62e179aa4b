"""No cell that we write runs as a formula, and every other cell is what it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.aggregation.exports.cells import TRIGGERS, csv_bytes, harmless, joined, utc
from tests.aggregation.exports.samples import GENEVA


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+41 22",
        "-x",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\0=1",
        "  =1",
        "\n-1",
        "\u00a0+1",
        "\ufeff=1",
        "＝1",
        "＠x",
    ],
)
def test_what_would_run_is_prefixed(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "a=1", "5;6", " a", "'=1", "¶ 3", "فقرة", "\n", "   "])
def test_what_is_harmless_stays(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text(alphabet=st.sampled_from(" \t\r\n\0=+-@ab'\"\u3000\u200b＝"), max_size=6))
@settings(max_examples=300)
@example("\u3000=1")
def test_no_trigger_behind_any_white_space(cell: str) -> None:
    written = harmless(cell)
    assert written in (cell, "'" + cell)
    assert written.lstrip(" \n\u3000\u00a0\u200b\ufeff")[:1] not in TRIGGERS or not written.strip()


def test_times_are_utc_with_z() -> None:
    assert utc(datetime(2026, 4, 15, 18, 0, tzinfo=GENEVA)) == "2026-04-15T16:00:00Z"
    assert utc(datetime(2026, 4, 15, 16, 0, 0, 250000, tzinfo=UTC)) == "2026-04-15T16:00:00.250000Z"
    with pytest.raises(ValueError, match="time zone"):
        utc(datetime(2026, 4, 15, 16, 0))  # noqa: DTZ001


def test_small_tables() -> None:
    assert csv_bytes(("a", "b"), [("=1", 2), (None, "x,y")]) == b'\xef\xbb\xbfa,b\r\n\'=1,2\r\n,"x,y"\r\n'
    assert joined((5, 6)) == "5;6"
    assert joined(()) == ""
