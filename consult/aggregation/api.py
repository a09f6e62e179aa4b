"""JSON door of the aggregate: coverage, accepted input, exports, reports."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, url_for

from consult.aggregation import actions, downloads, queries, schemas
from consult.aggregation.coverage import coverage
from consult.aggregation.excerpts import excerpts
from consult.aggregation.formats import MEDIA_TYPES
from consult.aggregation.inputs import area_ids, input_of, inputs
from consult.aggregation.models import Report
from consult.aggregation.shown import paragraphs_of
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.fields import optional_number
from consult.permissions import Can, require
from consult.web.api import ApiBlueprint, PageArgs, page_of, paged_schema
from consult.web.idempotency import idempotent
from consult.web.identity import actor, open_to_all
from consult.web.paging import Page, decode, paged

blueprint = ApiBlueprint("aggregation", __name__, "What was said, by whom, on what; exports and reports.")
blueprints = [blueprint]

# A file, in the words of OpenAPI.
FILE = {"type": "string", "format": "binary"}
FILE_KINDS = {kind: {"schema": FILE} for kind in MEDIA_TYPES.values()}
FILE_KINDS[MEDIA_TYPES["json"]] = {"schema": {"type": "object"}}


class InputsArgs(PageArgs, schemas.FilterArgs):
    """Filters, and which page of what they leave."""


@blueprint.route("/consultations/<slug>/coverage")
@blueprint.arguments(schemas.CoverageArgs, location="query")
@blueprint.response(200, schemas.CoverageOut)
@open_to_all
def read_coverage(args: dict[str, Any], slug: str) -> dict[str, Any]:
    """Accepted submissions and their organisations by two dimensions.

    Everybody but the secretariat gets it without the numbers that would identify somebody who asked not to be
    named.
    """
    found = consultations.consultation(actor(), slug)
    table = coverage(found, args["rows"], args["columns"], audience=downloads.audience(found))
    return schemas.shown_table(table)


@blueprint.route("/consultations/<slug>/inputs")
@blueprint.arguments(InputsArgs, location="query")
@blueprint.response(200, paged_schema(schemas.InputOut))
@open_to_all
def list_inputs(args: dict[str, Any], slug: str) -> Response:
    """Accepted input that everybody may read, the newest reference first; `q` searches its full text."""
    found, wanted = consultations.consultation(actor(), slug), schemas.filters(args)
    after = decode(args["cursor"], 1)
    before = optional_number(str(after[0])) if after else None
    page = paged(
        inputs(found, wanted, before=before, limit=args["limit"] + 1), args["limit"], lambda one: (one.id,)
    )
    held = paragraphs_of(page.items)
    hits = excerpts(page.items, wanted.q, area_ids(found, wanted)) if wanted.q else {}
    codes = {area.id: area.code for area in found.areas}
    items = [
        schemas.shown_input(
            one, held[one.version_id], codes, [hit.paragraph for hit in hits.get(one.version_id, ())]
        )
        for one in page.items
    ]
    return page_of(Page(items, page.next), schemas.InputOut())


@blueprint.route("/consultations/<slug>/inputs/<reference>")
@blueprint.response(200, schemas.InputOut)
@open_to_all
def read_input(slug: str, reference: str) -> dict[str, Any]:
    """One input by its reference."""
    found = consultations.consultation(actor(), slug)
    one = input_of(found, reference)
    codes = {area.id: area.code for area in found.areas}
    return schemas.shown_input(one, paragraphs_of([one])[one.version_id], codes, [])


def _export(form: str) -> None:
    """Give the blueprint the route of one form: each has a media type of its own."""

    @blueprint.route(f"/consultations/<slug>/export.{form}", endpoint=f"export_{form}")
    @blueprint.arguments(schemas.ExportArgs, location="query")
    @blueprint.response(200, FILE, content_type=MEDIA_TYPES[form])
    @blueprint.doc(operationId=f"export_{form}")
    def export(args: dict[str, Any], slug: str) -> Response:
        """Every accepted paragraph as it stands now, one record each; for the secretariat.

        The columns are explained by a report's codebook, and in the workbook itself. Every download is noted.
        """
        found = consultations.consultation(actor(), slug)
        return downloads.export(found, form, restricted=args["restricted"] == "include")


for _form in downloads.FORMS:
    _export(_form)


@blueprint.route("/consultations/<slug>/reports", methods=["POST"])
@idempotent
@blueprint.response(202, schemas.ReportOut)
@blueprint.problems(409)
def request_report(slug: str) -> Response:
    """Ask for a frozen edition of the aggregate; a worker builds it. One at a time for each consultation."""
    found = consultations.consultation(actor(), slug)
    return _shown(actions.request_report(actor=actor(), consultation=found), 202)


@blueprint.route("/consultations/<slug>/reports")
@blueprint.arguments(PageArgs, location="query")
@blueprint.response(200, paged_schema(schemas.ReportOut))
def list_reports(args: dict[str, Any], slug: str) -> Response:
    """The reports of a consultation, the newest first; for the secretariat."""
    found = _readable(slug)
    after = decode(args["cursor"], 1)
    before = optional_number(str(after[0])) if after else None
    rows = queries.reports(found, args["limit"] + 1, before)
    page = paged(rows, args["limit"], lambda report: (report.id,))
    return page_of(Page([schemas.shown_report(one) for one in page.items], page.next), schemas.ReportOut())


@blueprint.route("/reports/<int:report_id>")
@blueprint.response(200, schemas.ReportOut)
def read_report(report_id: int) -> Response:
    """How far a report is, and its files once it is ready; for the secretariat."""
    return _shown(_report(report_id))


@blueprint.route("/reports/<int:report_id>/files/<name>")
@blueprint.response(200, description="The file")
@blueprint.doc(responses={200: {"description": "The file", "content": FILE_KINDS}})
def read_report_file(report_id: int, name: str) -> Response:
    """One file of a report, with the media type of its kind; for the secretariat. Every download is noted."""
    return downloads.report_file(_report(report_id), name)


def _readable(slug: str) -> Consultation:
    found = consultations.consultation(actor(), slug)
    require(actor(), Can.READ_AGGREGATE, found)
    return found


def _report(report_id: int) -> Report:
    require(actor(), Can.READ_AGGREGATE)
    return queries.report(report_id)


def _shown(report: Report, status: int = 200) -> Response:
    response = jsonify(schemas.ReportOut().dump(schemas.shown_report(report)))
    response.status_code = status
    response.headers["Location"] = url_for("api_aggregation.read_report", report_id=report.id)
    return response
