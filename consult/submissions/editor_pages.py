"""HTML door of the editor: one page, one form, complete without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from consult.accounts import queries as people
from consult.db import clock
from consult.errors import Invalid
from consult.fields import optional_number
from consult.i18n import gettext as _
from consult.languages import language_name
from consult.permissions import Can, require
from consult.submissions import actions, filing, queries, schemas, signatures
from consult.submissions.intake.words import count_words
from consult.submissions.models import Submission
from consult.vocabulary import Phase
from consult.web.forms import form_values, load, page_with_form
from consult.web.identity import actor

blueprint = Blueprint("editor", __name__)


@blueprint.get("/submissions/<reference>/edit")
def edit(reference: str) -> Any:
    """The working text under every thematic area."""
    submission = queries.submission(actor(), reference)
    require(actor(), Can.WRITE_SUBMISSION, submission)
    if not submission.is_editable:
        return redirect(url_for("submissions.show", reference=reference), 303)
    context = _context(submission)
    return render_template("submissions/edit.html", **context, values=context["saved"], errors={})


@blueprint.post("/submissions/<reference>/edit")
def save(reference: str) -> Any:
    """Save; with the second button, file. When filing is refused, what was typed is saved all the same."""
    submission = queries.submission(actor(), reference, lock=True)

    def write() -> Any:
        values = form_values(request.form)
        codes = [area.code for area in submission.consultation.areas]
        actions.edit_draft(
            actor=actor(),
            submission=submission,
            changes=load(schemas.SubmissionChange(), schemas.loaded_form(values, codes)),
            expected=optional_number(values.get("revision")),
        )
        flash(_("Saved."), "success")
        return redirect(url_for("editor.edit", reference=reference), 303)

    def file() -> Any:
        filing.file_submission(actor=actor(), submission=submission)
        return redirect(url_for("submissions.receipt", reference=reference), 303)

    answer = page_with_form("submissions/edit.html", write, context=lambda: _context(submission))
    if answer.status_code >= 400 or request.form.get("act") != "file":
        return answer
    return page_with_form("submissions/edit.html", file, context=lambda: _context(submission))


def editor_again(submission: Submission, act: Callable[[], Any]) -> Any:
    """Run an act of one of the editor's smaller forms; on refusal the whole editor comes back."""
    context = _context(submission)
    return page_with_form("submissions/edit.html", act, context=context, values=context["saved"])


def _context(submission: Submission) -> dict[str, Any]:
    texts = {piece.area.code: piece.text for piece in submission.contributions}
    now = clock()
    return {
        "submission": submission,
        "consultation": submission.consultation,
        "closed": submission.consultation.phase(now) == Phase.CLOSED,
        "saved": {
            "title": submission.title,
            "language": submission.language,
            "publication": str(submission.chosen_publication),
            "revision": submission.revision,
            **{f"text-{code}": text for code, text in texts.items()},
        },
        "counts": {code: count_words(text, submission.language) for code, text in texts.items()},
        "languages": [(code, language_name(code, code)) for code in submission.consultation.languages],
    }


@blueprint.get("/submissions/<reference>/compare")
def compare(reference: str) -> str:
    """What is saved now, after somebody else changed it: to read beside one's own text."""
    submission = queries.submission(actor(), reference)
    require(actor(), Can.WRITE_SUBMISSION, submission)
    return render_template("submissions/compare.html", **_context(submission))


@blueprint.post("/submissions/<reference>/signatures")
def invite(reference: str) -> Any:
    """Ask an organisation, by its exact name or number, to sign."""
    submission = queries.submission(actor(), reference, lock=True)

    def act() -> Any:
        wanted = request.form.get("cosignatory", "").strip()
        found = people.organisation_named(actor(), wanted)
        if found is None:
            raise Invalid(fields={"cosignatory": [_("No confirmed organisation has this name.")]})
        signatures.invite(actor=actor(), submission=submission, organisation=found)
        flash(_("%(name)s was asked to sign.", name=found.name), "success")
        return redirect(url_for("editor.edit", reference=reference), 303)

    return editor_again(submission, act)
