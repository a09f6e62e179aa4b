"""The life of an organisation's entry: registered by a person, judged by the secretariat, mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from consult.accounts.models import Identifier, Membership, Organisation
from consult.accounts.queries import focal_points_of
from consult.accounts.transitions import advance_organisation
from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Forbidden, Invalid
from consult.i18n import gettext as _
from consult.mail import write_to
from consult.permissions import Can, permitted, require
from consult.places import region_of
from consult.vocabulary import (
    Accreditation,
    EcosocStatus,
    MembershipState,
    OrganisationState,
    Region,
    StakeholderGroup,
)

# What the secretariat does not vouch for when it confirms a body.
FREE_TO_CHANGE = frozenset({"acronym", "website"})


def register_organisation(
    *,
    actor: Actor,
    name: str,
    stakeholder_group: StakeholderGroup,
    country: str,
    acronym: str = "",
    accreditation: Accreditation = Accreditation.NONE,
    ecosoc_status: EcosocStatus | None = None,
    website: str = "",
    identifiers: Iterable[Mapping[str, str]] = (),
) -> Organisation:
    """Enter a body that waits for the secretariat; whoever registers it is its first focal point.

    `identifiers` are `{scheme, value}` in their usual spelling. Records `organisation.registered`. Raises
    Invalid for an ECOSOC status without the accreditation, and, from the database's constraints, for a name
    or number that another body has.
    """
    require(actor, Can.REGISTER_ORGANISATION)
    organisation = Organisation(
        name=name,
        acronym=acronym,
        stakeholder_group=stakeholder_group,
        country=country,
        region=Region(region_of(country)),
        accreditation=accreditation,
        ecosoc_status=ecosoc_status,
        website=website,
        state=OrganisationState.PENDING,
        registered_by=actor.account_id,
        identifiers=[Identifier(scheme=given["scheme"], value=given["value"]) for given in identifiers],
    )
    _refuse_status_without_accreditation(organisation)
    session.add(organisation)
    session.flush()
    session.add(_first_focal_point(actor, organisation))
    record(actor, "organisation.registered", organisation, group=str(stakeholder_group), country=country)
    return organisation


def _first_focal_point(actor: Actor, organisation: Organisation) -> Membership:
    return Membership(
        account_id=actor.account_id,
        organisation_id=organisation.id,
        state=MembershipState.APPROVED,
        is_focal_point=True,
        judged_at=clock(),
    )


def confirm_organisation(*, actor: Actor, organisation: Organisation, reason: str = "") -> Organisation:
    """Let a body speak: the secretariat has verified who it is. `reason` may say how; its people can read it.

    Records `organisation.confirmed`, sends `organisation_confirmed` to focal points. Raises Conflict when it
    is confirmed already.
    """
    return _judge(actor, organisation, "confirm", reason)


def decline_organisation(*, actor: Actor, organisation: Organisation, reason: str) -> Organisation:
    """Refuse a body, or take its confirmation back; its people lose what they derived from it at once.

    Records `organisation.declined`, sends `organisation_declined` with the reason to focal points, who may
    mend the entry. Raises Invalid without a reason, Conflict when it is declined already.
    """
    if not reason.strip():
        require(actor, Can.CONFIRM_ORGANISATION, organisation)
        raise Invalid(fields={"reason": [_("Give the reason: the organisation will read it.")]})
    return _judge(actor, organisation, "decline", reason)


def edit_organisation(
    *, actor: Actor, organisation: Organisation, changes: Mapping[str, Any]
) -> Organisation:
    """Change facts of a body, named as in `register_organisation`; the caller has locked its row.

    Once a body is confirmed, its people change only what the secretariat did not verify. A declined one waits
    for the secretariat again. Records `organisation.changed` with the names of the facts. Raises Forbidden,
    Invalid.
    """
    require(actor, Can.EDIT_ORGANISATION, organisation)
    differing = {name for name, value in changes.items() if _differs(organisation, name, value)}
    verified = differing - FREE_TO_CHANGE
    may_judge = permitted(actor, Can.CONFIRM_ORGANISATION, organisation)
    if organisation.state == OrganisationState.CONFIRMED and verified and not may_judge:
        raise Forbidden(
            _("The secretariat has verified these facts; write to it if one of them has changed.")
        )
    for name in differing:
        _change(organisation, name, changes[name])
    if organisation.accreditation != Accreditation.ECOSOC and not changes.get("ecosoc_status"):
        organisation.ecosoc_status = None
    _refuse_status_without_accreditation(organisation)
    if organisation.state == OrganisationState.DECLINED and not may_judge:
        advance_organisation(organisation, "mend")
        _settle_identifiers(organisation)
        differing.add("state")
    if differing:
        organisation.revision += 1
        session.flush()
        record(actor, "organisation.changed", organisation, facts=sorted(differing))
    return organisation


def _judge(actor: Actor, organisation: Organisation, verb: str, reason: str) -> Organisation:
    require(actor, Can.CONFIRM_ORGANISATION, organisation)
    before = organisation.state
    advance_organisation(organisation, verb)
    organisation.state_reason = reason.strip()
    organisation.judged_by, organisation.judged_at = actor.account_id, clock()
    organisation.revision += 1
    _settle_identifiers(organisation)
    session.flush()
    record(actor, f"organisation.{organisation.state}", organisation, before=str(before))
    for person in focal_points_of(organisation.id):
        write_to(
            person,
            f"organisation_{organisation.state}",
            organisation=organisation.name,
            reason=organisation.state_reason,
            path=f"/organisations/{organisation.id}",
        )
    return organisation


def _settle_identifiers(organisation: Organisation) -> None:
    """A declined body holds no number that another one may need."""
    for identifier in organisation.identifiers:
        identifier.is_live = organisation.state != OrganisationState.DECLINED


def _numbers(organisation: Organisation) -> dict[tuple[str, str], Identifier]:
    return {(str(own.scheme), own.value): own for own in organisation.identifiers}


def _differs(organisation: Organisation, name: str, value: Any) -> bool:
    if name == "identifiers":
        return {(str(given["scheme"]), given["value"]) for given in value} != set(_numbers(organisation))
    return bool(getattr(organisation, name) != value)


def _change(organisation: Organisation, name: str, value: Any) -> None:
    if name != "identifiers":
        setattr(organisation, name, value)
        if name == "country":
            organisation.region = Region(region_of(value))
        return
    # Only what differs is written: a number deleted and added again would meet its own constraint.
    present, wanted = _numbers(organisation), {(str(given["scheme"]), given["value"]) for given in value}
    for key in present.keys() - wanted:
        organisation.identifiers.remove(present[key])
    for scheme, number in sorted(wanted - present.keys()):
        organisation.identifiers.append(Identifier(scheme=scheme, value=number))


def _refuse_status_without_accreditation(organisation: Organisation) -> None:
    if organisation.ecosoc_status and organisation.accreditation != Accreditation.ECOSOC:
        raise Invalid(
            fields={"ecosoc_status": [_("Only a body in consultative status with ECOSOC has this status.")]}
        )
