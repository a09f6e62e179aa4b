"""How often somebody may try what can be guessed or abused; kept in Redis, open when Redis is away."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

from flask import Flask, current_app, request
from flask_limiter import Limiter

from consult.config import Config
from consult.web.identity import actor


def _caller() -> str:
    """A key that says nothing: the account's number, or a keyed hash of the address that changes daily."""
    who = actor()
    if who.is_signed_in:
        return f"account:{who.account_id}"
    return keyed_hash(request.remote_addr or "")


def keyed_hash(value: str) -> str:
    """A short HMAC of a value with the secret and today's date: no address is ever stored as such."""
    today = datetime.now(UTC).date().isoformat()
    key = f"{current_app.secret_key!s}{today}".encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:24]


limiter = Limiter(
    key_func=_caller,
    swallow_errors=True,
    in_memory_fallback_enabled=True,
    headers_enabled=False,
)


def register(app: Flask, config: Config) -> None:
    app.config["RATELIMIT_ENABLED"] = config.rate_limits
    app.config["RATELIMIT_STORAGE_URI"] = config.redis_url or "memory://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = (
        {"socket_connect_timeout": 1, "socket_timeout": 1} if config.redis_url else {}
    )
    limiter.init_app(app)
