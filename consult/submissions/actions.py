"""The life of a draft: begun, edited by many hands, reopened, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from consult.accounts.models import Organisation
from consult.actor import Actor
from consult.audit import record
from consult.consultations.models import Consultation, ThematicArea
from consult.db import clock, numbered, session
from consult.errors import Conflict, Invalid, Stale, Unguarded
from consult.i18n import gettext as _
from consult.outbox import promise
from consult.permissions import Can, require
from consult.submissions import disclosure
from consult.submissions.intake.paragraphs import normalise
from consult.submissions.models import Contribution, Submission
from consult.submissions.transitions import advance
from consult.vocabulary import OrganisationState, Phase, Publication, SubmissionState, SubmissionVerb


def start_draft(
    *,
    actor: Actor,
    consultation: Consultation,
    organisation: Organisation,
    language: str,
    title: str = "",
    publication: Publication = Publication.PUBLIC,
    contributions: Sequence[Mapping[str, str]] = (),
    source: str = "web",
) -> Submission:
    """Begin a draft for an organisation; `contributions` are `{area, text}` with area codes.

    Records `submission.started`. Raises Forbidden (not a member), Conflict (not open, or the group may not
    write), Invalid (unknown area, language not accepted).
    """
    require(actor, Can.WRITE_SUBMISSION, organisation)
    number, now = numbered(Submission)
    _refuse_unless_open(consultation, now)
    submission = draft_row(
        actor,
        consultation,
        organisation,
        language=language,
        title=title,
        publication=publication,
        source=source,
    )
    submission.id, submission.edited_at = number, now
    write_texts(submission, contributions)
    session.add(submission)
    record(actor, "submission.started", submission, consultation=consultation.slug)
    return submission


def draft_row(
    actor: Actor,
    consultation: Consultation,
    organisation: Organisation,
    *,
    language: str,
    title: str,
    publication: Publication,
    source: str,
    external_key: str | None = None,
) -> Submission:
    """A new draft that obeys the consultation's rules, not yet added. Raises Conflict, Invalid."""
    refuse_group(consultation, organisation)
    _refuse_language(consultation, language)
    submission = Submission(
        consultation_id=consultation.id,
        organisation_id=organisation.id,
        language=language,
        title=title,
        publication=publication,
        state=SubmissionState.DRAFT,
        version=0,
        amending=False,
        revision=1,
        late=False,
        source=source,
        external_key=external_key,
        created_by=actor.account_id,
        edited_by=actor.account_id,
    )
    submission.consultation, submission.organisation = consultation, organisation
    submission.attachments, submission.signatures, submission.versions = [], [], []
    return submission


def edit_draft(
    *, actor: Actor, submission: Submission, changes: Mapping[str, Any], expected: int | None
) -> Submission:
    """Change title, language, publication or some areas' texts of a row that the caller has locked.

    `expected` is the revision that the editor saw. Without it, an edit passes only over the actor's own last
    edit: a colleague's work is never overwritten unseen. Raises Stale, Unguarded, Conflict, Invalid.
    """
    require(actor, Can.WRITE_SUBMISSION, submission)
    _refuse_unless_editable(submission)
    guard(submission, actor, expected)
    if "language" in changes:
        _refuse_language(submission.consultation, changes["language"])
        submission.language = changes["language"]
    submission.title = changes.get("title", submission.title)
    if "publication" in changes:
        _choose(submission, changes["publication"])
    write_texts(submission, changes.get("contributions", ()))
    touch(submission, actor)
    return submission


def reopen(*, actor: Actor, submission: Submission) -> Submission:
    """Open the working text of a filed submission for a next version; the filed one stands until then.

    Records `submission.reopened`. Raises Conflict after closing, or when there is nothing filed to amend.
    """
    require(actor, Can.WRITE_SUBMISSION, submission)
    if not submission.version or submission.state in (SubmissionState.WITHDRAWN, SubmissionState.REJECTED):
        raise Conflict(_("Only input that was filed and is not rejected or withdrawn can be amended."))
    if submission.consultation.phase(clock()) != Phase.OPEN and submission.state != SubmissionState.RETURNED:
        raise Conflict(_("The consultation has closed: what you filed stands as it is."))
    if not submission.is_editable:
        submission.amending = True
        touch(submission, actor)
        record(actor, "submission.reopened", submission, version=submission.version)
    return submission


def withdraw(*, actor: Actor, submission: Submission) -> Submission:
    """Take a submission back; what was filed stays on record, and is shown nowhere.

    Records `submission.withdrawn`, closes its case through a promise. Raises Conflict when already withdrawn.
    """
    require(actor, Can.WRITE_SUBMISSION, submission)
    before = submission.state
    advance(submission, SubmissionVerb.WITHDRAW)
    submission.amending = False
    submission.decided_at = now = clock()
    disclosure.conceal(submission)
    touch(submission, actor, now)
    record(actor, "submission.withdrawn", submission, before=str(before), version=submission.version)
    if submission.version:
        promise("close_cases", submission_id=submission.id)
    return submission


def guard(submission: Submission, actor: Actor, expected: int | None) -> None:
    """Raise Stale or Unguarded unless the edit was made with the last state in view."""
    if expected is None and submission.edited_by != actor.account_id:
        raise Unguarded(_("A colleague edited this last. Send If-Match with the revision you read."))
    if expected is not None and expected != submission.revision:
        raise Stale(
            _("A colleague changed this draft after you opened it. Your text is below; theirs is saved."),
            revision=submission.revision,
        )


def touch(submission: Submission, actor: Actor, at: datetime | None = None) -> None:
    """Note who changed the draft last, at a known moment or now; every change moves the revision on."""
    submission.revision += 1
    submission.edited_by, submission.edited_at = actor.account_id, at or clock()


def refuse_group(consultation: Consultation, organisation: Organisation) -> None:
    """Raise Conflict unless the organisation's group is asked to write here and the body was not declined."""
    if organisation.state == OrganisationState.DECLINED:
        raise Conflict(_("The secretariat has declined this organisation; it cannot file input."))
    if consultation.groups and organisation.stakeholder_group not in consultation.groups:
        raise Conflict(_("This consultation asks other stakeholder groups for input."))


def _refuse_unless_open(consultation: Consultation, now: datetime) -> None:
    phase = consultation.phase(now)
    if phase == Phase.UPCOMING:
        raise Conflict(_("This consultation has not opened yet."), phase=str(phase))
    if phase != Phase.OPEN:
        raise Conflict(_("This consultation is closed: no new input can be begun."), phase=str(phase))


def _refuse_unless_editable(submission: Submission) -> None:
    if not submission.is_editable:
        raise Conflict(
            _("This was filed. Reopen it as an amendment to change it."), state=str(submission.state)
        )


def _refuse_language(consultation: Consultation, language: str) -> None:
    if language not in consultation.languages:
        accepted = ", ".join(consultation.languages)
        raise Invalid(
            fields={"language": [_("Write in one of these languages: %(accepted)s.", accepted=accepted)]}
        )


def _choose(submission: Submission, publication: Publication) -> None:
    if submission.version:
        submission.next_publication = publication
    else:
        submission.publication = publication


def write_texts(submission: Submission, contributions: Sequence[Mapping[str, str]]) -> None:
    """Put `{area, text}` pairs into a draft. Raises Invalid naming every unknown area."""
    areas = {area.code: area for area in submission.consultation.areas}
    written = {contribution.area_id: contribution for contribution in submission.contributions}
    faults: dict[str, list[str]] = {}
    for place, given in enumerate(contributions):
        area = areas.get(given["area"])
        if area is None:
            faults[f"contributions.{place}.area"] = [_("This consultation has no such thematic area.")]
        else:
            _write_text(submission, area, written, normalise(given["text"]))
    if faults:
        raise Invalid(fields=faults)


def _write_text(
    submission: Submission, area: ThematicArea, written: dict[int, Contribution], text: str
) -> None:
    if area.id in written:
        written[area.id].text = text
    elif text.strip():
        contribution = Contribution(area_id=area.id, text=text)
        contribution.area = area
        submission.contributions.append(contribution)
        written[area.id] = contribution
