"""Coverage: who has spoken on what, counted by any two dimensions in one statement."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import distinct, func, select, tuple_

from consult.aggregation.crosstab import EMPTY, Cell, Table
from consult.aggregation.dimensions import Audience, Facts, keys, measured, reaching
from consult.aggregation.suppression import suppressed
from consult.consultations.models import Consultation
from consult.db import session
from consult.errors import Invalid
from consult.i18n import gettext as _
from consult.submissions import disclosure
from consult.submissions.models import Submission
from consult.vocabulary import Dimension, Publication

# (row code, column code); None stands for "all of them".
Counted = Mapping[tuple[str | None, str | None], Cell]


def coverage(consultation: Consultation, rows: Dimension, columns: Dimension, *, audience: Audience) -> Table:
    """Accepted submissions, and the organisations that led them, each once in every cell and every total.

    Co-signatories of joint submissions are not counted: only their lead is. Everybody but the secretariat
    gets the table after `suppression.suppressed`. Raises Invalid when both dimensions are the same.
    """
    if rows == columns:
        fault = _("Choose two different dimensions.")
        raise Invalid(fields={"columns": [fault]})
    table = _table(consultation, rows, columns, _counted(consultation, rows, columns, audience))
    return table if audience == Audience.SECRETARIAT else suppressed(table)


def _counted(consultation: Consultation, rows: Dimension, columns: Dimension, audience: Audience) -> Counted:
    areas = {str(area.id): area.code for area in consultation.areas}

    def code(dimension: Dimension, found: str) -> str:
        return areas.get(found, found) if dimension == Dimension.AREA else found

    found = session.execute(_statement(consultation, rows, columns, audience)).all()
    return {
        (None if all_rows else code(rows, row), None if all_columns else code(columns, col)): Cell(*counts)
        for row, col, all_rows, all_columns, *counts in found
    }


def _statement(consultation: Consultation, rows: Dimension, columns: Dimension, audience: Audience) -> Facts:
    base = _facts(consultation, rows, columns, audience).subquery("fact")
    row, col = base.c.row_code, base.c.column_code
    return select(
        row,
        col,
        func.grouping(row),
        func.grouping(col),
        func.count(distinct(base.c.organisation_id)),
        func.count(distinct(base.c.submission_id)),
        func.coalesce(func.bool_or(base.c.protected), False),
    ).group_by(func.grouping_sets(tuple_(row, col), tuple_(row), tuple_(col), tuple_()))


def _facts(consultation: Consultation, rows: Dimension, columns: Dimension, audience: Audience) -> Facts:
    """One row for every accepted submission and code of each dimension."""
    facts = select(
        measured(rows, audience).label("row_code"),
        measured(columns, audience).label("column_code"),
        Submission.organisation_id,
        Submission.id.label("submission_id"),
        (Submission.publication != Publication.PUBLIC).label("protected"),
    ).select_from(Submission)
    return reaching(facts, (rows, columns), consultation).where(
        Submission.consultation_id == consultation.id, disclosure.accepted()
    )


def _table(consultation: Consultation, rows: Dimension, columns: Dimension, counted: Counted) -> Table:
    row_keys = keys(rows, consultation, (row for row, _column in counted if row is not None))
    column_keys = keys(columns, consultation, (col for _row, col in counted if col is not None))
    return Table(
        rows,
        columns,
        row_keys,
        column_keys,
        [[counted.get((row.code, col.code), EMPTY) for col in column_keys] for row in row_keys],
        [counted.get((row.code, None), EMPTY) for row in row_keys],
        [counted.get((None, col.code), EMPTY) for col in column_keys],
        counted.get((None, None), EMPTY),
    )
