"""People and organisations, who vouches for whom, and the tokens of programs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from consult.accounts.likeness import name_key, site_of
from consult.db import Base, Identified, constraint_problems
from consult.errors import Conflict, Invalid
from consult.vocabulary import (
    Accreditation,
    EcosocStatus,
    IdentifierScheme,
    MembershipState,
    OrganisationState,
    Region,
    Role,
    StakeholderGroup,
)


class Account(Identified, Base):
    """A person who can sign in. `session_epoch` grows to sign out everywhere."""

    __tablename__ = "account"

    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[Role] = mapped_column(server_default=Role.CONTRIBUTOR)
    language: Mapped[str] = mapped_column(server_default="en")
    session_epoch: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    email_confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="account", foreign_keys="Membership.account_id"
    )

    __table_args__ = (Index("uq_account_email", func.lower(text("email")), unique=True),)

    @property
    def account_id(self) -> int:
        """So that `is_its_account` reads the same for an account and for what it owns."""
        return self.id

    @property
    def is_usable(self) -> bool:
        return self.email_confirmed_at is not None and self.disabled_at is None


class Organisation(Identified, Base):
    """A stakeholder body; speaks through approved members once the secretariat confirmed it."""

    __tablename__ = "organisation"

    name: Mapped[str]
    acronym: Mapped[str] = mapped_column(server_default="")
    stakeholder_group: Mapped[StakeholderGroup]
    country: Mapped[str]
    region: Mapped[Region]
    accreditation: Mapped[Accreditation] = mapped_column(server_default=Accreditation.NONE)
    ecosoc_status: Mapped[EcosocStatus | None]
    website: Mapped[str] = mapped_column(server_default="")
    # What two spellings of one body share; kept by `_keep_likeness` below.
    name_key: Mapped[str] = mapped_column(server_default="")
    site: Mapped[str] = mapped_column(server_default="")
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    state: Mapped[OrganisationState] = mapped_column(server_default=OrganisationState.PENDING)
    state_reason: Mapped[str] = mapped_column(server_default="")
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    registered_at: Mapped[datetime] = mapped_column(server_default=func.now())
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    judged_at: Mapped[datetime | None]

    identifiers: Mapped[list[Identifier]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="Identifier.id"
    )
    memberships: Mapped[list[Membership]] = relationship(back_populates="organisation")

    __table_args__ = (
        CheckConstraint(f"stakeholder_group in {tuple(map(str, StakeholderGroup))}", name="group"),
        CheckConstraint("country ~ '^[A-Z]{3}$'", name="country"),
        CheckConstraint("ecosoc_status is null or accreditation = 'ecosoc'", name="ecosoc"),
        # A body that was declined blocks nobody: an impostor must not keep the real one out.
        Index(
            "uq_organisation_name_country",
            func.lower(text("name")),
            "country",
            unique=True,
            postgresql_where=text("state <> 'declined'"),
        ),
        Index("ix_organisation_state", "state"),
        Index("ix_organisation_name_key", "name_key"),
        Index("ix_organisation_site", "site", postgresql_where=text("site <> ''")),
    )

    @validates("name", "website")
    def _keep_likeness(self, field: str, value: str) -> str:
        if field == "name":
            self.name_key = name_key(value)
        else:
            self.site = site_of(value)
        return value

    @property
    def organisation_id(self) -> int:
        """So that `is_member` reads the same for a body and for what belongs to it."""
        return self.id


class Identifier(Identified, Base):
    """A body's number in a registry; no two bodies share one, unless one of them was declined (not live)."""

    __tablename__ = "organisation_identifier"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    scheme: Mapped[IdentifierScheme]
    value: Mapped[str]
    is_live: Mapped[bool] = mapped_column(server_default=text("true"))

    organisation: Mapped[Organisation] = relationship(back_populates="identifiers")

    __table_args__ = (
        Index(
            "uq_organisation_identifier_scheme_value",
            "scheme",
            "value",
            unique=True,
            postgresql_where=text("is_live"),
        ),
        CheckConstraint(f"scheme in {tuple(map(str, IdentifierScheme))}", name="scheme"),
    )


LIVE = frozenset({MembershipState.REQUESTED, MembershipState.APPROVED})


class Membership(Identified, Base):
    """A person's place in a body: asked for, approved by a focal point, ended. Ended ones stay on record."""

    __tablename__ = "membership"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[MembershipState] = mapped_column(server_default=MembershipState.REQUESTED)
    is_focal_point: Mapped[bool] = mapped_column(server_default=text("false"))
    state_reason: Mapped[str] = mapped_column(server_default="")
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    judged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(back_populates="memberships", foreign_keys=[account_id])
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")

    __table_args__ = (
        Index(
            "uq_membership_live",
            "account_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("state in ('requested', 'approved')"),
        ),
        Index("ix_membership_organisation_id", "organisation_id"),
    )

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class ApiToken(Identified, Base):
    """A program's key: shown once, stored as a hash, narrowed by scopes, revocable."""

    __tablename__ = "api_token"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_on: Mapped[date | None]


# (state, verb) -> state; whatever is not here is a Conflict (see transitions.py).
ORGANISATION_TRANSITIONS: dict[tuple[str, str], OrganisationState] = {
    (OrganisationState.PENDING, "confirm"): OrganisationState.CONFIRMED,
    (OrganisationState.PENDING, "decline"): OrganisationState.DECLINED,
    (OrganisationState.CONFIRMED, "decline"): OrganisationState.DECLINED,
    (OrganisationState.DECLINED, "confirm"): OrganisationState.CONFIRMED,
    (OrganisationState.DECLINED, "mend"): OrganisationState.PENDING,
}
MEMBERSHIP_TRANSITIONS: dict[tuple[str, str], MembershipState] = {
    (MembershipState.REQUESTED, "approve"): MembershipState.APPROVED,
    (MembershipState.REQUESTED, "decline"): MembershipState.DECLINED,
    (MembershipState.REQUESTED, "end"): MembershipState.ENDED,
    (MembershipState.APPROVED, "end"): MembershipState.ENDED,
}

constraint_problems.update(
    {
        "uq_account_email": Invalid(fields={"email": ["This address already has an account."]}),
        "uq_organisation_name_country": Invalid(
            fields={
                "name": ["A body of this name is registered in this country. Ask to join it, or write to us."]
            }
        ),
        "uq_organisation_identifier_scheme_value": Invalid(
            fields={"identifiers": ["Another organisation is registered with this number."]}
        ),
        "uq_membership_live": Conflict("You have already asked to join this organisation, or belong to it."),
    }
)
