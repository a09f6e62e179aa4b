"""HTML door of attachments: up, down, and off again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, stream_with_context, url_for

from consult.errors import Invalid, Missing
from consult.i18n import gettext as _
from consult.storage import CHUNK, Storage
from consult.submissions import attachments, queries
from consult.submissions.editor_pages import editor_again
from consult.submissions.models import Attachment
from consult.web.identity import actor

blueprint = Blueprint("files", __name__)


def storage() -> Storage:
    return current_app.extensions["storage"]  # type: ignore[no-any-return]


@blueprint.post("/submissions/<reference>/attachments")
def attach(reference: str) -> Any:
    """Attach one file to a draft."""
    submission = queries.submission(actor(), reference, lock=True)

    def act() -> Any:
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            raise Invalid(fields={"file": [_("Choose a file first.")]})
        file = attachments.attach(
            actor=actor(),
            submission=submission,
            storage=storage(),
            stream=upload.stream,
            filename=upload.filename,
        )
        flash(_("%(name)s was attached.", name=file.filename), "success")
        return redirect(url_for("editor.edit", reference=reference) + "#attachments", 303)

    return editor_again(submission, act)


@blueprint.post("/submissions/<reference>/attachments/<int:attachment_id>/removal")
def detach(reference: str, attachment_id: int) -> Any:
    """Take a file off a draft."""
    submission = queries.submission(actor(), reference, lock=True)
    file = queries.attachment(submission, attachment_id)
    attachments.detach(actor=actor(), submission=submission, attachment=file)
    return redirect(url_for("editor.edit", reference=reference) + "#attachments", 303)


@blueprint.get("/submissions/<reference>/attachments/<int:attachment_id>")
def download(reference: str, attachment_id: int) -> Response:
    """One file, authorised at this very moment."""
    submission = queries.submission(actor(), reference)
    return as_download(queries.attachment(submission, attachment_id))


def as_download(file: Attachment) -> Response:
    """A kept file as a download that no browser will open inside our pages."""
    try:
        stream = storage().open(file.sha256)
    except FileNotFoundError as fault:
        raise Missing from fault

    def chunks() -> Any:
        with stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    response = Response(stream_with_context(chunks()), mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.filename)
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
