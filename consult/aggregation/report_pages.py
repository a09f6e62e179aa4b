"""The secretariat's reports: asked for, followed while a worker builds them, downloaded."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for

from consult.aggregation import actions, downloads, queries
from consult.aggregation.formats import FORMS
from consult.aggregation.models import Report
from consult.aggregation.report_files import STEPS
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.fields import optional_number
from consult.i18n import gettext as _
from consult.permissions import Can, permitted, require
from consult.vocabulary import ReportState
from consult.web.identity import actor
from consult.web.paging import decode, paged

blueprint = Blueprint("reports", __name__)

ROWS = 20


@blueprint.get("/consultations/<slug>/reports")
def list_reports(slug: str) -> str:
    """Every report of a consultation, and what can be downloaded as it stands now."""
    found = _consultation(slug)
    after = decode(request.args.get("cursor"), 1)
    before = optional_number(str(after[0])) if after else None
    page = paged(queries.reports(found, ROWS + 1, before), ROWS, lambda report: (report.id,))
    return render_template(
        "aggregation/reports.html",
        consultation=found,
        reports=page.items,
        running=queries.running_report(found),
        may_build=permitted(actor(), Can.BUILD_REPORT, found),
        left_out=_left_out(found),
        counts=queries.tally(found.id),
        forms=FORMS,
        next_href=f"{request.path}?{urlencode({'cursor': page.next})}" if page.next else None,
    )


@blueprint.post("/consultations/<slug>/reports")
def request_report(slug: str) -> Any:
    """Ask for a report, and follow it; while one is being built, follow that one."""
    found = consultations.consultation(actor(), slug)
    require(actor(), Can.BUILD_REPORT, found)
    running = queries.running_report(found)
    if running is not None:
        flash(_("A report is being built already; this is it."), "warn")
        return redirect(url_for(".show", report_id=running.id), 303)
    report = actions.request_report(actor=actor(), consultation=found)
    return redirect(url_for(".show", report_id=report.id), 303)


@blueprint.get("/reports/<int:report_id>")
def show(report_id: int) -> str:
    """How far a report is; its files, with size and fingerprint, once it is ready."""
    report = _report(report_id)
    return render_template(
        "aggregation/report.html",
        report=report,
        consultation=report.consultation,
        steps=STEPS,
        states=ReportState,
        files=[
            {
                "name": file.name,
                "href": url_for(".download", report_id=report.id, name=file.name),
                "size": file.size,
                "sha256": file.sha256,
                "note": _("%(rows)s rows", rows=file.rows) if file.rows is not None else None,
            }
            for file in report.files
        ],
    )


@blueprint.get("/reports/<int:report_id>/progress.json")
def progress(report_id: int) -> Response:
    """What progress.js polls."""
    report = _report(report_id)
    return jsonify(state=report.state, progress={"done": report.progress, "total": STEPS})


@blueprint.get("/reports/<int:report_id>/files/<name>")
def download(report_id: int, name: str) -> Response:
    """One file of a report."""
    return downloads.report_file(_report(report_id), name)


def _left_out(found: Consultation) -> int:
    return sum(not queries.holds(one) for those in queries.statements(found).values() for one in those)


def _consultation(slug: str) -> Consultation:
    found = consultations.consultation(actor(), slug)
    require(actor(), Can.READ_AGGREGATE, found)
    return found


def _report(report_id: int) -> Report:
    require(actor(), Can.READ_AGGREGATE)
    return queries.report(report_id)
