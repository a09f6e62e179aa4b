"""Which doors a person is shown; hiding one is courtesy, the permission table is the lock."""

from __future__ import annotations

from dataclasses import dataclass

from consult.actor import Actor
from consult.i18n import gettext as _
from consult.vocabulary import Role


@dataclass(frozen=True)
class Door:
    label: str
    href: str
    current: bool


def navigation(actor: Actor, path: str) -> list[Door]:
    """The entries of the main navigation for this actor, the one for `path` marked."""
    doors = [(_("Consultations"), "/")]
    if actor.is_signed_in and actor.role in (Role.CONTRIBUTOR, Role.FOCAL_POINT):
        doors += [(_("My submissions"), "/submissions"), (_("My organisations"), "/organisations")]
    if actor.role in (Role.MODERATOR, Role.SENIOR_MODERATOR):
        doors += [(_("Moderation"), "/moderation")]
    if actor.role == Role.SECRETARIAT:
        doors += [(_("Secretariat"), "/secretariat"), (_("Organisations"), "/organisations")]
    if actor.role in (Role.SECRETARIAT, Role.AUDITOR, Role.ADMINISTRATOR):
        doors += [(_("Record"), "/audit")]
    if actor.role == Role.ADMINISTRATOR:
        doors += [(_("People"), "/people")]
    # Every path begins with "/": the home page stands for the consultations, not for whatever has no door.
    place = "/" if path.startswith("/consultations") else path
    return [Door(label, href, place == href or place.startswith(f"{href}/")) for label, href in doors]
