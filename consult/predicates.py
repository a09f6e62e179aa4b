"""The yes/no questions the permission table asks; each reads after "the actor …"."""

from __future__ import annotations

from typing import Any

from consult.actor import Actor
from consult.vocabulary import Publication, Role, Scope, SubmissionState

# `thing` is duck-typed on purpose: this file knows attribute names, never a feature.


def is_anyone(actor: Actor, thing: Any) -> bool:
    return True


def is_signed_in(actor: Actor, thing: Any) -> bool:
    return actor.is_signed_in


def is_the_system(actor: Actor, thing: Any) -> bool:
    return actor.system


def is_moderator(actor: Actor, thing: Any) -> bool:
    return actor.role in (Role.MODERATOR, Role.SENIOR_MODERATOR)


def is_secretariat(actor: Actor, thing: Any) -> bool:
    return actor.role == Role.SECRETARIAT


def is_auditor(actor: Actor, thing: Any) -> bool:
    return actor.role == Role.AUDITOR


def is_administrator(actor: Actor, thing: Any) -> bool:
    return actor.role == Role.ADMINISTRATOR


def may_write_for_bodies(actor: Actor, thing: Any) -> bool:
    """Moderators and auditors never act for an organisation: they would judge, or see, their own side."""
    return actor.role not in (Role.MODERATOR, Role.SENIOR_MODERATOR, Role.AUDITOR)


def is_member(actor: Actor, thing: Any) -> bool:
    return thing.organisation_id in actor.organisations


def is_cosignatory(actor: Actor, thing: Any) -> bool:
    """A body that was asked to sign reads what it is to sign."""
    return not actor.organisations.isdisjoint(thing.signing_organisations)


def is_focal_point(actor: Actor, thing: Any) -> bool:
    return thing.organisation_id in actor.focal_for


def is_its_account(actor: Actor, thing: Any) -> bool:
    return actor.account_id is not None and thing.account_id == actor.account_id


def holds_the_claim(actor: Actor, thing: Any) -> bool:
    return actor.account_id is not None and thing.claimed_by == actor.account_id


def is_unrelated(actor: Actor, thing: Any) -> bool:
    """Recusal: what an own organisation filed or signed does not exist for a moderator."""
    return thing.organisation_id not in actor.organisations and actor.organisations.isdisjoint(
        thing.signing_organisations
    )


def sees_filed(actor: Actor, thing: Any) -> bool:
    """Drafts belong to their organisation alone."""
    return bool(thing.version)


def sees_published(actor: Actor, thing: Any) -> bool:
    return bool(thing.state == SubmissionState.ACCEPTED and thing.publication != Publication.RESTRICTED)


def sees_announced(actor: Actor, thing: Any) -> bool:
    return thing.published_at is not None


# Scopes of tokens; a person at the keyboard has them all.


def _scoped(actor: Actor, scope: Scope) -> bool:
    return actor.scopes is None or scope in actor.scopes


def may_read(actor: Actor, thing: Any) -> bool:
    return _scoped(actor, Scope.READ)


def may_write(actor: Actor, thing: Any) -> bool:
    return _scoped(actor, Scope.WRITE)


def may_moderate(actor: Actor, thing: Any) -> bool:
    return _scoped(actor, Scope.MODERATE)


def may_administer(actor: Actor, thing: Any) -> bool:
    return _scoped(actor, Scope.ADMINISTER)
