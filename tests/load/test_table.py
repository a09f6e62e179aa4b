"""The table of measurements: what is missed is called missed, and a smaller size is told."""

from __future__ import annotations

from tests.load.table import Row, drawn, percentile


def test_verdicts_are_of_the_figure_or_of_its_ratio() -> None:
    assert Row("a", 2.6, "ms", most=2.5).verdict == "missed"
    assert Row("a", 2.5, "ms", most=2.5).verdict == "met"
    assert Row("a", 2.5, "ms", most=2.5, size="10,000").verdict == "met at 10,000"
    assert Row("a", 9, "ms", most=2.5, size="10,000").verdict == "missed"
    assert Row("a", 10, "/s", least=0.15, of_ratio=True, beside=100, beside_what="peer").verdict == "missed"
    assert Row("a", 15, "/s", least=0.15, of_ratio=True, beside=100).verdict == "met"
    assert Row("a", 15, "/s", least=0.15, of_ratio=True).verdict == "–"
    assert Row("a", 0, "", most=0).verdict == "met"


def test_a_table_is_aligned() -> None:
    row = Row("filing: rate", 1234.5, "/s", least=0.15, of_ratio=True, beside=6370, beside_what="pgbench")
    head, line, body = drawn([row.cells()]).splitlines()
    assert len(head) == len(line) == len(body)
    assert "1,234 /s" in body
    assert "6,370 /s pgbench" in body
    assert "≥ 0.15 of it" in body


def test_percentiles() -> None:
    assert percentile([], 0.99) == 0
    assert percentile(range(100), 0.99) == 99
    assert percentile([3, 1, 2], 0.5) == 2
