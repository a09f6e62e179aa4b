"""Joint submissions: a lead invites organisations, each confirms from an account of its own."""

from __future__ import annotations

from consult import mail
from consult.accounts import queries as people
from consult.accounts.models import Organisation
from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict, Invalid, Missing
from consult.i18n import gettext as _
from consult.permissions import Can, require
from consult.submissions.actions import touch
from consult.submissions.models import Signature, Submission
from consult.vocabulary import OrganisationState


def invite(*, actor: Actor, submission: Submission, organisation: Organisation) -> Signature:
    """Ask a confirmed organisation to sign a draft; its focal points get a letter.

    Records `submission.signature_asked`. Raises Conflict (already asked, not a draft), Invalid.
    """
    require(actor, Can.WRITE_SUBMISSION, submission)
    if not submission.is_editable:
        raise Conflict(_("Signatures are gathered before filing."))
    if organisation.id == submission.organisation_id:
        raise Invalid(fields={"cosignatory": [_("The lead signs by filing.")]})
    if organisation.state != OrganisationState.CONFIRMED:
        raise Invalid(fields={"cosignatory": [_("This organisation is not confirmed yet.")]})
    place = next((s for s in submission.signatures if s.organisation_id == organisation.id), None)
    if place is not None and place.declined_at is None:
        raise Conflict(_("This organisation is already asked to sign."))
    if place is None:
        place = Signature(submission_id=submission.id, organisation_id=organisation.id)
        place.organisation = organisation
        submission.signatures.append(place)
    place.declined_at, place.invited_by = None, actor.account_id
    touch(submission, actor)
    session.flush()
    record(actor, "submission.signature_asked", submission, organisation=organisation.id)
    for person in people.focal_points_of(organisation.id):
        mail.write_to(person, "signature_asked", submission=submission)
    return place


def answer(*, actor: Actor, submission: Submission, organisation_id: int, signs: bool) -> Signature:
    """Confirm or decline for an organisation of the actor's own.

    Only a confirmed signature counts and is named. Records `submission.signed` or
    `submission.signature_declined`. Raises Missing, Forbidden, Conflict once the submission is filed.
    """
    place = next((s for s in submission.signatures if s.organisation_id == organisation_id), None)
    if place is None:
        raise Missing
    require(actor, Can.SIGN_SUBMISSION, place)
    if not submission.is_editable:
        raise Conflict(_("This was filed; signatures were gathered before."))
    place.confirmed_at, place.confirmed_by = (clock(), actor.account_id) if signs else (None, None)
    place.declined_at = None if signs else clock()
    act = "submission.signed" if signs else "submission.signature_declined"
    record(actor, act, submission, organisation=organisation_id)
    return place
