"""Delivers promised mail."""

from __future__ import annotations

from consult import mail
from workers.keeping import settings


def deliver(*, promise_id: int, to: str, subject: str, body: str) -> None:
    """Send one letter, or write it to disk; the promise's id names it, so a repeat is the same letter."""
    mail.deliver(settings(), promise_id, to, subject, body)
