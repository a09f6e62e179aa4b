"""What may be asked of the aggregate, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from consult.aggregation.crosstab import Cell, Table
from consult.aggregation.inputs import Filters
from consult.aggregation.models import Report
from consult.aggregation.report_files import STEPS
from consult.aggregation.shown import Input
from consult.fields import Code, Line, Strict, Text
from consult.submissions.models import Paragraph
from consult.vocabulary import (
    Accreditation,
    Dimension,
    Publication,
    Region,
    ReportState,
    StakeholderGroup,
)

MOST_OBJECTIVE = 999
MOST_STATEMENT = 5000
MOST_SUPPORTS = 200


class FilterArgs(Schema):
    """How to narrow the list of inputs."""

    q = Line(
        load_default="",
        most=200,
        metadata={"description": 'Words; "a phrase", or, and -without are understood.', "example": "port"},
    )
    area = Line(load_default=None, most=60, metadata={"description": "Code of an area.", "example": "rt1"})
    group = Code(StakeholderGroup, load_default=None)
    objective = fields.Integer(load_default=None, validate=validate.Range(1, MOST_OBJECTIVE))
    region = Code(Region, load_default=None)
    language = Line(load_default=None, most=35, metadata={"description": "BCP 47", "example": "en"})


class CoverageArgs(Strict):
    """Which two dimensions to count by."""

    rows = Code(Dimension, load_default=Dimension.AREA)
    columns = Code(Dimension, load_default=Dimension.GROUP)


class ExportArgs(Strict):
    """Restricted input is left out unless it is asked for."""

    restricted = fields.String(
        load_default=None,
        validate=validate.OneOf(["include"]),
        metadata={"description": "Also what is restricted to the secretariat; `publication` tells which."},
    )


class StatementIn(Strict):
    """A sentence of the summary, and the ids of the paragraphs that carry it."""

    text = Text(required=True, most=MOST_STATEMENT)
    is_quote = fields.Boolean(load_default=False)
    paragraph = fields.List(
        fields.Integer(validate=validate.Range(1, 2**53)),
        load_default=list,
        validate=validate.Length(max=MOST_SUPPORTS),
    )


def filters(args: dict[str, Any]) -> Filters:
    """The loaded arguments as filters."""
    return Filters(**{name: args[name] for name in Filters.__dataclass_fields__})


class InputParagraphOut(Schema):
    """The citable unit, after redaction."""

    number = fields.Integer(required=True)
    citation = fields.String(required=True, metadata={"example": "S-0123 v2 ¶7"})
    area = fields.String(required=True, metadata={"description": "Code of the thematic area."})
    text = fields.String(required=True)
    words = fields.Integer(required=True)


class InputOut(Schema):
    """Accepted input as everybody may read it. Names are empty where the contributor is not to be named."""

    reference = fields.String(required=True, metadata={"example": "S-0123"})
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    language = fields.String(required=True)
    publication = Code(Publication, required=True)
    organisation = fields.String(required=True)
    organisation_id = fields.Integer(required=True, allow_none=True)
    acronym = fields.String(required=True)
    group = Code(StakeholderGroup, required=True)
    country = fields.String(required=True, metadata={"description": "ISO 3166-1 alpha-3, or empty."})
    region = Code(Region, required=True)
    accreditation = fields.String(
        required=True, validate=validate.OneOf(["", *(str(word) for word in Accreditation)])
    )
    joint = fields.Boolean(required=True)
    cosignatories = fields.List(fields.String(), required=True)
    received_at = fields.AwareDateTime(required=True)
    late = fields.Boolean(required=True)
    areas = fields.List(fields.String(), required=True, metadata={"description": "Codes."})
    paragraphs = fields.List(fields.Nested(InputParagraphOut), required=True)
    matches = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "Numbers of the first paragraphs that hold the words of `q`."},
    )


def shown_input(
    one: Input, paragraphs: Sequence[Paragraph], areas: Mapping[int, str], matches: Sequence[int]
) -> dict[str, Any]:
    """An input as `InputOut` writes it; `areas` gives the code of each area id."""
    return {
        **{name: getattr(one, name) for name in Input.__dataclass_fields__},
        "reference": one.reference,
        "areas": [areas[number] for number in one.areas],
        "paragraphs": [
            {
                "number": paragraph.number,
                "citation": one.citation(paragraph.number),
                "area": areas[paragraph.area_id],
                "text": paragraph.disclosed_text,
                "words": paragraph.words,
            }
            for paragraph in paragraphs
        ],
        "matches": matches,
    }


class KeyOut(Schema):
    code = fields.String(required=True, metadata={"description": "Empty: no value that may be shown."})
    label = fields.String(required=True)


class CountOut(Schema):
    """Numbers are null where `suppressed`."""

    organisations = fields.Integer(required=True, allow_none=True)
    submissions = fields.Integer(required=True, allow_none=True)
    suppressed = fields.Boolean(
        required=True, metadata={"description": "Hidden: it would identify somebody, or help to."}
    )


class CellOut(CountOut):
    row = fields.String(required=True)
    column = fields.String(required=True)


class RowTotalOut(CountOut):
    row = fields.String(required=True)


class ColumnTotalOut(CountOut):
    column = fields.String(required=True)


class TotalsOut(Schema):
    """Everything counted once: totals are not sums of their cells."""

    rows = fields.List(fields.Nested(RowTotalOut), required=True)
    columns = fields.List(fields.Nested(ColumnTotalOut), required=True)
    all = fields.Nested(CountOut, required=True)


class CoverageOut(Schema):
    """Accepted submissions, and the organisations that led them, by two dimensions."""

    rows = Code(Dimension, required=True)
    columns = Code(Dimension, required=True)
    row_keys = fields.List(fields.Nested(KeyOut), required=True)
    column_keys = fields.List(fields.Nested(KeyOut), required=True)
    cells = fields.List(fields.Nested(CellOut), required=True)
    totals = fields.Nested(TotalsOut, required=True)


def shown_table(table: Table) -> dict[str, Any]:
    """A coverage table as `CoverageOut` writes it."""

    def counted(cell: Cell, **where: str) -> dict[str, Any]:
        numbers = {"organisations": cell.organisations, "submissions": cell.submissions}
        return {**where, **numbers, "suppressed": cell.suppressed}

    rows, columns = table.row_keys, table.column_keys
    return {
        "rows": table.rows,
        "columns": table.columns,
        "row_keys": [key._asdict() for key in rows],
        "column_keys": [key._asdict() for key in columns],
        "cells": [
            counted(cell, row=row.code, column=column.code)
            for row, line in zip(rows, table.cells, strict=True)
            for column, cell in zip(columns, line, strict=True)
        ],
        "totals": {
            "rows": [counted(cell, row=k.code) for k, cell in zip(rows, table.row_totals, strict=True)],
            "columns": [
                counted(cell, column=k.code) for k, cell in zip(columns, table.column_totals, strict=True)
            ],
            "all": counted(table.total),
        },
    }


class ProgressOut(Schema):
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)


class ReportFileOut(Schema):
    name = fields.String(required=True, metadata={"example": "inputs.csv"})
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    rows = fields.Integer(required=True, allow_none=True, metadata={"description": "Records, in a table."})
    url = fields.String(required=True)


class ReportOut(Schema):
    """A frozen edition of the aggregate. `as_of` is the moment its data was read."""

    id = fields.Integer(required=True)
    consultation = fields.String(required=True, metadata={"description": "Short name."})
    state = Code(ReportState, required=True)
    progress = fields.Nested(ProgressOut, required=True)
    step = fields.String(required=True, metadata={"description": "The file that is being written."})
    requested_at = fields.AwareDateTime(required=True)
    as_of = fields.AwareDateTime(required=True, allow_none=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={
            "description": "filed = accepted + returned + rejected + withdrawn + waiting. `inputs` may be "
            "shown, in `records` paragraphs; `left_out` statements rest on words that have changed."
        },
    )
    failure = fields.String(required=True)
    files = fields.List(fields.Nested(ReportFileOut), required=True)


def shown_report(report: Report) -> dict[str, Any]:
    """A report as `ReportOut` writes it."""
    return {
        **{name: getattr(report, name) for name in ReportOut().fields if hasattr(report, name)},
        "consultation": report.consultation.slug,
        "progress": {"done": report.progress, "total": STEPS},
        "files": [
            {
                **{name: getattr(file, name) for name in ("name", "sha256", "size", "rows")},
                "url": f"/api/v1/reports/{report.id}/files/{file.name}",
            }
            for file in report.files
        ],
    }
