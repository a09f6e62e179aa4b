"""Files given with a submission: examined apart, kept by hash, removed without a trace only before filing."""

from __future__ import annotations

from pathlib import Path

from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict, Invalid, TooLarge
from consult.i18n import gettext as _
from consult.permissions import Can, require
from consult.storage import Readable, Storage
from consult.submissions.actions import touch
from consult.submissions.intake.files import FileVerdict, clean_filename, examine_in_subprocess
from consult.submissions.models import Attachment, Submission


def attach(
    *, actor: Actor, submission: Submission, storage: Storage, stream: Readable, filename: str
) -> Attachment:
    """Examine an uploaded file and keep it with a draft that the caller has locked.

    The bytes are kept before the row is committed, never after. The same file twice is one attachment.
    Records `submission.file_attached`. Raises TooLarge, Invalid (field `file`), Conflict.
    """
    require(actor, Can.WRITE_SUBMISSION, submission)
    _refuse_more(submission)
    most = submission.consultation.max_file_mb
    try:
        with storage.received(stream, most * 1_000_000) as (path, stored):
            known = next((f for f in submission.living_attachments if f.sha256 == stored.sha256), None)
            if known is not None:
                return known
            verdict = _examined(path, filename, submission)
            storage.keep(path, stored.sha256)
    except TooLarge as fault:
        raise TooLarge(
            _("The file is larger than the %(most)s MB that this consultation accepts.", most=most),
            fields={"file": [_("At most %(most)s MB.", most=most)]},
        ) from fault
    file = Attachment(
        submission_id=submission.id,
        sha256=stored.sha256,
        filename=verdict.filename,
        media_type=verdict.media_type or "application/octet-stream",
        size=stored.size,
        added_by=actor.account_id,
    )
    submission.attachments.append(file)
    touch(submission, actor)
    session.flush()
    record(actor, "submission.file_attached", submission, sha256=file.sha256, size=file.size)
    return file


def _examined(path: Path, filename: str, submission: Submission) -> FileVerdict:
    verdict = examine_in_subprocess(path, clean_filename(filename), submission.consultation.accepted_files)
    if not verdict.accepted:
        raise Invalid(fields={"file": [verdict.sentence]})
    return verdict


def detach(*, actor: Actor, submission: Submission, attachment: Attachment) -> None:
    """Take a file off a draft; filed versions keep it. Records `submission.file_removed`."""
    require(actor, Can.WRITE_SUBMISSION, submission)
    if not submission.is_editable:
        raise Conflict(_("This was filed. Reopen it as an amendment to change it."))
    attachment.removed_at = clock()
    touch(submission, actor)
    record(actor, "submission.file_removed", submission, sha256=attachment.sha256)


def _refuse_more(submission: Submission) -> None:
    most = submission.consultation.max_files
    if not submission.is_editable:
        raise Conflict(_("This was filed. Reopen it as an amendment to change it."))
    if len(submission.living_attachments) >= most:
        raise Invalid(fields={"file": [_("At most %(most)s files can be attached.", most=most)]})
