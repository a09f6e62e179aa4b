"""Problem and its few children: every refusal a person or a program can meet (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FieldErrors = Mapping[str, list[str]]


class Problem(Exception):
    """A refusal with an HTTP status, a stable slug, a sentence, and messages beside fields."""

    status = 500
    slug = "internal"
    title = "Something went wrong on our side"

    def __init__(self, detail: str = "", *, fields: FieldErrors | None = None, **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.fields = dict(fields or {})
        self.extra = extra

    def as_dict(self, type_root: str = "") -> dict[str, Any]:
        """The RFC 9457 members; `errors` holds field messages keyed by dotted path."""
        body: dict[str, Any] = {
            "type": f"{type_root}{self.slug}",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.fields:
            body["errors"] = self.fields
        return {**body, **self.extra}


class Malformed(Problem):
    status, slug, title = 400, "malformed", "The request could not be read"


class Unidentified(Problem):
    status, slug, title = 401, "unidentified", "Sign in to do this"


class Forbidden(Problem):
    status, slug, title = 403, "forbidden", "You may not do this"


class Missing(Problem):
    """There is no such thing, or it is none of the actor's business: the two read alike."""

    status, slug, title = 404, "missing", "There is nothing here"


class Conflict(Problem):
    status, slug, title = 409, "conflict", "This cannot be done in the present state"


class Stale(Problem):
    status, slug, title = 412, "stale", "Somebody changed this in the meantime"


class TooLarge(Problem):
    status, slug, title = 413, "too-large", "This is larger than allowed"


class Invalid(Problem):
    status, slug, title = 422, "invalid", "Some fields need mending"


class Unguarded(Problem):
    status, slug, title = 428, "unguarded", "Say which version you edited (If-Match)"


class TooMany(Problem):
    status, slug, title = 429, "too-many", "Too many tries; wait a little"


class Unavailable(Problem):
    status, slug, title = 503, "unavailable", "This part is not available at the moment"
