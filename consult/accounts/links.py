"""Links in letters: signed, dated, for one purpose, and spent once they have done their work."""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum

from itsdangerous import BadData, URLSafeTimedSerializer

from consult.accounts.models import Account
from consult.accounts.queries import account
from consult.config import Config
from consult.errors import Missing


class Purpose(StrEnum):
    """Each purpose salts its own signature: a link for one never serves another."""

    CONFIRM = "confirm-address"
    RESET = "reset-password"


DAYS = 86_400
LASTS = {Purpose.CONFIRM: 3 * DAYS, Purpose.RESET: 2 * 3600}


def seal(config: Config, purpose: Purpose, person: Account) -> str:
    """The token of a link for this person, as things stand now."""
    return _serializer(config, purpose).dumps([person.id, _state_of(config, purpose, person)])


def unseal(config: Config, purpose: Purpose, token: str, *, lock: bool = False) -> Account:
    """The account a token is for. Raises Missing when it is forged, old, spent, or the account is closed."""
    try:
        account_id, state = _serializer(config, purpose).loads(token, max_age=LASTS[purpose])
    except (BadData, ValueError, TypeError) as fault:
        raise Missing from fault
    person = account(account_id, lock=lock)
    if person.disabled_at or not hmac.compare_digest(state, _state_of(config, purpose, person)):
        raise Missing
    return person


def _serializer(config: Config, purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        config.secret_key, salt=f"consult.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )


def _state_of(config: Config, purpose: Purpose, person: Account) -> str:
    """What the link's work changes: once it is done, the same token no longer fits."""
    parts = [purpose, str(person.id), person.email, str(person.email_confirmed_at is not None)]
    if purpose is Purpose.RESET:
        parts += [person.password_hash or "", str(person.session_epoch)]
    return hmac.new(config.secret_key.encode(), "\n".join(parts).encode(), "sha256").hexdigest()[:32]
