"""What the operator sets up from the command line: the first accounts, tokens and organisations."""

from __future__ import annotations

from consult.accounts import passwords
from consult.accounts.addresses import normal_address
from consult.accounts.models import Account, Membership, Organisation
from consult.accounts.queries import account_by_email
from consult.accounts.token_actions import new_token
from consult.actor import SYSTEM
from consult.audit import record
from consult.config import Config
from consult.db import clock, session
from consult.errors import Invalid, Missing
from consult.i18n import gettext as _
from consult.permissions import Can, require
from consult.places import country_code, region_of
from consult.vocabulary import MembershipState, OrganisationState, Region, Role, Scope, StakeholderGroup


def add_user(*, email: str, name: str, role: Role, password: str | None, config: Config) -> Account:
    """An account whose address counts as confirmed. Without a password it gets one by `/reset`.

    Records `account.registered`. Raises Invalid for a malformed or taken address, or a weak password.
    """
    require(SYSTEM, Can.OPERATE)
    address = _address(email)
    if account_by_email(address) is not None:
        raise Invalid(fields={"email": [_("This address already has an account.")]})
    person = Account(email=address, name=_name(name), role=role, email_confirmed_at=clock())
    if password is not None:
        passwords.refuse_weak(password, email=address, name=name)
        person.password_hash = passwords.hashed(password, config.password_cost)
    session.add(person)
    session.flush()
    record(SYSTEM, "account.registered", person, role=str(role))
    return person


def issue_token_for(email: str) -> str:
    """The secret of a new token with every scope for a usable account. Raises Missing.

    Records `api_token.issued`.
    """
    require(SYSTEM, Can.OPERATE)
    person = account_by_email(email)
    if person is None or not person.is_usable:
        raise Missing(_("No usable account has this address."))
    token, secret = new_token(person, "command line", frozenset(Scope))
    record(SYSTEM, "api_token.issued", token, scopes=token.scopes)
    return secret


def add_organisation(
    *,
    name: str,
    group: StakeholderGroup,
    country: str,
    focal_point_email: str | None = None,
    confirmed: bool = False,
) -> int:
    """The number of a new body, confirmed or waiting, with or without a first focal point.

    Records `organisation.registered`. Raises Invalid for an unknown country, Missing for an unknown focal
    point, and what the database's constraints say.
    """
    require(SYSTEM, Can.OPERATE)
    try:
        code = country_code(country)
    except ValueError as fault:
        raise Invalid(fields={"country": [str(fault)]}) from fault
    state = OrganisationState.CONFIRMED if confirmed else OrganisationState.PENDING
    organisation = Organisation(
        name=_name(name),
        stakeholder_group=group,
        country=code,
        region=Region(region_of(code)),
        state=state,
        judged_at=clock() if confirmed else None,
    )
    session.add(organisation)
    session.flush()
    record(SYSTEM, "organisation.registered", organisation, group=str(group), country=code, state=str(state))
    if focal_point_email is not None:
        _appoint(organisation, focal_point_email)
    return organisation.id


def _appoint(organisation: Organisation, email: str) -> None:
    person = account_by_email(email)
    if person is None:
        raise Missing(_("No account has this address."))
    place = Membership(
        account_id=person.id,
        organisation_id=organisation.id,
        state=MembershipState.APPROVED,
        is_focal_point=True,
        judged_at=clock(),
    )
    session.add(place)
    session.flush()
    record(SYSTEM, "membership.approved", place, organisation=organisation.id, account=person.id)


def _name(given: str) -> str:
    if not given.strip():
        raise Invalid(fields={"name": [_("Give a name.")]})
    return given.strip()


def _address(email: str) -> str:
    try:
        return normal_address(email)
    except ValueError as fault:
        raise Invalid(fields={"email": [str(fault)]}) from fault
