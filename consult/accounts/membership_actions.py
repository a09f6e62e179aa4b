"""Who may speak for an organisation: asked for, vouched for by a focal point, ended.

Every act here is called with the organisation's row locked, so that two focal points never leave at once.
"""

from __future__ import annotations

from consult.accounts import queries
from consult.accounts.directory import other_focal_points, other_members
from consult.accounts.models import Membership, Organisation
from consult.accounts.staff_actions import JUDGES
from consult.accounts.transitions import advance_membership
from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict, Forbidden, Invalid
from consult.i18n import gettext as _
from consult.mail import write_to
from consult.permissions import Can, require
from consult.vocabulary import MembershipState, OrganisationState


def request_membership(*, actor: Actor, organisation: Organisation) -> Membership:
    """Ask to speak for a body; gives no right until somebody there approves it.

    Records `membership.requested`, sends `membership_requested` to focal points. Raises Conflict for a
    declined body, and when the person asked before or belongs to it.
    """
    require(actor, Can.JOIN_ORGANISATION, organisation)
    if organisation.state == OrganisationState.DECLINED:
        raise Conflict(_("The secretariat has declined this organisation; nobody can join it."))
    place = Membership(
        account_id=actor.account_id,
        organisation_id=organisation.id,
        state=MembershipState.REQUESTED,
        is_focal_point=False,
    )
    session.add(place)
    session.flush()
    session.refresh(place)
    _record(actor, "membership.requested", place)
    for focal_point in queries.focal_points_of(organisation.id):
        write_to(
            focal_point,
            "membership_requested",
            organisation=organisation.name,
            person=f"{actor.name} <{actor.email}>",
            path=f"/organisations/{organisation.id}",
        )
    return place


def place_of(*, actor: Actor, organisation: Organisation, account_id: int) -> Membership:
    """The membership to act on. Who may not manage members learns of none but their own.

    Raises Forbidden, Missing.
    """
    if account_id != actor.account_id:
        require(actor, Can.MANAGE_MEMBERS, organisation)
    return queries.membership(organisation.id, account_id)


def approve_membership(*, actor: Actor, organisation: Organisation, membership: Membership) -> Membership:
    """Vouch for a person: from the next request on they speak for the body.

    Records `membership.approved`, sends `membership_approved`. Raises Forbidden for one's own request,
    Conflict for a moderator or auditor, or when nothing waits.
    """
    require(actor, Can.MANAGE_MEMBERS, organisation)
    _refuse_own(actor, membership)
    _refuse_judge(membership)
    advance_membership(membership, "approve")
    _judged(actor, membership)
    _record(actor, "membership.approved", membership)
    _tell(membership, organisation, "membership_approved")
    return membership


def decline_membership(
    *, actor: Actor, organisation: Organisation, membership: Membership, reason: str
) -> Membership:
    """Refuse a request, with a reason that the person reads.

    Records `membership.declined`, sends `membership_declined`. Raises Invalid without a reason, Conflict when
    nothing waits.
    """
    require(actor, Can.MANAGE_MEMBERS, organisation)
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Give the reason: the person will read it.")]})
    advance_membership(membership, "decline")
    membership.state_reason = reason.strip()
    _judged(actor, membership)
    _record(actor, "membership.declined", membership)
    _tell(membership, organisation, "membership_declined", reason=membership.state_reason)
    return membership


def end_membership(*, actor: Actor, organisation: Organisation, membership: Membership) -> Membership:
    """End a membership, or take a request back; every right derived from it ends with the commit.

    A person may end their own; a focal point or the secretariat anybody's. Records `membership.ended`,
    sends `membership_ended` unless the person did it. Raises Conflict for the last focal point while members
    remain.
    """
    own = actor.account_id == membership.account_id
    if own:
        require(actor, Can.MANAGE_ACCOUNT, membership)
        _refuse_last_focal_point(membership)
    else:
        require(actor, Can.MANAGE_MEMBERS, organisation)
    advance_membership(membership, "end")
    membership.is_focal_point = False
    membership.ended_at = clock()
    _record(actor, "membership.ended", membership)
    if not own:
        _tell(membership, organisation, "membership_ended")
    return membership


def make_focal_point(*, actor: Actor, organisation: Organisation, membership: Membership) -> Membership:
    """Let a member vouch for others too. Records `membership.focal_point_made`, sends `focal_point_made`.

    Raises Conflict for a person who is not an approved member, or who moderates or audits.
    """
    require(actor, Can.MANAGE_MEMBERS, organisation)
    _refuse_judge(membership)
    if membership.state != MembershipState.APPROVED:
        raise Conflict(_("Only an approved member can become a focal point."))
    if not membership.is_focal_point:
        membership.is_focal_point = True
        _record(actor, "membership.focal_point_made", membership)
        _tell(membership, organisation, "focal_point_made")
    return membership


def release_focal_point(*, actor: Actor, organisation: Organisation, membership: Membership) -> Membership:
    """Make a focal point a plain member again. Records `membership.focal_point_released`.

    Raises Conflict for the last one while other members remain.
    """
    require(actor, Can.MANAGE_MEMBERS, organisation)
    _refuse_last_focal_point(membership)
    if membership.is_focal_point:
        membership.is_focal_point = False
        _record(actor, "membership.focal_point_released", membership)
    return membership


def _refuse_last_focal_point(membership: Membership) -> None:
    body, person = membership.organisation_id, membership.account_id
    if membership.is_focal_point and not other_focal_points(body, person) and other_members(body, person):
        raise Conflict(_("An organisation with members needs a focal point: make another member one first."))


def _refuse_own(actor: Actor, membership: Membership) -> None:
    if membership.account_id == actor.account_id:
        raise Forbidden(_("Somebody else must approve your own request."))


def _refuse_judge(membership: Membership) -> None:
    if membership.account.role in JUDGES:
        raise Conflict(_("A moderator or auditor speaks for no organisation."))


def _judged(actor: Actor, membership: Membership) -> None:
    membership.judged_by, membership.judged_at = actor.account_id, clock()


def _record(actor: Actor, act: str, membership: Membership) -> None:
    record(actor, act, membership, organisation=membership.organisation_id, account=membership.account_id)


def _tell(membership: Membership, organisation: Organisation, letter: str, **facts: str) -> None:
    write_to(
        membership.account,
        letter,
        organisation=organisation.name,
        path=f"/organisations/{organisation.id}",
        **facts,
    )
