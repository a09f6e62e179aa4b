"""One line for each promise: the figure, what stands beside it, the target, and whether it is met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

HEADINGS = ("what", "figure", "beside", "ratio", "target", "verdict")


@dataclass(frozen=True)
class Row:
    """A measured figure. `beside` is the limit or peer measured in the same run, in the same unit.

    The target is for the figure, or for its ratio to `beside` (`of_ratio`). `size` is told where the figure
    was taken at a smaller size than was promised. Targets are those of the promises, never weakened here.
    """

    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    of_ratio: bool = False
    beside: float | None = None
    beside_what: str = ""
    size: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.value / self.beside if self.beside else None

    @property
    def met(self) -> bool | None:
        """None where nothing was promised, or nothing could be compared."""
        judged = self.ratio if self.of_ratio else self.value
        if judged is None or (self.most is None and self.least is None):
            return None
        return (self.most is None or judged <= self.most) and (self.least is None or judged >= self.least)

    @property
    def verdict(self) -> str:
        if self.met is None:
            return "–"
        if not self.met:
            return "missed"
        return f"met at {self.size}" if self.size else "met"

    def cells(self) -> tuple[str, ...]:
        beside = f"{number(self.beside)} {self.unit} {self.beside_what}" if self.beside is not None else "–"
        ratio = "–" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.what, f"{number(self.value)} {self.unit}", beside, ratio, self._target(), self.verdict)

    def _target(self) -> str:
        unit = "of it" if self.of_ratio else self.unit
        parts = [
            f"{sign} {number(bound)} {unit}".strip()
            for sign, bound in (("≥", self.least), ("≤", self.most))
            if bound is not None
        ]
        return ", ".join(parts) or "–"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.met, "verdict": self.verdict}


@dataclass(frozen=True)
class NotMeasured:
    """A promise that could not be measured, and why."""

    what: str
    why: str

    def cells(self) -> tuple[str, ...]:
        return (self.what, "not measured", self.why, "–", "–", "–")

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": "not measured"}


def number(value: float) -> str:
    """Three digits that count, thousands parted."""
    if value and abs(value) < 100:
        return f"{value:.3g}"
    return f"{value:,.0f}"


def drawn(lines: Iterable[Sequence[str]], headings: Sequence[str] = HEADINGS) -> str:
    """A table in Markdown, its columns aligned for eyes in a terminal."""
    rows = [list(headings), *([*line] for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(headings))]
    written = [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in rows
    ]
    return "\n".join([written[0], f"|{'|'.join('-' * (width + 2) for width in widths)}|", *written[1:]])


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
