"""What may come in about people and organisations, and what goes out; one schema serves form and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates

from consult.accounts.addresses import normal_address
from consult.accounts.identifiers import normal_identifier
from consult.fields import Code, Country, Line, Moment, Strict, Text
from consult.i18n import gettext as _
from consult.vocabulary import (
    UN_LANGUAGES,
    Accreditation,
    EcosocStatus,
    IdentifierScheme,
    MembershipState,
    OrganisationState,
    Region,
    Role,
    Scope,
    StakeholderGroup,
)


class Address(Line):
    """An e-mail address in its usual spelling."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        try:
            return normal_address(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault


class Website(Line):
    """An http or https address; without a scheme https is meant."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if not text:
            return text
        whole = text if "://" in text else f"https://{text}"
        try:
            parts = urlsplit(whole)
            sound = (
                parts.scheme in ("http", "https") and "." in (parts.hostname or "") and parts.username is None
            )
            sound = sound and (parts.port or 1) > 0 and " " not in whole
        except ValueError:
            sound = False
        if not sound:
            raise ValidationError(_("Give a web address that begins with https:// or http://."))
        return whole


class RegistrationIn(Strict):
    name = Line(most=120, required=True)
    email = Address(most=254, required=True)
    password = Text(required=True)


class SignInIn(Strict):
    email = Line(most=320, required=True)
    password = Text(required=True)


class AddressIn(Strict):
    email = Address(most=254, required=True)


class PasswordIn(Strict):
    password = Text(required=True)


class PasswordChangeIn(Strict):
    current = Text(required=True)
    new = Text(required=True)


class ProfileIn(Strict):
    name = Line(most=120, required=True)
    language = fields.String(required=True, validate=validate.OneOf(UN_LANGUAGES))


class RoleIn(Strict):
    role = Code(Role, required=True)


class ReasonIn(Strict):
    reason = Text(most=2000, load_default="")


class IdentifierIn(Strict):
    scheme = Code(IdentifierScheme, required=True, metadata={"example": "ror"})
    value = Line(
        most=100,
        required=True,
        metadata={
            "description": "iCSO: digits. ROR, LEI: with right check digits. National: free text.",
            "example": "https://ror.org/05a28rw58",
        },
    )

    @post_load
    def _spell(self, data: dict[str, Any], **more: Any) -> dict[str, Any]:
        try:
            return {**data, "value": normal_identifier(data["scheme"], data["value"])}
        except ValueError as fault:
            raise ValidationError(str(fault), "value") from fault


class OrganisationIn(Strict):
    """A registration: who the body is, never what it may do."""

    name = Line(most=200, required=True, metadata={"description": "The official name."})
    acronym = Line(most=30, load_default="")
    group = Code(StakeholderGroup, required=True, attribute="stakeholder_group")
    country = Country(
        most=3, required=True, metadata={"description": "Seat, ISO 3166-1 alpha-3.", "example": "KEN"}
    )
    accreditation = Code(Accreditation, load_default=Accreditation.NONE)
    ecosoc_status = Code(
        EcosocStatus,
        load_default=None,
        allow_none=True,
        metadata={"description": "Only with the accreditation `ecosoc`."},
    )
    website = Website(most=300, load_default="")
    identifiers = fields.List(fields.Nested(IdentifierIn), load_default=list)

    @validates("identifiers")
    def _one_of_each(self, given: list[dict[str, Any]], **more: Any) -> None:
        schemes = [entry["scheme"] for entry in given if "scheme" in entry]
        if len(schemes) != len(set(schemes)):
            raise ValidationError(_("Give one number for each registry."))


class OrganisationChangeIn(OrganisationIn):
    """The facts that change; what is left out stays."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"partial": True, **options})


class ConfirmationIn(Strict):
    verdict = fields.String(
        load_default="confirm",
        validate=validate.OneOf(["confirm", "decline"]),
        metadata={"description": "An empty body confirms."},
    )
    reason = Text(
        most=2000,
        load_default="",
        metadata={"description": "Required to decline; the organisation's people read it."},
    )


class JoinIn(Strict):
    """Nothing needs saying: the caller asks for itself."""


class ApprovalIn(Strict):
    approved = fields.Boolean(
        load_default=True,
        truthy={True},
        falsy={False},
        metadata={"description": "An empty body approves; false declines."},
    )
    reason = Text(
        most=2000, load_default="", metadata={"description": "Required to decline; the person reads it."}
    )


class TokenIn(Strict):
    name = Line(
        most=80,
        required=True,
        metadata={"description": "What the token is for.", "example": "nightly export"},
    )
    scopes = fields.List(
        Code(Scope),
        required=True,
        validate=validate.Length(1, len(Scope)),
    )
    expires_at = Moment(load_default=None, allow_none=True)


class IdentifierOut(Schema):
    scheme = Code(IdentifierScheme, required=True)
    value = fields.String(required=True)


class OrganisationOut(Schema):
    id = fields.Integer(required=True)
    name = fields.String(required=True)
    acronym = fields.String(required=True)
    group = Code(StakeholderGroup, required=True, attribute="stakeholder_group")
    country = fields.String(required=True, metadata={"example": "KEN"})
    region = Code(Region, required=True)
    accreditation = Code(Accreditation, required=True)
    ecosoc_status = Code(EcosocStatus, required=True, allow_none=True)
    website = fields.String(required=True)
    identifiers = fields.List(fields.Nested(IdentifierOut), required=True)
    state = Code(OrganisationState, required=True)
    state_reason = fields.String(metadata={"description": "For the body's people and the secretariat."})


class AlikeOut(Schema):
    id = fields.Integer(required=True)
    name = fields.String(required=True)
    country = fields.String(required=True)


class RegisteredOut(OrganisationOut):
    """A new body, and those it may be the same as: a warning, not a refusal."""

    similar = fields.List(fields.Nested(AlikeOut), required=True)


class MembershipOut(Schema):
    organisation = fields.Integer(required=True, attribute="organisation_id")
    user = fields.Integer(
        required=True, attribute="account_id", metadata={"description": "The account's id."}
    )
    state = Code(MembershipState, required=True)
    focal_point = fields.Boolean(required=True, attribute="is_focal_point")
    requested_at = Moment(required=True)
    state_reason = fields.String(required=True)


class OrganisationMemberOut(MembershipOut):
    name = fields.String(required=True, attribute="account.name")
    email = fields.String(required=True, attribute="account.email")


class OwnPlaceOut(Schema):
    id = fields.Integer(required=True, attribute="organisation_id")
    name = fields.String(required=True, attribute="organisation.name")
    state = Code(OrganisationState, required=True, attribute="organisation.state")
    membership = Code(MembershipState, required=True, attribute="state")
    focal_point = fields.Boolean(required=True, attribute="is_focal_point")


class MeOut(Schema):
    id = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = Code(Role, required=True)
    language = fields.String(required=True)
    scopes = fields.List(
        Code(Scope),
        required=True,
        allow_none=True,
        metadata={"description": "Of the token; null for a session."},
    )
    organisations = fields.List(fields.Nested(OwnPlaceOut), required=True)


class TokenOut(Schema):
    id = fields.Integer(required=True)
    name = fields.String(required=True)
    prefix = fields.String(required=True, metadata={"description": "How the token begins."})
    scopes = fields.List(Code(Scope), required=True)
    created_at = Moment(required=True)
    expires_at = Moment(required=True, allow_none=True)
    last_used_on = fields.Date(required=True, allow_none=True)


class IssuedTokenOut(TokenOut):
    token = fields.String(required=True, metadata={"description": "The secret, shown this once."})
