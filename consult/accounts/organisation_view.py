"""What an organisation's page shows to this actor, and which of its forms."""

from __future__ import annotations

from typing import Any

from consult.accounts import directory, queries
from consult.accounts.models import Organisation
from consult.actor import Actor
from consult.i18n import current_locale
from consult.permissions import Can, permitted
from consult.places import country_name
from consult.vocabulary import MembershipState, OrganisationState


def organisation_page(who: Actor, organisation: Organisation) -> dict[str, Any]:
    """The context of `organisations/organisation.html`.

    `place` is the actor's own newest membership; `members` and `requests` are empty for those who may not
    read them; `alike` is for the secretariat while it judges.
    """
    reads = permitted(who, Can.READ_ORGANISATION_FILE, organisation)
    judges = permitted(who, Can.CONFIRM_ORGANISATION, organisation)
    place = directory.last_place(organisation.id, who.account_id) if who.account_id else None
    people = queries.members_of(organisation.id) if reads else []
    manages = permitted(who, Can.MANAGE_MEMBERS, organisation)
    return {
        "organisation": organisation,
        "country": country_name(organisation.country, current_locale()),
        "place": place,
        "reads": reads,
        "manages": manages,
        "judges": judges,
        "may_edit": permitted(who, Can.EDIT_ORGANISATION, organisation),
        # Staff may join too, but not by a button that lies beside their daily ones.
        "may_join": not who.is_staff
        and (place is None or not place.is_live)
        and organisation.state != OrganisationState.DECLINED
        and permitted(who, Can.JOIN_ORGANISATION, organisation),
        "members": [each for each in people if each.state == MembershipState.APPROVED],
        "requests": [each for each in people if each.state == MembershipState.REQUESTED] if manages else [],
        "alike": _alike(who, organisation) if judges else [],
    }


def _alike(who: Actor, organisation: Organisation) -> Any:
    if organisation.state != OrganisationState.PENDING:
        return []
    return directory.alike(
        who, name=organisation.name, website=organisation.website, apart_from=organisation.id
    )
