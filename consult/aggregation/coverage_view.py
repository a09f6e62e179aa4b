"""A coverage table in the form that the page's macros take, with links to the input behind each number."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from consult.aggregation.crosstab import Cell, Key, Table
from consult.aggregation.dimensions import NONE
from consult.consultations.models import Consultation
from consult.i18n import gettext as _
from consult.vocabulary import Dimension
from consult.wording import label

MEASURES = ("organisations", "submissions")
# What the list of inputs can be narrowed by.
_FILTERED = frozenset(
    {Dimension.AREA, Dimension.GROUP, Dimension.OBJECTIVE, Dimension.REGION, Dimension.LANGUAGE}
)
# The macro writes "<5" itself; a cell that is hidden for another's sake may hold any number.
_HIDDEN = "…"


def picture(table: Table, consultation: Consultation, measure: str) -> dict[str, Any]:
    """The argument of the macro `coverage_table`; `measure` is one of MEASURES."""
    lines = [
        [
            _shown(cell, measure, _href(table, consultation, row, column))
            for column, cell in zip([*table.column_keys, None], line, strict=True)
        ]
        for row, line in zip([*table.row_keys, None], table.lines, strict=True)
    ]
    return {
        "caption": caption(table, measure),
        "row_label": label(table.rows),
        "columns": [key.label for key in table.column_keys],
        "rows": [
            {"label": key.label, "cells": line[:-1], "total": line[-1]}
            for key, line in zip(table.row_keys, lines, strict=False)
        ],
        "totals": lines[-1][:-1],
        "grand_total": lines[-1][-1],
    }


def caption(table: Table, measure: str) -> str:
    """`Organisations by thematic area and stakeholder group`."""
    rows, columns = label(table.rows).lower(), label(table.columns).lower()
    if measure == "organisations":
        return _("Organisations by %(rows)s and %(columns)s", rows=rows, columns=columns)
    return _("Submissions by %(rows)s and %(columns)s", rows=rows, columns=columns)


def bars(table: Table, consultation: Consultation, measure: str) -> list[dict[str, Any]]:
    """The totals of the rows for the macro `bar_chart`; those that are hidden have no bar."""
    return [
        {"label": key.label, "value": number, "href": _href(table, consultation, key, None)}
        for key, cell in zip(table.row_keys, table.row_totals, strict=True)
        if (number := cell.number(measure)) is not None
    ]


def _shown(cell: Cell, measure: str, href: str | None) -> dict[str, Any]:
    if cell.complementary:
        return {"value": _HIDDEN, "level": 0}
    return {"value": cell.number(measure), "suppressed": cell.suppressed, "href": href}


def _href(table: Table, consultation: Consultation, row: Key | None, column: Key | None) -> str | None:
    """The list of inputs that a number counts, as far as readers may read them; no key stands for all."""
    narrowed = {dimension: key.code for dimension, key in ((table.rows, row), (table.columns, column)) if key}
    if not _FILTERED.issuperset(narrowed) or NONE in narrowed.values():
        return None
    query = urlencode({str(dimension): code for dimension, code in narrowed.items()})
    return f"/consultations/{quote(consultation.slug)}/inputs" + (f"?{query}" if query else "")
