"""Keys for programs: issued once, narrowed by scopes, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

from consult.accounts.directory import tokens_of
from consult.accounts.models import Account, ApiToken
from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict, Forbidden, Invalid
from consult.i18n import gettext as _
from consult.permissions import Can, require
from consult.vocabulary import Scope

MOST_TOKENS = 50
PREFIX = "consult_"


def issue_token(
    *,
    actor: Actor,
    person: Account,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token of the actor's own account, and its secret, which is not kept and never shown again.

    Records `api_token.issued`. Raises Forbidden when a token asks for more than it may do itself, Invalid for
    an expiry in the past, Conflict above 50 tokens.
    """
    require(actor, Can.MANAGE_ACCOUNT, person)
    if actor.scopes is not None and not set(scopes) <= actor.scopes:
        raise Forbidden(_("A token cannot issue one that may do more than itself."))
    if expires_at is not None and expires_at <= clock():
        raise Invalid(fields={"expires_at": [_("This moment has passed.")]})
    if len(tokens_of(person.id)) >= MOST_TOKENS:
        raise Conflict(_("You have %(most)s tokens; revoke some that you no longer need.", most=MOST_TOKENS))
    token, secret = new_token(person, name, scopes, expires_at)
    record(actor, "api_token.issued", token, scopes=token.scopes)
    return token, secret


def new_token(
    person: Account, name: str, scopes: Collection[Scope], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """The row and the secret; 256 random bits need no slow hash."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        account_id=person.id,
        name=name,
        prefix=secret[:12],
        token_hash=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=[str(scope) for scope in Scope if scope in scopes],
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    return token, secret


def revoke_token(*, actor: Actor, token: ApiToken) -> None:
    """End a token at once. Records `api_token.revoked`; a second time changes nothing."""
    require(actor, Can.MANAGE_ACCOUNT, token)
    if token.revoked_at is None:
        token.revoked_at = clock()
        record(actor, "api_token.revoked", token)
