"""HTML door of campaigns: what was called one, and one decision for all that is open of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from consult.db import clock
from consult.i18n import gettext as _
from consult.i18n import ngettext
from consult.moderation import actions, campaigns, queries, schemas, showing
from consult.moderation.door import blueprint
from consult.permissions import Can, require
from consult.submissions.disclosure import identity_of
from consult.vocabulary import Reason, Verdict
from consult.web.forms import form_values, load, page_with_form
from consult.web.identity import actor
from consult.wording import options

MEMBERS_SHOWN = 200


@blueprint.get("/moderation/campaigns/<int:campaign_id>")
def campaign(campaign_id: int) -> str:
    """A campaign with its members."""
    return render_template("moderation/campaign.html", **_context(campaign_id), values={}, errors={})


def _context(campaign_id: int) -> dict[str, Any]:
    require(actor(), Can.READ_QUEUE)
    found, now = queries.campaign(actor(), campaign_id), clock()
    members = queries.members_of(actor(), found, MEMBERS_SHOWN + 1)
    return {
        "campaign": found,
        "members": [
            (case, identity_of(case.submission), showing.state_of(case, now))
            for case in members[:MEMBERS_SHOWN]
        ],
        "more": len(members) > MEMBERS_SHOWN,
        "still_open": any(case.is_open for case in members),
        "verdicts": list(Verdict),
        "reasons": options(Reason),
    }


@blueprint.post("/moderation/campaigns/<int:campaign_id>/decision")
def decide_campaign(campaign_id: int) -> Any:
    """One verdict for all that is open of it."""

    def act() -> Any:
        found = queries.campaign(actor(), campaign_id)
        values = {
            name: value for name, value in form_values(request.form).items() if value and name != "then"
        }
        opinion = actions.Opinion(**load(schemas.OpinionIn(), values))
        _tell(campaigns.decide_campaign(actor=actor(), campaign=found, opinion=opinion))
        return redirect(url_for("moderation.campaign", campaign_id=campaign_id), 303)

    return page_with_form("moderation/campaign.html", act, context=lambda: _context(campaign_id))


def _tell(outcome: campaigns.Outcome) -> None:
    count = len(outcome.decided)
    flash(ngettext("One case was read.", "%(count)s cases were read.", count), "success" if count else "info")
    for why, number in Counter(why for _case, why in outcome.left_out).items():
        flash(_("Left out: %(number)s. %(why)s", number=number, why=why), "warning")
