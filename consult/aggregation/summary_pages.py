"""Where the secretariat writes its summary: statements beside the paragraphs that carry them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for

from consult.aggregation import actions, queries, schemas
from consult.aggregation.authors import author
from consult.aggregation.models import Statement
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, ThematicArea
from consult.errors import Invalid, Missing
from consult.fields import optional_number
from consult.i18n import gettext as _
from consult.permissions import Can, require
from consult.submissions import disclosure
from consult.submissions.models import Submission
from consult.web.forms import load, page_with_form
from consult.web.identity import actor
from consult.web.paging import decode, paged

blueprint = Blueprint("summary", __name__)

ROWS = 15


@blueprint.get("/consultations/<slug>/summary")
def show(slug: str) -> str:
    """The statements of one thematic area, and the paragraphs that were accepted under it."""
    found = _consultation(slug)
    return render_template("aggregation/summary.html", **_context(found), values={}, errors={})


@blueprint.post("/consultations/<slug>/summary")
def write(slug: str) -> Any:
    """Add a statement that the ticked paragraphs carry."""
    found = _consultation(slug)
    area = _area(found, request.form.get("area"))

    def act() -> Any:
        given = load(schemas.StatementIn(), _given())
        actions.write_statement(
            actor=actor(),
            consultation=found,
            area=area,
            text=given["text"],
            is_quote=given["is_quote"],
            paragraph_ids=given["paragraph"],
        )
        flash(_("The statement is written."), "success")
        return redirect(url_for(".show", slug=slug, area=area.code), 303)

    return page_with_form("aggregation/summary.html", act, context=lambda: _context(found))


@blueprint.route("/consultations/<slug>/summary/<int:statement_id>", methods=["GET", "POST"])
def edit(slug: str, statement_id: int) -> Any:
    """Rewrite a statement, or let go of some of its paragraphs."""
    found = _consultation(slug)
    statement = queries.statement(found, statement_id, lock=request.method == "POST")
    context: dict[str, Any] = {
        "consultation": found,
        "statement": statement,
        "is_sound": queries.is_sound,
        "is_citable": queries.is_citable,
        "author": _author,
    }
    if request.method == "GET":
        values = {
            "text": statement.text,
            "is_quote": statement.is_quote,
            "paragraph": [support.paragraph_id for support in statement.supports],
        }
        return render_template("aggregation/statement.html", **context, values=values, errors={})

    def act() -> Any:
        given = load(schemas.StatementIn(), _given())
        actions.change_statement(
            actor=actor(),
            statement=statement,
            text=given["text"],
            is_quote=given["is_quote"],
            paragraph_ids=given["paragraph"],
            expected=optional_number(request.form.get("revision")),
        )
        flash(_("Saved."), "success")
        return _back(slug, statement)

    context["chosen"] = request.form.getlist("paragraph")
    return page_with_form("aggregation/statement.html", act, context=context)


@blueprint.post("/consultations/<slug>/summary/<int:statement_id>/deletion")
def delete(slug: str, statement_id: int) -> Any:
    """Take a statement out."""
    found = _consultation(slug)
    statement = queries.statement(found, statement_id, lock=True)
    actions.delete_statement(actor=actor(), statement=statement)
    flash(_("The statement is deleted."), "success")
    return _back(slug, statement)


@blueprint.post("/consultations/<slug>/summary/<int:statement_id>/place")
def move(slug: str, statement_id: int) -> Any:
    """Move a statement one place up or down among those of its area."""
    found = _consultation(slug)
    statement = queries.statement(found, statement_id)
    those = queries.statements(found)[statement.area_id]
    order = [one.id for one in those]
    at = order.index(statement.id)
    to = at - 1 if request.form.get("way") == "up" else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
        actions.order_statements(actor=actor(), statements=those, order=order)
    return _back(slug, statement)


def _consultation(slug: str) -> Consultation:
    found = consultations.consultation(actor(), slug)
    require(actor(), Can.BUILD_REPORT, found)
    return found


def _area(found: Consultation, code: str | None) -> ThematicArea:
    """The area of that code, the first without one. Raises Missing, Invalid."""
    if not found.areas:
        raise Missing(_("This consultation has no thematic areas yet."))
    if not code:
        return found.areas[0]
    area = next((area for area in found.areas if area.code == code), None)
    if area is None:
        raise Invalid(fields={"area": [_("This consultation has no such thematic area.")]})
    return area


def _author(submission: Submission) -> str:
    return author(disclosure.identity_of(submission))


def _given() -> dict[str, Any]:
    form = request.form
    return {
        "text": form.get("text", "").replace("\r\n", "\n"),
        "is_quote": bool(form.get("is_quote")),
        "paragraph": form.getlist("paragraph"),
    }


def _back(slug: str, statement: Statement) -> Any:
    return redirect(url_for(".show", slug=slug, area=statement.area.code), 303)


def _context(found: Consultation) -> dict[str, Any]:
    area = _area(found, request.values.get("area"))
    words = load(schemas.FilterArgs(), {"q": request.values.get("q", "")})["q"]
    after = decode(request.args.get("cursor"), 1)
    page = paged(
        queries.citable_under(
            area, words=words, after=optional_number(str(after[0])) if after else None, limit=ROWS + 1
        ),
        ROWS,
        lambda paragraph: (paragraph.id,),
    )
    written = queries.statements(found)
    here = {"area": area.code, **({"q": words} if words else {})}
    return {
        "consultation": found,
        "area": area,
        "words": words,
        "tabs": [
            {
                "label": one.name,
                "href": url_for(".show", slug=found.slug, area=one.code),
                "current": one is area,
                "count": len(written.get(one.id, ())),
            }
            for one in found.areas
        ],
        "statements": written.get(area.id, []),
        "unsound": [one for those in written.values() for one in those if not queries.holds(one)],
        "paragraphs": page.items,
        "chosen": request.form.getlist("paragraph"),
        "author": _author,
        "cited": {support.paragraph_id for one in written.get(area.id, ()) for support in one.supports},
        "next_href": f"{request.path}?{urlencode({**here, 'cursor': page.next})}" if page.next else None,
        "first_href": f"{request.path}?{urlencode(here)}" if after else None,
    }
