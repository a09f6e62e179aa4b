"""Passwords: strong enough, hashed with argon2id, checked in a time that does not tell who has an account."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consult.errors import Invalid
from consult.i18n import gettext as _

LEAST, MOST = 12, 200
# "aaaaaaaaaaaa" is long and yet the first thing that is tried.
_LEAST_DIFFERENT = 5


def hashed(password: str, cost: int) -> str:
    """The argon2id hash; `cost` is `Config.password_cost`, 3 being RFC 9106's second recommendation."""
    return _hasher(cost).hash(_one_spelling(password))


def matches(password_hash: str | None, password: str, cost: int) -> bool:
    """Whether the password is the one hashed. Without a hash the same work is done, and the answer is no."""
    decoy = _decoy(cost)
    try:
        _hasher(cost).verify(password_hash or decoy, _one_spelling(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str, cost: int) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher(cost).check_needs_rehash(password_hash)


def refuse_weak(password: str, *, email: str, name: str, field: str = "password") -> None:
    """Raise Invalid for `field` when the password is short, monotonous, or the person's name or address."""
    fault = _weakness(_one_spelling(password).casefold(), email.casefold(), name.casefold())
    if fault:
        raise Invalid(fields={field: [fault]})


def _weakness(password: str, email: str, name: str) -> str | None:
    if len(password) < LEAST:
        return _(
            "Give at least %(least)s characters; several words in a row are easy to remember.", least=LEAST
        )
    if len(password) > MOST:
        return _("Give at most %(most)s characters.", most=MOST)
    if len(set(password)) < _LEAST_DIFFERENT:
        return _("Use more different characters.")
    bare = "".join(password.split())
    if bare in {email, email.partition("@")[0], "".join(name.split())}:
        return _("Your name or address is the first thing that others try; choose something else.")
    return None


def _one_spelling(password: str) -> str:
    """Keyboards differ in how they send the same letter (NIST SP 800-63B asks for NFKC)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher(cost: int) -> PasswordHasher:
    # Each step adds a pass and four times the memory: 3 gives 64 MiB, 1 (tests) gives 4 MiB.
    return PasswordHasher(time_cost=cost, memory_cost=2 ** (10 + 2 * cost), parallelism=4)


@cache
def _decoy(cost: int) -> str:
    return _hasher(cost).hash(secrets.token_urlsafe())
