"""What a submission may bring in, and how it goes out to its own people."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from consult.fields import Code, Line, Strict, Text
from consult.submissions.models import Submission, Version
from consult.vocabulary import Publication

# A person does not type so much; it is a program that went wrong, or a report pasted whole.
MOST_CHARACTERS = 400_000


class ContributionIn(Strict):
    area = Line(most=60, required=True, metadata={"example": "rt1"})
    text = Text(
        most=MOST_CHARACTERS,
        required=True,
        metadata={"description": "Plain text; blank lines part paragraphs."},
    )


class NewSubmission(Strict):
    """`submit: true` files at once: then every rule of the consultation must be met."""

    organisation = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, 2**53), metadata={"example": 1}
    )
    language = Line(most=35, required=True, metadata={"example": "en", "description": "BCP 47"})
    title = Line(load_default="", metadata={"example": "Wages follow the worker"})
    publication = Code(Publication, load_default=Publication.PUBLIC)
    contributions = fields.List(
        fields.Nested(ContributionIn), load_default=list, validate=validate.Length(max=100)
    )
    submit = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class SubmissionChange(Strict):
    """What is left out stays as it is; an area's text is replaced whole."""

    language = Line(most=35)
    title = Line()
    publication = Code(Publication)
    contributions = fields.List(fields.Nested(ContributionIn), validate=validate.Length(max=100))


class Grounds(Strict):
    grounds = Text(most=5000, least=1, required=True)


class FileIn(Schema):
    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class SignatureIn(Strict):
    organisation = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**53))


class SignatureAnswer(Strict):
    signs = fields.Boolean(load_default=True, truthy={True}, falsy={False})


class ReceiptOut(Schema):
    reference = fields.String(required=True, metadata={"example": "S-0123"})
    version = fields.Integer(required=True)
    received_at = fields.AwareDateTime(required=True)
    sha256 = fields.String(required=True, metadata={"description": "Over the RFC 8785 form of the content."})
    late = fields.Boolean(required=True)


class ContributionOut(Schema):
    area = fields.String(required=True)
    text = fields.String(required=True)
    words = fields.Integer(required=True)
    word_limit = fields.Integer(allow_none=True)


class AttachmentOut(Schema):
    id = fields.Integer(required=True)
    filename = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    sha256 = fields.String(required=True)


class SignatureOut(Schema):
    organisation = fields.Integer(attribute="organisation_id", required=True)
    name = fields.String(attribute="organisation.name", required=True)
    confirmed_at = fields.AwareDateTime(allow_none=True)
    declined_at = fields.AwareDateTime(allow_none=True)


class BodyOut(Schema):
    id = fields.Integer(required=True)
    name = fields.String(required=True)


class SubmissionOut(Schema):
    """A submission: its own organisation reads the working text, others what was filed."""

    reference = fields.String(required=True, metadata={"example": "S-0123"})
    consultation = fields.String(attribute="consultation.slug", required=True)
    organisation = fields.Nested(BodyOut, required=True)
    state = fields.String(required=True)
    version = fields.Integer(
        required=True, metadata={"description": "The filed version that stands; 0: none."}
    )
    amending = fields.Boolean(required=True)
    editable = fields.Boolean(attribute="is_editable", required=True)
    language = fields.String(required=True)
    title = fields.String(required=True)
    publication = fields.String(required=True)
    contributions = fields.List(fields.Nested(ContributionOut), required=True)
    attachments = fields.List(fields.Nested(AttachmentOut), required=True)
    signatures = fields.List(fields.Nested(SignatureOut), required=True)
    late = fields.Boolean(required=True)
    received_at = fields.AwareDateTime(allow_none=True)
    edited_at = fields.AwareDateTime(required=True)
    revision = fields.Integer(required=True)
    warnings = fields.List(fields.String(), required=True)
    receipt = fields.Nested(ReceiptOut, allow_none=True)
    sha256 = fields.String(allow_none=True, metadata={"description": "That of the receipt."})


class SubmissionRow(Schema):
    """A submission in a list."""

    reference = fields.String(required=True)
    consultation = fields.String(attribute="consultation.slug", required=True)
    organisation = fields.Nested(BodyOut, required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)
    edited_at = fields.AwareDateTime(required=True)


def loaded_form(values: dict[str, Any], area_codes: list[str]) -> dict[str, Any]:
    """The editor's flat form (`text-<area>` per area) in the shape of `SubmissionChange`."""
    kept: dict[str, Any] = {
        name: values[name] for name in ("title", "language", "publication") if name in values
    }
    texts = [
        {"area": code, "text": values[f"text-{code}"]} for code in area_codes if f"text-{code}" in values
    ]
    return {**kept, "contributions": texts}


def standing_version(submission: Submission) -> Version | None:
    return next((v for v in submission.versions if v.number == submission.version), None)
