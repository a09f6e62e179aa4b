"""HTML door of submissions: my list, the status page for life, receipts and their verification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from consult.accounts import queries as people
from consult.audit import AuditEntry
from consult.consultations import queries as consultations
from consult.db import clock
from consult.errors import Invalid, Missing
from consult.fields import optional_number
from consult.i18n import gettext as _
from consult.languages import language_name
from consult.permissions import Can, permitted, require
from consult.submissions import actions, editor_pages, file_pages, filing, queries, schemas, signatures
from consult.submissions.models import Submission
from consult.submissions.seen import seen_by
from consult.vocabulary import MembershipState, Phase, SubmissionState
from consult.web.forms import form_values, page_with_form
from consult.web.identity import actor, open_to_all
from consult.web.paging import USUAL, paged
from consult.wording import label, tone

blueprint = Blueprint("submissions", __name__)
blueprints = [blueprint, editor_pages.blueprint, file_pages.blueprint]


@blueprint.get("/submissions")
def mine() -> str:
    """What my organisations write and wrote, and what they are asked to sign."""
    rows = queries.own_submissions(actor(), USUAL + 1, optional_number(request.args.get("before")))
    page = paged(rows, USUAL, lambda row: [row.id])
    return render_template(
        "submissions/mine.html",
        rows=page.items,
        more=page.items[-1].id if page.next else None,
        memberships=people.own_organisations(actor()),
        approved=MembershipState.APPROVED,
    )


@blueprint.get("/consultations/<slug>/submissions/new")
def new(slug: str) -> str:
    """For which organisation, and in which language."""
    return render_template("submissions/new.html", **_beginning(slug), values={}, errors={})


@blueprint.post("/consultations/<slug>/submissions/new")
def begin(slug: str) -> Any:
    """Begin a draft and open it."""

    def act() -> Any:
        context = _beginning(slug)
        organisation_id = optional_number(request.form.get("organisation"))
        if organisation_id not in actor().organisations:
            raise Invalid(fields={"organisation": [_("Choose an organisation that approved you.")]})
        submission = actions.start_draft(
            actor=actor(),
            consultation=context["consultation"],
            organisation=people.organisation(actor(), organisation_id),
            language=request.form.get("language", ""),
        )
        return redirect(url_for("editor.edit", reference=submission.reference), 303)

    return page_with_form("submissions/new.html", act, context=lambda: _beginning(slug))


def _beginning(slug: str) -> dict[str, Any]:
    consultation = consultations.consultation(actor(), slug)
    approved = [
        place for place in people.own_organisations(actor()) if place.state == MembershipState.APPROVED
    ]
    return {
        "consultation": consultation,
        "phase": consultation.phase(clock()),
        "open": Phase.OPEN,
        "memberships": approved,
        "languages": [(code, language_name(code, code)) for code in consultation.languages],
    }


@blueprint.get("/submissions/<reference>")
def show(reference: str) -> str:
    """The page of one submission, at the same address for life."""
    return render_template("submissions/show.html", **_shown(queries.submission(actor(), reference)))


def _shown(submission: Submission) -> dict[str, Any]:
    version = schemas.standing_version(submission)
    writes = permitted(actor(), Can.WRITE_SUBMISSION, submission)
    running = submission.consultation.phase(clock()) == Phase.OPEN
    may_amend = running and submission.version and not submission.is_editable
    may_amend = may_amend and submission.state not in (SubmissionState.WITHDRAWN, SubmissionState.REJECTED)
    return {
        "submission": submission,
        "seen": seen_by(actor(), submission, version),
        "version": version,
        "receipt": filing.receipt_of(submission, version) if version else None,
        "events": [_event(entry) for entry in queries.history_of(submission)],
        "writes": writes,
        "may_amend": writes and may_amend,
        "may_appeal": writes and submission.state == SubmissionState.REJECTED,
        "to_sign": [
            place
            for place in submission.signatures
            if place.organisation_id in actor().organisations and submission.is_editable
        ],
    }


def _event(entry: AuditEntry) -> Mapping[str, Any]:
    """One line of a submission's history: what happened, in words; staff are never named."""
    words = {
        "submission.started": _("Draft begun"),
        "submission.filed": _("Filed as version %(version)s", version=entry.detail.get("version", "")),
        "submission.reopened": _("Reopened for an amendment"),
        "submission.withdrawn": _("Withdrawn"),
        "submission.file_attached": _("File attached"),
        "submission.file_removed": _("File removed"),
        "submission.signature_asked": _("An organisation was asked to sign"),
        "submission.signed": _("An organisation signed"),
        "submission.signature_declined": _("An organisation declined to sign"),
        "submission.screened": _("Screened; waiting to be read by a person"),
        "submission.accepted": _("Accepted"),
        "submission.returned": _("Returned for changes"),
        "submission.rejected": _("Rejected, after two people read it"),
        "submission.appealed": _("Appealed"),
        "submission.imported": _("Entered by the secretariat"),
    }
    return {
        "at": entry.at,
        "label": words.get(entry.act, label(entry.act.partition(".")[2])),
        "tone": tone(None),
    }


@blueprint.post("/submissions/<reference>/amendment")
def amend(reference: str) -> Any:
    """Reopen as a next version, and open the editor."""
    submission = queries.submission(actor(), reference, lock=True)
    actions.reopen(actor=actor(), submission=submission)
    return redirect(url_for("editor.edit", reference=reference), 303)


@blueprint.route("/submissions/<reference>/withdrawal", methods=["GET", "POST"])
def withdraw(reference: str) -> Any:
    """Ask once, then withdraw."""
    submission = queries.submission(actor(), reference, lock=request.method == "POST")
    if request.method == "GET":
        require(actor(), Can.WRITE_SUBMISSION, submission)
        return render_template("submissions/withdraw.html", submission=submission)
    actions.withdraw(actor=actor(), submission=submission)
    return redirect(url_for("submissions.show", reference=reference), 303)


@blueprint.post("/submissions/<reference>/signatures/<int:organisation_id>")
def sign(reference: str, organisation_id: int) -> Any:
    """Sign or decline for an organisation of one's own."""
    submission = queries.submission(actor(), reference, lock=True)
    signatures.answer(
        actor=actor(),
        submission=submission,
        organisation_id=organisation_id,
        signs=request.form.get("answer") == "sign",
    )
    return redirect(url_for("submissions.show", reference=reference), 303)


@blueprint.get("/submissions/<reference>/receipt")
def receipt(reference: str) -> str:
    """The receipt, to print or keep."""
    submission = queries.submission(actor(), reference)
    version = queries.version_of(submission)
    return render_template(
        "submissions/receipt.html",
        submission=submission,
        version=version,
        receipt=filing.receipt_of(submission, version),
    )


@blueprint.get("/submissions/<reference>/versions/<int:number>")
def version(reference: str, number: int) -> str:
    """A filed version as it was received, with its paragraph numbers."""
    submission = queries.submission(actor(), reference)
    if not 1 <= number <= submission.version:
        raise Missing
    return render_template(
        "submissions/version.html",
        submission=submission,
        version=queries.version_of(submission, number),
    )


@blueprint.get("/submissions/<reference>/versions/<int:number>/content.json")
def content(reference: str, number: int) -> Response:
    """The very bytes that the receipt's SHA-256 was computed over."""
    submission = queries.submission(actor(), reference)
    if not 1 <= number <= submission.version:
        raise Missing
    sealed = queries.version_of(submission, number)
    name = f"{submission.reference}-v{number}.json"
    return Response(
        sealed.canonical,
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.route("/receipts", methods=["GET", "POST"])
@open_to_all
def verify() -> str:
    """Whether a receipt is ours: only whoever holds both reference and fingerprint learns when it came."""
    values = form_values(request.form) if request.method == "POST" else request.args.to_dict()
    asked = bool(values.get("reference") and values.get("sha256"))
    found = queries.receipt_matches(values["reference"].strip(), values["sha256"].strip()) if asked else None
    return render_template("submissions/verify.html", values=values, asked=asked, found=found)
