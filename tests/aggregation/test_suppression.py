"""No hidden number can be calculated from the numbers that are left, in any table that adds up."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.aggregation.crosstab import EMPTY, Cell, Key, Table
from consult.aggregation.suppression import suppressed
from consult.vocabulary import Dimension

# (row, column, protected): one organisation with one submission.
Facts = list[tuple[int, int, bool]]


def table_of(facts: Facts, rows: int, columns: int) -> Table:
    """The table of facts that each stand in one cell only, so that its lines add up."""
    held: dict[tuple[int | None, int | None], list[bool]] = defaultdict(list)
    for row, column, protected in facts:
        for place in ((row, column), (row, None), (None, column), (None, None)):
            held[place].append(protected)

    def cell(row: int | None, column: int | None) -> Cell:
        found = held.get((row, column))
        return Cell(len(found), len(found), any(found)) if found else EMPTY

    return Table(
        Dimension.GROUP,
        Dimension.REGION,
        [Key(str(i), str(i)) for i in range(rows)],
        [Key(str(j), str(j)) for j in range(columns)],
        [[cell(i, j) for j in range(columns)] for i in range(rows)],
        [cell(i, None) for i in range(rows)],
        [cell(None, j) for j in range(columns)],
        cell(None, None),
    )


def hidden_places(table: Table) -> list[tuple[int, int]]:
    return [(i, j) for i, line in enumerate(table.lines) for j, cell in enumerate(line) if cell.suppressed]


def certain(table: Table) -> set[tuple[int, int]]:
    """Hidden places that the equations "a line's cells are its total" leave only one value (Gauss-Jordan)."""
    hidden = hidden_places(table)
    height, width = len(table.lines), len(table.lines[0])
    lines = [[(i, j) for j in range(width)] for i in range(height)]
    lines += [[(i, j) for i in range(height)] for j in range(width)]
    matrix = []
    for line in lines:
        signs = {place: Fraction(-1 if place == line[-1] else 1) for place in line}
        matrix.append([signs.get(place, Fraction(0)) for place in hidden])
    pivots: dict[int, int] = {}
    for column in range(len(hidden)):
        row = next((r for r in range(len(pivots), len(matrix)) if matrix[r][column]), None)
        if row is None:
            continue
        at = len(pivots)
        matrix[at], matrix[row] = matrix[row], matrix[at]
        matrix[at] = [value / matrix[at][column] for value in matrix[at]]
        for other in range(len(matrix)):
            if other != at and matrix[other][column]:
                factor = matrix[other][column]
                matrix[other] = [a - factor * b for a, b in zip(matrix[other], matrix[at], strict=True)]
        pivots[column] = at
    return {hidden[column] for column, row in pivots.items() if sum(map(bool, matrix[row])) == 1}


facts = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from([False] * 5 + [True])), max_size=60
)


@settings(max_examples=150, deadline=None)
@given(facts)
@example([(0, 0, True)])
@example([(0, 0, True), *[(0, 1, False)] * 9, *[(1, 0, False)] * 9, *[(1, 1, False)] * 9])
def test_no_hidden_cell_can_be_calculated(found: Facts) -> None:
    table = table_of(found, 4, 3)
    shown = suppressed(table)
    assert not certain(shown)
    for before, after in zip(table.lines, shown.lines, strict=True):
        for full, cell in zip(before, after, strict=True):
            identifies = full.protected and 0 < (full.organisations or 0) < 5
            assert cell.suppressed or not identifies
            assert cell.is_primary == identifies
            assert cell == full or (
                cell.suppressed and cell.organisations is None and cell.submissions is None
            )


@settings(max_examples=30, deadline=None)
@given(facts.map(lambda found: [(row, column, False) for row, column, _protected in found]))
def test_nothing_is_hidden_where_everybody_is_named(found: Facts) -> None:
    table = table_of(found, 4, 3)
    assert suppressed(table) == table


def test_one_small_cell_takes_the_cheapest_others_with_it() -> None:
    """A loop of four cells: the small one, one in its row, one in its column, and where those two meet."""
    sizes = [[3, 9, 20], [8, 12, 30], [40, 50, 60]]
    found = [
        (i, j, (i, j) == (0, 0)) for i, row in enumerate(sizes) for j, n in enumerate(row) for _ in range(n)
    ]
    shown = suppressed(table_of(found, 3, 3))
    assert hidden_places(shown) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [cell.is_primary for cell in (shown.cells[0][0], shown.cells[1][1])] == [True, False]
    assert shown.row_totals[0].organisations == 32 and shown.total.organisations == sum(map(sum, sizes))


def test_a_known_bound_is_not_given_away() -> None:
    """Two cells of one each under a total of two would both be known: more has to go."""
    found = [
        (0, 0, True),
        (0, 1, True),
        *[(1, j, False) for j in (0, 1, 2) for _ in range(9)],
        *[(0, 2, False)] * 9,
    ]
    shown = suppressed(table_of(found, 2, 3))
    visible = 11 - sum(cell.organisations or 0 for cell in shown.cells[0] if not cell.suppressed)
    assert shown.row_totals[0].suppressed or visible > 2
