"""HTML door of moderation: the queue, and the way to the next case."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from consult.db import clock
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.languages import language_name
from consult.moderation import (
    appeal_pages,
    campaign_pages,
    case_pages,
    claims,
    queue,
    showing,
)
from consult.moderation.door import asked_filters, asked_for, blueprint, kept, place_in
from consult.moderation.models import Case
from consult.moderation.queue import Filters, QueueState
from consult.moderation.schemas import QueueFilters
from consult.permissions import Can, require
from consult.places import country_name
from consult.submissions.disclosure import identity_of
from consult.vocabulary import UN_LANGUAGES, FindingKind, StakeholderGroup
from consult.web.identity import actor
from consult.web.paging import USUAL, paged
from consult.wording import options

blueprints = [blueprint]
# Each adds its pages to the blueprint.
DOORS = (case_pages, campaign_pages, appeal_pages)


@blueprint.get("/moderation")
def cases() -> str:
    """The queue: what the moderator may take, the fairest first, with filters and counts."""
    who = actor()
    require(who, Can.READ_QUEUE)
    filters = asked_filters(state=QueueState.TAKABLE)
    rows = queue.cases(who, filters, USUAL + 1, place_in(request.args.get("cursor")))
    page = paged(rows, USUAL, lambda case: queue.place_of(filters, case))
    now, twins = clock(), showing.twins_of_list(who, page.items)
    asked, stay = asked_for(*QueueFilters().fields), kept()
    next_href = url_for("moderation.cases", **asked, cursor=page.next) if page.next else None
    return render_template(
        "moderation/queue.html",
        cases=[_card(case, showing.in_list(who, case, now, twins), stay) for case in page.items],
        tabs=_tabs(filters, queue.counts(who, filters)),
        next_href=next_href,
        first_href=url_for("moderation.cases", **asked) if request.args.get("cursor") else None,
        values=asked,
        kept=stay,
        consultations=queue.consultations_with_cases(who),
        areas=queue.areas_of(filters.consultation),
        groups=options(StakeholderGroup),
        findings=options(FindingKind),
        languages=[(code, language_name(code, current_locale())) for code in UN_LANGUAGES],
    )


@blueprint.post("/moderation/next")
def claim_next() -> Any:
    """Claim the fairest case that the filters leave and open it; back to the queue when none waits."""
    case = claims.claim_next(actor=actor(), filters=asked_filters())
    if case is None:
        flash(_("No case waits for you at the moment."), "info")
        return redirect(url_for("moderation.cases", **kept()), 303)
    return redirect(url_for("moderation.case", case_id=case.id, **kept()), 303)


def _card(case: Case, shown: dict[str, Any], stay: dict[str, Any]) -> dict[str, Any]:
    identity = identity_of(case.submission)
    holder = _("you") if shown["claimed_by_me"] else _("another moderator")
    return {
        "href": url_for("moderation.case", case_id=case.id, **stay),
        "reference": shown["reference"],
        "version": shown["version"],
        "title": shown["title"],
        "stage": shown["stage"],
        "organisation": identity.organisation,
        "group": shown["group"],
        "country": country_name(identity.country, current_locale()) if identity.country else "",
        "language": language_name(shown["language"], current_locale()),
        "areas": shown["areas"],
        "received_at": shown["received_at"],
        "due_at": shown["due_at"],
        "late": shown["late"],
        "claimed_by": holder if shown["claimed"] else None,
        "findings": [{"label": _("Overdue")}] * shown["overdue"] + [one["kind"] for one in shown["findings"]],
    }


def _tabs(filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The ways to look at the queue; a count beyond what is counted reads as the most with a plus."""
    ways: Any = (
        ("takable", _("For me to read"), {}, (QueueState.TAKABLE, False, False)),
        ("mine", _("Held by me"), {"state": "claimed", "mine": "true"}, (QueueState.CLAIMED, True, False)),
        ("overdue", _("Overdue"), {"state": "open", "overdue": "true"}, (QueueState.OPEN, False, True)),
        ("open", _("All open"), {"state": "open"}, (QueueState.OPEN, False, False)),
        ("done", _("Read by me"), {"state": "decided", "mine": "true"}, (QueueState.DECIDED, True, False)),
        ("decided", _("Decided"), {"state": "decided"}, (QueueState.DECIDED, False, False)),
    )
    seen = (filters.state, filters.mine, filters.overdue)
    return [
        {
            "label": f"{name} ({queue.COUNTED}+)" if counts[key] > queue.COUNTED else name,
            "href": url_for("moderation.cases", **kept(), **address),
            "current": seen == way,
            "count": counts[key] if counts[key] <= queue.COUNTED else None,
        }
        for key, name, address, way in ways
    ]
