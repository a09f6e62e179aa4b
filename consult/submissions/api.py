"""JSON door of submissions."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, request

from consult.accounts import queries as people
from consult.consultations import queries as consultations
from consult.db import session
from consult.errors import Invalid, Missing
from consult.i18n import gettext as _
from consult.submissions import actions, attachments, filing, queries, schemas, signatures
from consult.submissions.models import Submission
from consult.submissions.seen import seen_by
from consult.web.api import ApiBlueprint, PageArgs, page_of, paged_schema, with_etag
from consult.web.idempotency import idempotent
from consult.web.identity import actor
from consult.web.paging import decode, paged

blueprint = ApiBlueprint("submissions", __name__, "Drafts, filing, receipts")
blueprints = [blueprint]


# What a reader who is not of the submission's own people sees as it was filed.
SEEN = ("title", "language", "publication", "contributions", "attachments")
OF_THE_READER = (*SEEN, "warnings", "receipt")


def expected_revision() -> int | None:
    """The revision in If-Match; None without the header or for `*`. A tag that is none matches nothing."""
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    tag = header.removeprefix("W/").strip('"')
    return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 16 else 0


# Made once: making a schema costs more than using it.
_ABOUT_IT = schemas.SubmissionOut(exclude=OF_THE_READER)
_AS_SEEN = schemas.SubmissionOut(only=SEEN)
_RECEIPT = schemas.ReceiptOut()


def as_json(submission: Submission, status: int = 200) -> Response:
    """A submission as the caller may see it, with its warnings and receipt, and its revision as ETag."""
    version = schemas.standing_version(submission)
    seen = seen_by(actor(), submission, version)
    shown: dict[str, Any] = dict(_ABOUT_IT.dump(submission))
    shown |= _AS_SEEN.dump(seen)
    shown["warnings"] = [
        _("%(area)s: %(words)s words, %(word_limit)s asked for.", **piece)
        for piece in seen.contributions
        if piece["word_limit"] and piece["words"] > piece["word_limit"]
    ]
    receipt = filing.receipt_of(submission, version) if version else None
    shown["receipt"] = _RECEIPT.dump(receipt) if receipt else None
    shown["sha256"] = receipt.sha256 if receipt else None
    response = jsonify(shown)
    response.status_code = status
    response.set_etag(str(submission.revision))
    return response


def _found(reference: str, *, lock: bool = False) -> Submission:
    return queries.submission(actor(), reference, lock=lock)


@blueprint.route("/submissions", methods=["GET"])
@blueprint.arguments(PageArgs, location="query")
@blueprint.response(200, paged_schema(schemas.SubmissionRow))
def listed(args: dict[str, Any]) -> Response:
    """Submissions of the caller's organisations, newest first."""
    place = decode(args["cursor"], 1)
    before = place[0] if place and isinstance(place[0], int) else None
    rows = queries.own_submissions(actor(), args["limit"] + 1, before)
    return page_of(paged(rows, args["limit"], lambda row: [row.id]), schemas.SubmissionRow())


@blueprint.route("/consultations/<slug>/submissions", methods=["POST"])
@blueprint.arguments(schemas.NewSubmission)
@idempotent
@blueprint.response(201, schemas.SubmissionOut)
@blueprint.problems(409, 413)
def create(data: dict[str, Any], slug: str) -> Response:
    """Begin a draft, or file at once with `submit: true`."""
    who = actor()
    consultation = consultations.consultation(who, slug)
    try:
        organisation = people.organisation(who, data["organisation"])
    except Missing as fault:
        raise Invalid(fields={"organisation": [_("There is no such organisation.")]}) from fault
    submission = actions.start_draft(
        actor=who,
        consultation=consultation,
        organisation=organisation,
        language=data["language"],
        title=data["title"],
        publication=data["publication"],
        contributions=data["contributions"],
        source="api",
    )
    if data["submit"]:
        filing.file_submission(actor=who, submission=submission)
    response = as_json(submission, 201)
    response.headers["Location"] = f"/api/v1/submissions/{submission.reference}"
    return response


@blueprint.route("/submissions/<reference>", methods=["GET"])
@blueprint.response(200, schemas.SubmissionOut)
def read(reference: str) -> Response:
    """One submission, with its draft text and the receipt of the version that stands."""
    submission = _found(reference)
    return with_etag(as_json(submission), str(submission.revision))


@blueprint.route("/submissions/<reference>", methods=["PATCH"])
@blueprint.arguments(schemas.SubmissionChange)
@blueprint.response(200, schemas.SubmissionOut)
@blueprint.problems(409, 412, 413, 428)
def edit(data: dict[str, Any], reference: str) -> Response:
    """Change a draft. Send If-Match; without it only one's own last edit can be written over."""
    submission = _found(reference, lock=True)
    actions.edit_draft(actor=actor(), submission=submission, changes=data, expected=expected_revision())
    session.flush()
    return as_json(submission)


@blueprint.route("/submissions/<reference>/attachments", methods=["POST"])
@blueprint.arguments(schemas.FileIn, location="files")
@idempotent
@blueprint.response(201, schemas.AttachmentOut)
@blueprint.problems(409, 413)
def attach(data: dict[str, Any], reference: str) -> Any:
    """Attach a file (multipart field `file`): sniffed, examined in a confined process, kept by hash."""
    upload = data["file"]
    return attachments.attach(
        actor=actor(),
        submission=_found(reference, lock=True),
        storage=current_app.extensions["storage"],
        stream=upload.stream,
        filename=upload.filename or "",
    )


@blueprint.route("/submissions/<reference>/attachments/<int:attachment_id>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.problems(409)
def detach(reference: str, attachment_id: int) -> None:
    """Take a file off a draft; filed versions keep theirs."""
    submission = _found(reference, lock=True)
    file = queries.attachment(submission, attachment_id)
    attachments.detach(actor=actor(), submission=submission, attachment=file)


@blueprint.route("/submissions/<reference>/signatures", methods=["POST"])
@blueprint.arguments(schemas.SignatureIn)
@idempotent
@blueprint.response(201, schemas.SignatureOut)
@blueprint.problems(409)
def invite(data: dict[str, Any], reference: str) -> Any:
    """Ask an organisation to sign this draft."""
    who, submission = actor(), _found(reference, lock=True)
    try:
        organisation = people.organisation(who, data["organisation"])
    except Missing as fault:
        raise Invalid(fields={"organisation": [_("There is no such organisation.")]}) from fault
    return signatures.invite(actor=who, submission=submission, organisation=organisation)


@blueprint.route("/submissions/<reference>/signatures/<int:organisation_id>", methods=["PUT"])
@blueprint.arguments(schemas.SignatureAnswer)
@blueprint.response(200, schemas.SignatureOut)
@blueprint.problems(409)
def sign(data: dict[str, Any], reference: str, organisation_id: int) -> Any:
    """Sign, or decline to sign, for an organisation of one's own."""
    submission = _found(reference, lock=True)
    return signatures.answer(
        actor=actor(), submission=submission, organisation_id=organisation_id, signs=data["signs"]
    )


@blueprint.route("/submissions/<reference>/submission", methods=["POST"])
@idempotent
@blueprint.response(201, schemas.ReceiptOut)
@blueprint.problems(409)
def file(reference: str) -> Any:
    """File the draft; the answer is the receipt."""
    return filing.file_submission(actor=actor(), submission=_found(reference, lock=True))


@blueprint.route("/submissions/<reference>/amendment", methods=["POST"])
@idempotent
@blueprint.response(200, schemas.SubmissionOut)
@blueprint.problems(409)
def amend(reference: str) -> Response:
    """Reopen the working text as a next version; what was filed stands until that is filed."""
    submission = actions.reopen(actor=actor(), submission=_found(reference, lock=True))
    return as_json(submission)


@blueprint.route("/submissions/<reference>/withdrawal", methods=["POST"])
@idempotent
@blueprint.response(200, schemas.SubmissionOut)
@blueprint.problems(409)
def withdraw(reference: str) -> Response:
    """Withdraw; nothing of it is shown any more, and the record says that it was."""
    submission = actions.withdraw(actor=actor(), submission=_found(reference, lock=True))
    return as_json(submission)


@blueprint.route("/submissions/<reference>/receipt", methods=["GET"])
@blueprint.response(200, schemas.ReceiptOut)
def receipt(reference: str) -> Any:
    """The receipt of the version that stands. 404 before filing."""
    submission = _found(reference)
    version = schemas.standing_version(submission)
    if version is None:
        raise Missing
    return filing.receipt_of(submission, version)
