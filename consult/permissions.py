"""Who may do what: one table. Rows are "or", predicates in a row are "and"; the rest is refused."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from consult import predicates as the_actor
from consult.actor import Actor
from consult.errors import Forbidden, Unidentified

Predicate = Callable[[Actor, Any], bool]
Row = tuple[Predicate, ...]


class Can(StrEnum):
    """Every act that needs leave. `docs/permissions.md` is generated from this and the table."""

    READ_CONSULTATION = "read a consultation"
    MANAGE_CONSULTATION = "create, change and publish a consultation"
    PROVE_IDENTITY = "register, confirm an address, sign in, ask for a new password"
    REGISTER_ORGANISATION = "register an organisation"
    CONFIRM_ORGANISATION = "confirm or decline an organisation"
    EDIT_ORGANISATION = "change what is known of an organisation"
    READ_ORGANISATION_FILE = "read an organisation's members and identifiers"
    JOIN_ORGANISATION = "ask to join an organisation"
    MANAGE_MEMBERS = "approve and end memberships"
    MANAGE_ACCOUNT = "manage one's own account and tokens"
    MANAGE_STAFF = "grant roles and disable accounts"
    WRITE_SUBMISSION = "create, edit, file and withdraw a submission"
    SIGN_SUBMISSION = "confirm or decline a co-signature"
    READ_SUBMISSION = "read a submission's own pages"
    READ_DRAFT = "read a submission's working text before it is filed"
    READ_PUBLISHED = "read published input"
    SCREEN = "record what screening found"
    READ_QUEUE = "see the moderation queue"
    READ_CASE = "read a case"
    CLAIM_CASE = "claim a case"
    DECIDE_CASE = "decide or redact a claimed case"
    CALL_CAMPAIGN = "call shared wording a campaign and decide it"
    READ_AGGREGATE = "see unpublished coverage, export and summary"
    BUILD_REPORT = "write statements and build reports"
    READ_AUDIT = "read the audit record"
    IMPORT_INPUT = "import input"
    OPERATE = "set up accounts and organisations from the command line"


TABLE: dict[Can, tuple[Row, ...]] = {
    Can.READ_CONSULTATION: (
        (the_actor.sees_announced,),
        (the_actor.is_secretariat, the_actor.may_read),
        (the_actor.is_administrator, the_actor.may_read),
        (the_actor.is_auditor, the_actor.may_read),
    ),
    Can.MANAGE_CONSULTATION: ((the_actor.is_secretariat, the_actor.may_administer),),
    Can.PROVE_IDENTITY: ((the_actor.is_anyone,),),
    Can.REGISTER_ORGANISATION: (
        (the_actor.is_signed_in, the_actor.may_write, the_actor.may_write_for_bodies),
    ),
    Can.CONFIRM_ORGANISATION: ((the_actor.is_secretariat, the_actor.may_administer),),
    Can.EDIT_ORGANISATION: (
        (the_actor.is_focal_point, the_actor.may_write_for_bodies, the_actor.may_write),
        (the_actor.is_secretariat, the_actor.may_administer),
    ),
    Can.READ_ORGANISATION_FILE: (
        (the_actor.is_member, the_actor.may_read),
        (the_actor.is_focal_point, the_actor.may_read),
        (the_actor.is_secretariat, the_actor.may_read),
        (the_actor.is_auditor, the_actor.may_read),
    ),
    Can.JOIN_ORGANISATION: ((the_actor.is_signed_in, the_actor.may_write, the_actor.may_write_for_bodies),),
    Can.MANAGE_MEMBERS: (
        (the_actor.is_focal_point, the_actor.may_write_for_bodies, the_actor.may_write),
        (the_actor.is_secretariat, the_actor.may_administer),
    ),
    Can.MANAGE_ACCOUNT: ((the_actor.is_its_account, the_actor.may_administer),),
    Can.MANAGE_STAFF: ((the_actor.is_administrator, the_actor.may_administer),),
    Can.WRITE_SUBMISSION: ((the_actor.is_member, the_actor.may_write_for_bodies, the_actor.may_write),),
    Can.SIGN_SUBMISSION: ((the_actor.is_member, the_actor.may_write_for_bodies, the_actor.may_write),),
    Can.READ_SUBMISSION: (
        (the_actor.is_member, the_actor.may_read),
        (the_actor.is_cosignatory, the_actor.may_read),
        (the_actor.is_secretariat, the_actor.sees_filed, the_actor.may_read),
        (the_actor.is_auditor, the_actor.sees_filed, the_actor.may_read),
    ),
    Can.READ_DRAFT: (
        (the_actor.is_member, the_actor.may_read),
        (the_actor.is_member, the_actor.may_write_for_bodies, the_actor.may_write),
        (the_actor.is_cosignatory, the_actor.may_read),
    ),
    Can.READ_PUBLISHED: ((the_actor.sees_published,),),
    Can.SCREEN: ((the_actor.is_the_system,),),
    Can.READ_QUEUE: ((the_actor.is_moderator, the_actor.may_read),),
    Can.READ_CASE: ((the_actor.is_moderator, the_actor.is_unrelated, the_actor.may_read),),
    Can.CLAIM_CASE: ((the_actor.is_moderator, the_actor.is_unrelated, the_actor.may_moderate),),
    Can.DECIDE_CASE: (
        (the_actor.is_moderator, the_actor.is_unrelated, the_actor.holds_the_claim, the_actor.may_moderate),
    ),
    Can.CALL_CAMPAIGN: ((the_actor.is_moderator, the_actor.may_moderate),),
    Can.READ_AGGREGATE: (
        (the_actor.is_secretariat, the_actor.may_read),
        (the_actor.is_the_system,),
    ),
    Can.BUILD_REPORT: ((the_actor.is_secretariat, the_actor.may_administer),),
    Can.READ_AUDIT: (
        (the_actor.is_secretariat, the_actor.may_read),
        (the_actor.is_auditor, the_actor.may_read),
        (the_actor.is_administrator, the_actor.may_read),
    ),
    Can.IMPORT_INPUT: ((the_actor.is_secretariat, the_actor.may_administer), (the_actor.is_the_system,)),
    Can.OPERATE: ((the_actor.is_the_system,),),
}


def permitted(actor: Actor, act: Can, thing: Any = None) -> bool:
    """Whether some row of the table holds entirely."""
    return any(all(predicate(actor, thing) for predicate in row) for row in TABLE[act])


def require(actor: Actor, act: Can, thing: Any = None) -> None:
    """Raise Unidentified or Forbidden unless the table permits the act."""
    if permitted(actor, act, thing):
        return
    if not actor.is_signed_in and not actor.system:
        raise Unidentified
    raise Forbidden(f"Your role does not let you {act.value}.")
