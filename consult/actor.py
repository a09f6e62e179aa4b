"""Who is acting: an account with its role and organisations, the public, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from consult.vocabulary import STAFF, Role, Scope


@dataclass(frozen=True)
class Actor:
    """What permissions need to know of whoever acts; built once a request from one query.

    `organisations` holds ids of bodies that approved this person and are not declined; `focal_for` those
    that the person vouches for; `scopes` narrows what an API token may do (None: a person at the keyboard).
    """

    account_id: int | None = None
    name: str = ""
    email: str = ""
    role: Role | None = None
    organisations: frozenset[int] = field(default_factory=frozenset)
    focal_for: frozenset[int] = field(default_factory=frozenset)
    scopes: frozenset[Scope] | None = None
    language: str = "en"
    system: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def label(self) -> str:
        """For the audit record: a role, never a name."""
        return "system" if self.system else (self.role or "public")


PUBLIC = Actor()
SYSTEM = Actor(system=True)
