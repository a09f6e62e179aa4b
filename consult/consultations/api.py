"""Consultations as JSON: open to read, for the secretariat to prepare."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, jsonify, request, url_for

from consult.consultations import actions, queries
from consult.consultations.models import Consultation
from consult.consultations.schemas import ConsultationChange, ConsultationOut, NewConsultation
from consult.db import clock
from consult.fields import Code, optional_number
from consult.permissions import Can, require
from consult.vocabulary import Phase
from consult.web.api import ApiBlueprint, PageArgs, check_revision, page_of, paged_schema, with_etag
from consult.web.idempotency import idempotent
from consult.web.identity import actor, open_to_all
from consult.web.paging import Page, decode, paged

blueprint = ApiBlueprint("consultations", __name__, "Calls for input: areas, questions, rules, timetable.")
blueprints = [blueprint]


class ConsultationArgs(PageArgs):
    """How to narrow the list."""

    phase = Code(Phase, load_default=None, metadata={"description": "Only those in this phase now."})


@blueprint.route("/consultations")
@blueprint.arguments(ConsultationArgs, location="query")
@blueprint.response(200, paged_schema(ConsultationOut))
@open_to_all
def list_consultations(args: dict[str, Any]) -> Response:
    """Published consultations, the newest first; the secretariat also sees its drafts."""
    now = clock()
    after = decode(args["cursor"], 1)
    before = optional_number(str(after[0])) if after else None
    rows = queries.newest(actor(), args["limit"], phase=args["phase"], now=now, before=before)
    page = paged(rows, args["limit"], lambda row: (row.id,))
    return page_of(Page([queries.shown(row, now) for row in page.items], page.next), ConsultationOut())


@blueprint.route("/consultations/<slug>")
@blueprint.response(200, ConsultationOut)
@open_to_all
def read_consultation(slug: str) -> Response:
    """One consultation with its thematic areas and guiding questions."""
    return _answer(queries.consultation(actor(), slug))


@blueprint.route("/consultations", methods=["POST"])
@blueprint.arguments(NewConsultation)
@idempotent
@blueprint.response(201, ConsultationOut)
def create_consultation(terms: dict[str, Any]) -> Response:
    """Prepare a consultation. Nobody else sees it before it is published."""
    made = actions.create_consultation(actor=actor(), terms=terms)
    response = _answer(made, 201)
    response.headers["Location"] = url_for("api_consultations.read_consultation", slug=made.slug)
    return response


@blueprint.route("/consultations/<slug>", methods=["PATCH"])
@blueprint.arguments(ConsultationChange)
@blueprint.response(200, ConsultationOut)
@blueprint.problems(409, 412)
def change_consultation(changes: dict[str, Any], slug: str) -> Response:
    """Change a consultation. A deadline that moves is logged and mailed to everybody who has a draft.

    `If-Match` with the ETag (or the revision) that you read keeps you from overwriting another's change.
    """
    found = queries.consultation(actor(), slug, lock=True)
    require(actor(), Can.MANAGE_CONSULTATION, found)
    _check_tag(found)
    return _answer(actions.change_consultation(actor=actor(), consultation=found, changes=changes))


@blueprint.route("/consultations/<slug>/publication", methods=["POST"])
@blueprint.response(200, ConsultationOut)
@blueprint.problems(409, 412)
def publish_consultation(slug: str) -> Response:
    """Publish a consultation. From then on it opens and closes by the clock."""
    found = queries.consultation(actor(), slug, lock=True)
    require(actor(), Can.MANAGE_CONSULTATION, found)
    _check_tag(found)
    return _answer(actions.publish_consultation(actor=actor(), consultation=found))


def _check_tag(found: Consultation) -> None:
    """Compare If-Match with the revision; the phase in a tag is the clock's doing, nobody's change."""
    given = request.headers.get("If-Match")
    if given is not None:
        check_revision(re.sub(r'-[a-z]+(?="|$)', "", given), str(found.revision))


def _answer(found: Consultation, status: int = 200) -> Response:
    """The consultation with its ETag, in which the phase counts: it changes without anybody's edit."""
    shown = queries.shown(found, clock())
    response = jsonify(ConsultationOut().dump(shown))
    response.status_code = status
    return with_etag(response, f"{found.revision}-{shown['phase']}")
