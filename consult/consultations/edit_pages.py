"""The secretariat's own pages: its dashboard, and the editor of a consultation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for

from consult.consultations import actions, editor, editor_words, queries
from consult.consultations.models import FILE_TYPES, Consultation
from consult.consultations.schemas import ConsultationChange, ConsultationTerms, NewConsultation
from consult.consultations.timetable import SUGGESTED, warnings
from consult.db import clock
from consult.errors import Invalid, Problem
from consult.fields import optional_number
from consult.i18n import gettext as _
from consult.instruments.loader import instruments
from consult.languages import un_languages
from consult.permissions import Can, require
from consult.vocabulary import StakeholderGroup
from consult.web.forms import load, page_with_form
from consult.web.identity import actor
from consult.web.paging import decode, paged
from consult.wording import options

blueprint = Blueprint("consultations_editor", __name__)

ROWS = 50


@blueprint.get("/secretariat")
def dashboard() -> str:
    """Every consultation with where it stands, and what waits for the secretariat."""
    require(actor(), Can.MANAGE_CONSULTATION)
    now = clock()
    after = decode(request.args.get("cursor"), 1)
    before = optional_number(str(after[0])) if after else None
    rows = queries.newest(actor(), ROWS, now=now, before=before)
    page = paged(rows, ROWS, lambda row: (row.id,))
    return render_template(
        "consultations/dashboard.html",
        consultations=[(row, row.phase(now), warnings(row, now)) for row in page.items],
        awaiting=queries.organisations_awaiting_confirmation(),
        next_href=f"{request.path}?{urlencode({'cursor': page.next})}" if page.next else None,
    )


@blueprint.route("/consultations/new", methods=["GET", "POST"])
def new() -> Any:
    """An empty form, and the consultation that it makes."""
    require(actor(), Can.MANAGE_CONSULTATION)
    if request.method == "GET":
        return render_template("consultations/edit.html", values=editor.new_values(), errors={}, **_context())

    def create() -> Any:
        reading = editor.read(request.form)
        with reading.beside_fields():
            terms = _terms(NewConsultation(), reading)
            made = actions.create_consultation(actor=actor(), terms=terms)
        flash(_("The consultation is saved. Nobody else sees it before you publish it."), "success")
        return redirect(url_for(".edit", slug=made.slug), 303)

    return page_with_form("consultations/edit.html", create, context=_context)


@blueprint.route("/consultations/<slug>/edit", methods=["GET", "POST"])
def edit(slug: str) -> Any:
    """The same form with what stands now; a deadline that moves is announced."""
    found = queries.consultation(actor(), slug, lock=request.method == "POST")
    require(actor(), Can.MANAGE_CONSULTATION, found)
    if request.method == "GET":
        values = editor.values_of(found)
        return render_template("consultations/edit.html", values=values, errors={}, **_context(found))

    def change() -> Any:
        reading = editor.read(request.form, found)
        with reading.beside_fields():
            made = actions.change_consultation(
                actor=actor(),
                consultation=found,
                changes=_terms(ConsultationChange(), reading),
                expected=optional_number(request.form.get("revision")),
            )
        flash(_("Saved."), "success")
        return redirect(url_for(".edit", slug=made.slug), 303)

    return page_with_form("consultations/edit.html", change, context=lambda: _context(found))


@blueprint.post("/consultations/<slug>/publication")
def publish(slug: str) -> Any:
    """Announce the consultation; what is missing is said on its editor."""
    found = queries.consultation(actor(), slug, lock=True)
    require(actor(), Can.MANAGE_CONSULTATION, found)
    try:
        actions.publish_consultation(actor=actor(), consultation=found)
    except Problem as problem:
        flash(problem.detail, "error")
        return redirect(url_for(".edit", slug=slug), 303)
    flash(_("Published. It opens and closes by itself, at the times you set."), "success")
    return redirect(url_for("consultations.show", slug=slug), 303)


def _terms(schema: ConsultationTerms, reading: editor.Reading) -> dict[str, Any]:
    terms = load(schema, reading.terms)
    if reading.faults:
        raise Invalid(fields=reading.faults)
    return terms


def _context(found: Consultation | None = None) -> dict[str, Any]:
    sent = request.form if request.method == "POST" else None
    stored = len(found.areas) if found else 0
    now = clock()
    return {
        "consultation": found,
        "phase": found.phase(now) if found else None,
        "warnings": warnings(found, now) if found else [],
        "ticked": editor.ticked(sent, found),
        "stored_areas": stored,
        "shown_areas": max(stored + editor.SPARE, editor.shown_areas(sent) if sent else 0),
        "agreements": instruments(),
        "agreements_offered": [(one.code, f"{one.short_title} ({one.symbol})") for one in instruments()],
        "languages_offered": [(language.tag, language.name) for language in un_languages()],
        "groups_offered": options(StakeholderGroup),
        "files_offered": [(kind, kind.upper()) for kind in FILE_TYPES],
        "zones": SUGGESTED,
        "named": editor_words.named,
    }
