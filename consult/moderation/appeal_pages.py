"""HTML door of appeals, for the submission's own people."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from consult.i18n import gettext as _
from consult.moderation import appeals
from consult.moderation.door import blueprint
from consult.moderation.letters import appeal_until
from consult.moderation.queries import appeal_of
from consult.permissions import Can, require
from consult.submissions import queries as submissions
from consult.submissions.models import Submission
from consult.submissions.schemas import Grounds
from consult.web.forms import form_values, load, page_with_form
from consult.web.identity import actor


@blueprint.get("/submissions/<reference>/appeal")
def appeal(reference: str) -> str:
    """What was decided and why, and whether it can be appealed."""
    submission = submissions.submission(actor(), reference)
    require(actor(), Can.WRITE_SUBMISSION, submission)
    return render_template("moderation/appeal.html", **_context(submission), values={}, errors={})


def _context(submission: Submission) -> dict[str, Any]:
    case = appeals.standing_case(submission)
    made = appeal_of(case) if case else None
    return {
        "submission": submission,
        "version": case.version if case else None,
        "until": appeal_until(case) if case else None,
        "made": made,
        "may_appeal": appeals.may_still_appeal(submission, case, made),
    }


@blueprint.post("/submissions/<reference>/appeal")
def make_appeal(reference: str) -> Any:
    """Ask for another reading."""
    submission = submissions.submission(actor(), reference, lock=True)

    def act() -> Any:
        asked = load(Grounds(), form_values(request.form))
        appeals.open_appeal(actor=actor(), submission=submission, grounds=asked["grounds"])
        flash(_("Your appeal was received. Somebody who took no part will read everything again."), "success")
        return redirect(url_for("submissions.show", reference=reference), 303)

    return page_with_form("moderation/appeal.html", act, context=lambda: _context(submission))
