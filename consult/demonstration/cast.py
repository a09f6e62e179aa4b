"""The demonstration's people and organisations, entered through the same actions as real ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from consult.accounts import membership_actions as memberships
from consult.accounts import organisation_actions as bodies
from consult.accounts import passwords, queries
from consult.accounts.models import Account, Organisation
from consult.actor import Actor
from consult.config import Config
from consult.db import clock, session
from consult.vocabulary import Accreditation, EcosocStatus, OrganisationState, Role, StakeholderGroup

# Known to everyone who reads this: the demonstration refuses to load where the pages are on the open net.
PASSWORD = "a demonstration for all"  # noqa: S105

Entry = dict[str, Any]


@dataclass
class Cast:
    """Accounts and organisations by the keys of the content files."""

    people: dict[str, Account] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """The person as an actor, with the organisations that approve of them now."""
        person = queries.account_with_bodies(self.people[key].id)
        assert person is not None
        return queries.actor_of(person)

    def first(self, role: Role) -> str:
        """The key of the first person in a role."""
        return next(key for key, person in self.people.items() if person.role == role)

    def all(self, role: Role) -> list[str]:
        return [key for key, person in self.people.items() if person.role == role]


def engage(people: list[Entry], organisations: list[Entry], config: Config) -> Cast:
    """Enter everybody: accounts, bodies registered by their focal points, members whom these approve."""
    cast = Cast()
    known = passwords.hashed(PASSWORD, config.password_cost)
    for entry in people:
        person = Account(
            email=entry["email"],
            name=entry["name"],
            role=Role(entry["role"]),
            language=entry["language"],
            password_hash=known,
            email_confirmed_at=clock(),
        )
        session.add(person)
        cast.people[entry["key"]] = person
    session.flush()
    by_body: dict[str, list[Entry]] = {}
    for entry in people:
        if entry.get("organisation"):
            by_body.setdefault(entry["organisation"], []).append(entry)
    for entry in organisations:
        _found(cast, entry, by_body.get(entry["key"], []))
    session.flush()
    return cast


def _found(cast: Cast, entry: Entry, members: list[Entry]) -> None:
    founder = next(person for person in members if person["focal_point"])
    body = bodies.register_organisation(
        actor=cast.actor(founder["key"]),
        name=entry["name"],
        stakeholder_group=StakeholderGroup(entry["group"]),
        country=entry["country"],
        accreditation=Accreditation(entry["accreditation"]),
        ecosoc_status=EcosocStatus(entry["ecosoc_status"]) if entry["ecosoc_status"] else None,
        website=entry["website"],
        identifiers=entry["identifiers"],
    )
    session.flush()
    cast.organisations[entry["key"]] = body
    _judge(cast, body, entry)
    for person in members:
        if person is not founder and entry["state"] != OrganisationState.DECLINED:
            _join(cast, body, founder, person)


def _judge(cast: Cast, body: Organisation, entry: Entry) -> None:
    secretariat = cast.actor(cast.first(Role.SECRETARIAT))
    if entry["state"] == OrganisationState.CONFIRMED:
        bodies.confirm_organisation(actor=secretariat, organisation=body)
    elif entry["state"] == OrganisationState.DECLINED:
        bodies.decline_organisation(actor=secretariat, organisation=body, reason=entry["reason"])


def _join(cast: Cast, body: Organisation, founder: Entry, person: Entry) -> None:
    place = memberships.request_membership(actor=cast.actor(person["key"]), organisation=body)
    if person.get("membership") == "requested":
        return
    vouching = cast.actor(founder["key"])
    memberships.approve_membership(actor=vouching, organisation=body, membership=place)
    if person["focal_point"]:
        memberships.make_focal_point(actor=vouching, organisation=body, membership=place)
