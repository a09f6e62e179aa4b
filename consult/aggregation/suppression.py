"""Which cells of a coverage table readers may not see: no number shall identify who asked not to be named.

Primary: one to four organisations, and some of their submissions are anonymous or restricted. Complementary:
more cells, until none of the first can be calculated from what is left. In a table whose lines add up, a
hidden cell has another possible value exactly if it lies on a closed path of hidden cells, along which one
may go up by one where the next goes down (cell suppression as flow in a network). The cheapest such path is
hidden too. Where lines do not add up, because an organisation stands in several cells, this hides more than
it must.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import NamedTuple

from consult.aggregation.crosstab import FEW, Cell, Table

Place = tuple[int, int]


class _Step(NamedTuple):
    """From a row to a column (`up`: the cell between them grows) or back (it shrinks)."""

    place: Place
    up: bool


def suppressed(table: Table) -> Table:
    """The table as readers may see it; hidden cells hold no number. Its argument must be unsuppressed."""
    lines = table.lines
    primary = {(i, j) for i, line in enumerate(lines) for j, cell in enumerate(line) if _identifies(cell)}
    hidden = _Network(lines, primary).hidden() if primary else primary
    shown = [
        [_veiled(cell, (i, j), primary) if (i, j) in hidden else cell for j, cell in enumerate(line)]
        for i, line in enumerate(lines)
    ]
    return replace(
        table,
        cells=[line[:-1] for line in shown[:-1]],
        row_totals=[line[-1] for line in shown[:-1]],
        column_totals=shown[-1][:-1],
        total=shown[-1][-1],
    )


def _identifies(cell: Cell) -> bool:
    return cell.protected and 0 < (cell.organisations or 0) < FEW


def _veiled(cell: Cell, place: Place, primary: set[Place]) -> Cell:
    return Cell(None, None, cell.protected, suppressed=True, complementary=place not in primary)


@dataclass
class _Network:
    """Rows and columns are stops, totals among them; every cell is a road between its row and its column."""

    lines: list[list[Cell]]
    primary: set[Place]

    def hidden(self) -> set[Place]:
        """The primary cells and the cheapest others that keep each of them uncertain."""
        self.taken = set(self.primary)
        for place in sorted(self.primary):
            self.taken |= self._cheapest(place)
        return self.taken

    def _cheapest(self, place: Place) -> set[Place]:
        found = [
            path
            for up in (True, False)
            if self._can_move(place, up) and (path := self._path(place, up, bounded=True))
        ]
        # Where no path leaves every bound intact, one that makes the equations undecided has to do.
        if not found and (path := self._path(place, True, bounded=False)):
            found = [path]
        return min(found, key=lambda one: one[0])[1] if found else set()

    def _path(self, place: Place, up: bool, *, bounded: bool) -> tuple[int, set[Place]] | None:
        """The cheapest way back from one end of a cell to the other, as (cost, cells); Dijkstra's."""
        row, column = ("row", place[0]), ("column", place[1])
        start, goal = (column, row) if up else (row, column)
        queue: list[tuple[int, int, tuple[str, int], frozenset[Place]]] = [(0, 0, start, frozenset())]
        turn, done = count(1), set()
        while queue:
            cost, _turn, stop, path = heapq.heappop(queue)
            if stop == goal:
                return cost, set(path)
            if stop in done:
                continue
            done.add(stop)
            for step, beyond in self._roads(stop):
                if step.place == place or beyond in done or (bounded and not self._can_move(*step)):
                    continue
                heapq.heappush(
                    queue, (cost + self._cost(step.place), next(turn), beyond, path | {step.place})
                )
        return None

    def _roads(self, stop: tuple[str, int]) -> Iterator[tuple[_Step, tuple[str, int]]]:
        kind, number = stop
        if kind == "row":
            for j in range(len(self.lines[0])):
                yield _Step((number, j), up=True), ("column", j)
        else:
            for i in range(len(self.lines)):
                yield _Step((i, number), up=False), ("row", i)

    def _can_move(self, place: Place, up: bool) -> bool:
        """Whether a reader who knows the rules could believe this cell to be one more (or one less)."""
        number = self._count(place)
        # A total stands on the other side of its line's equation: it grows where a cell would shrink.
        after = number + (1 if up != self._is_margin(place) else -1)
        return 1 <= after < FEW if place in self.primary else after >= 0

    def _is_margin(self, place: Place) -> bool:
        return (place[0] == len(self.lines) - 1) != (place[1] == len(self.lines[0]) - 1)

    def _cost(self, place: Place) -> int:
        """What readers lose: small numbers go first, gaps (zeros) and the grand total last."""
        if place in self.taken:
            return 0
        number = self._count(place)
        if place == (len(self.lines) - 1, len(self.lines[0]) - 1):
            return 10**12
        return 1 + number if number else 10**9

    def _count(self, place: Place) -> int:
        return self.lines[place[0]][place[1]].organisations or 0
