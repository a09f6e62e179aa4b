"""A coverage table: counts of organisations and submissions by two dimensions, with its totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from consult.vocabulary import Dimension

# Fewer organisations than this could be told apart by somebody who knows the field.
FEW = 5


class Key(NamedTuple):
    """A row or column: its code, and its name in the reader's language."""

    code: str
    label: str


class Cell(NamedTuple):
    """What was counted. `protected`: some of it is not public under its organisation's name.

    A `suppressed` cell shows no number to readers: because it would identify somebody, or (`complementary`)
    because such a cell could be calculated from it.
    """

    organisations: int | None = 0
    submissions: int | None = 0
    protected: bool = False
    suppressed: bool = False
    complementary: bool = False

    @property
    def is_primary(self) -> bool:
        """Hidden for its own sake."""
        return self.suppressed and not self.complementary

    def number(self, measure: str) -> int | None:
        """`organisations` or `submissions`; None where hidden."""
        return self.organisations if measure == "organisations" else self.submissions


EMPTY = Cell()


@dataclass(frozen=True)
class Table:
    """`cells[i][j]` belongs to `row_keys[i]` and `column_keys[j]`.

    One organisation or submission may stand in several cells (it wrote under several areas) but is counted
    once in every total: totals are not sums.
    """

    rows: Dimension
    columns: Dimension
    row_keys: Sequence[Key]
    column_keys: Sequence[Key]
    cells: Sequence[Sequence[Cell]]
    row_totals: Sequence[Cell]
    column_totals: Sequence[Cell]
    total: Cell

    @property
    def lines(self) -> list[list[Cell]]:
        """Every row with its total at the end, then the line of totals."""
        body = [[*cells, total] for cells, total in zip(self.cells, self.row_totals, strict=True)]
        return [*body, [*self.column_totals, self.total]]
