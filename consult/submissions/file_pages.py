"""HTML door of attachments: up, down, and off again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from consult.errors import Invalid, Missing
from consult.i18n import gettext as _
from consult.permissions import Can, permitted
from consult.submissions import attachments, queries
from consult.submissions.editor_pages import editor_again
from consult.web.downloads import as_download, storage
from consult.web.identity import actor

blueprint = Blueprint("files", __name__)


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
    file = queries.attachment(submission, attachment_id)
    if file.first_version is None and not permitted(actor(), Can.READ_DRAFT, submission):
        raise Missing
    return as_download(file)
