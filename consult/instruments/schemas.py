"""How an instrument is written, in its data file and in the API's answer alike."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load, validate

from consult.instruments import models


def _text(**kwargs: Any) -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1), **kwargs)


def _number(**kwargs: Any) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=0), **kwargs)


def _numbers() -> fields.List[int]:
    return fields.List(fields.Integer(strict=True, validate=validate.Range(min=1)))


class _PartSchema(Schema):
    """Loads into the dataclass named by `model`; lists become tuples, so that nothing can be changed."""

    model: ClassVar[type[Any]]

    @post_load
    def make(self, data: dict[str, Any], **kwargs: Any) -> Any:
        return self.model(**{key: tuple(v) if isinstance(v, list) else v for key, v in data.items()})


class SourceSchema(_PartSchema):
    model = models.Source
    covers = fields.List(_text(), required=True, validate=validate.Length(min=1))
    address = _text()
    verified = fields.Boolean(required=True, truthy={True}, falsy={False})


class _EntrySchema(_PartSchema):
    sources = fields.List(fields.Nested(SourceSchema), required=True, validate=validate.Length(min=1))
    unofficial = fields.List(fields.String())
    note = fields.String()


class PrincipleSchema(_EntrySchema):
    model = models.Principle
    code = _text()
    title = _text()
    summary = fields.String()


class ObjectiveSchema(_EntrySchema):
    model = models.Objective
    number = _number()
    title = _text()
    short_title = _text()


class RoundTableSchema(_EntrySchema):
    model = models.RoundTable
    number = _number()
    objectives = fields.List(fields.Integer(strict=True), required=True, validate=validate.Length(min=1))
    leads = fields.List(fields.String())


class ThematicSessionSchema(_EntrySchema):
    model = models.ThematicSession
    number = _number()
    title = _text()
    short_title = _text()
    place = _text()
    start = fields.Date(required=True)
    end = fields.Date(required=True)
    objectives = _numbers()


class AnnexElementSchema(_EntrySchema):
    model = models.AnnexElement
    letter = _text()
    title = _text()


class StakeholderCategorySchema(_EntrySchema):
    model = models.StakeholderCategory
    code = _text()
    title = _text()
    paragraph = _text()


class RegionSchema(_EntrySchema):
    model = models.Region
    code = _text()
    title = _text()
    coverage = _text()
    first_review_host = fields.String()
    second_review = fields.Date(allow_none=True)


class ReviewStepSchema(_EntrySchema):
    model = models.ReviewStep
    code = _text()
    title = _text()
    summary = _text()
    paragraph = fields.String()


class ForumSchema(_EntrySchema):
    model = models.Forum
    year = _number()
    start = fields.Date(required=True)
    end = fields.Date(required=True)
    place = _text()
    hearing = fields.Date(allow_none=True)


class ProgrammeItemSchema(_EntrySchema):
    model = models.ProgrammeItem
    order = _number()
    title = _text()
    when = _text()


class LimitSchema(_EntrySchema):
    model = models.Limit
    code = _text()
    unit = _text()
    max = _number()
    min = fields.Integer(strict=True)
    files = fields.Integer(strict=True)
    types = fields.List(fields.String())


class TermSchema(_EntrySchema):
    model = models.Term
    code = _text()
    title = _text()


class InstrumentSummarySchema(Schema):
    """One row of the list of instruments."""

    code = _text(metadata={"example": "gcm"})
    symbol = _text(metadata={"example": "A/RES/73/195"})
    title = _text()
    short_title = _text()
    adopted = fields.Date(required=True)


class InstrumentSchema(InstrumentSummarySchema, _EntrySchema):
    """The whole agreement, every part with its sources."""

    model = models.Instrument
    verified_means = _text()
    caution = fields.String(required=True)
    principles = fields.List(fields.Nested(PrincipleSchema), required=True)
    objectives = fields.List(fields.Nested(ObjectiveSchema), required=True, validate=validate.Length(min=1))
    round_tables = fields.List(fields.Nested(RoundTableSchema))
    thematic_sessions = fields.List(fields.Nested(ThematicSessionSchema))
    annex_elements = fields.List(fields.Nested(AnnexElementSchema))
    stakeholder_categories = fields.List(fields.Nested(StakeholderCategorySchema))
    regions = fields.List(fields.Nested(RegionSchema))
    implementation = fields.List(fields.Nested(ReviewStepSchema))
    review = fields.List(fields.Nested(ReviewStepSchema))
    forums = fields.List(fields.Nested(ForumSchema))
    programme = fields.List(fields.Nested(ProgrammeItemSchema))
    limits = fields.List(fields.Nested(LimitSchema))
    terms = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(TermSchema)), required=True)


class InstrumentListSchema(Schema):
    """Every agreement that this installation reviews; there are few, so there are no pages."""

    items = fields.List(fields.Nested(InstrumentSummarySchema), required=True)
