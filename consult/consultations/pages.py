"""What everybody sees: the list of consultations, and each with its guidance, areas and questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from consult.consultations import edit_pages, queries
from consult.consultations.timetable import GENEVA, place, warnings
from consult.db import clock
from consult.errors import Invalid
from consult.i18n import current_locale
from consult.instruments.loader import instrument
from consult.languages import language_name
from consult.permissions import Can, permitted
from consult.vocabulary import Phase, StakeholderGroup
from consult.web.identity import actor, open_to_all
from consult.web.paging import decode, paged

blueprint = Blueprint("consultations", __name__)
blueprints = [blueprint, edit_pages.blueprint]

PAST_SHOWN = 20


@blueprint.get("/")
@open_to_all
def home() -> str:
    """Open, upcoming and past consultations; a cursor shows more of the past ones."""
    now, who = clock(), actor()
    before = _place(request.args.get("cursor"))
    page = paged(
        queries.past(who, now, PAST_SHOWN, before),
        PAST_SHOWN,
        lambda row: (row.closes_at.isoformat(), row.id),
    )
    return render_template(
        "consultations/home.html",
        running=[] if before else queries.running(who, now),
        announced=[] if before else queries.announced(who, now),
        past=page.items,
        next_href=f"/?{urlencode({'cursor': page.next})}" if page.next else None,
        only_past=before is not None,
        phases=Phase,
    )


@blueprint.get("/consultations/<slug>")
@open_to_all
def show(slug: str) -> str:
    """One call for input, and what to do about it."""
    now, who = clock(), actor()
    found = queries.consultation(who, slug)
    agreement = instrument(found.instrument)
    may_manage = permitted(who, Can.MANAGE_CONSULTATION, found)
    return render_template(
        "consultations/show.html",
        consultation=found,
        phase=found.phase(now),
        agreement=agreement,
        titles={objective.number: objective.short_title for objective in agreement.objectives},
        languages=[(tag, language_name(tag, current_locale())) for tag in found.languages],
        groups=[StakeholderGroup(code) for code in found.groups],
        moves=queries.deadline_changes(found),
        own_zone=place(found.time_zone) if found.time_zone != GENEVA else None,
        may_manage=may_manage,
        warnings=warnings(found, now) if may_manage else [],
    )


def _place(cursor: str | None) -> tuple[datetime, int] | None:
    """The place of a past consultation in the list. Raises Invalid for a cursor that is not one of ours."""
    found: list[Any] | None = decode(cursor, 2)
    if found is None:
        return None
    try:
        moment, number = datetime.fromisoformat(found[0]), int(found[1])
    except (TypeError, ValueError) as fault:
        raise Invalid(fields={"cursor": ["This cursor is not one of ours."]}) from fault
    return moment, number
