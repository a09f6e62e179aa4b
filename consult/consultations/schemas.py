"""What a consultation is made of, in a form and in JSON, and what the API answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from consult.consultations.models import FILE_TYPES, RESERVED
from consult.consultations.timetable import time_zones
from consult.fields import Code, Language, Line, Moment, Strict, Text
from consult.i18n import gettext as _
from consult.vocabulary import UN_LANGUAGES, Phase, StakeholderGroup

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MOST_GUIDANCE = 20_000
MOST_WORDS = 20_000
MOST_FILE_MB = 50
MOST_AREAS = 40
MOST_LANGUAGES = 60


def no_repeats(values: Sequence[Any]) -> None:
    """Raises ValidationError when something stands in a list twice."""
    if len(set(values)) < len(values):
        raise ValidationError(_("Something stands there twice."))


def some_languages(tags: Sequence[str]) -> None:
    """Raises ValidationError for a list without a language, or with more than anybody reads."""
    if not tags:
        raise ValidationError(_("Choose at least one language."))
    if len(tags) > MOST_LANGUAGES:
        raise ValidationError(_("At most %(most)s languages.", most=MOST_LANGUAGES))


def _known_zone(name: str) -> None:
    if name not in time_zones():
        raise ValidationError(_("Give a zone of the IANA database by its name, for example Europe/Zurich."))


def _slug(text: str) -> None:
    if not re.fullmatch(SLUG, text):
        raise ValidationError(_("Use small letters a to z, digits, and single hyphens between them."))
    if text in RESERVED:
        raise ValidationError(_("This address is taken."))


def _sensible_year(moment: datetime) -> None:
    if not 2000 <= moment.year <= 2199:
        raise ValidationError(_("Give a year between 2000 and 2199."))


def _whole(least: int, most: int, **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(least, most), **options)


class ThematicAreaIn(Strict):
    """A thematic area. Its code stays for good: texts are told apart by it."""

    code = Line(
        most=40,
        validate=[_slug],
        metadata={
            "description": "Made from the title where it is left out.",
            "example": "rt1",
            "pattern": SLUG,
        },
    )
    title = Line(required=True, least=1, most=200, metadata={"example": "Round table 1"})
    short_title = Line(most=60, metadata={"description": "For tables and tabs; empty: the title."})
    description = Text(most=4000, metadata={"description": "Plain text."})
    objectives = fields.List(
        _whole(1, 999),
        validate=[validate.Length(max=60), no_repeats],
        metadata={"description": "Numbers of the instrument's objectives.", "example": [2, 5, 6]},
    )
    questions = fields.List(Line(most=500, least=1), validate=validate.Length(max=20))
    word_limit = _whole(1, MOST_WORDS, allow_none=True, metadata={"description": "null: no limit."})


class ConsultationTerms(Strict):
    """Everything that may be said of a consultation, each member optional."""

    slug = Line(most=80, validate=[_slug], metadata={"example": "imrf-2026", "pattern": SLUG})
    instrument = Line(most=40, metadata={"example": "gcm"})
    title = Line(least=1, most=200)
    mandate = Line(
        most=500, metadata={"description": "Who asked for it.", "example": "A/RES/73/326, para. 28"}
    )
    summary = Text(most=1000, metadata={"description": "What lists show; plain text."})
    guidance = Text(most=MOST_GUIDANCE, metadata={"description": "Markdown, sanitised when shown."})
    languages = fields.List(
        Language(),
        validate=[some_languages, no_repeats],
        metadata={
            "description": "BCP 47 tags.",
            "example": list(UN_LANGUAGES),
            "minItems": 1,
            "maxItems": MOST_LANGUAGES,
        },
    )
    groups = fields.List(
        Code(StakeholderGroup),
        validate=no_repeats,
        metadata={"description": "Who may write; empty: every stakeholder group."},
    )
    opens_at = Moment(validate=_sensible_year, metadata={"example": "2026-01-12T08:00:00Z"})
    closes_at = Moment(
        validate=_sensible_year,
        metadata={"description": "The first moment that is late.", "example": "2026-03-31T16:00:00Z"},
    )
    time_zone = Line(
        most=60, validate=[_known_zone], metadata={"description": "IANA name.", "example": "Europe/Zurich"}
    )
    accepted_files = fields.List(
        fields.String(validate=validate.OneOf(FILE_TYPES)),
        validate=no_repeats,
        metadata={"description": "Kinds of annex; empty: none.", "example": ["pdf", "docx", "odt"]},
    )
    max_file_mb = _whole(1, MOST_FILE_MB)
    max_files = _whole(0, 20)
    service_days = _whole(1, 365, metadata={"description": "Days within which input is to be read."})
    appeal_days = _whole(1, 365, metadata={"description": "Days within which a rejection may be appealed."})
    areas = fields.List(fields.Nested(ThematicAreaIn), validate=validate.Length(max=MOST_AREAS))


class NewConsultation(ConsultationTerms):
    """A consultation to be prepared; nobody else sees it before it is published."""

    instrument = Line(required=True, most=40, metadata={"example": "gcm"})
    title = Line(required=True, least=1, most=200, metadata={"example": "Input for the review forum"})
    opens_at = Moment(required=True, validate=_sensible_year, metadata={"example": "2026-01-12T08:00:00Z"})
    closes_at = Moment(required=True, validate=_sensible_year, metadata={"example": "2026-03-31T16:00:00Z"})


class ConsultationChange(ConsultationTerms):
    """What shall be different. `areas` is the whole list in its order: an area left out is removed."""

    deadline_reason = Line(
        most=500, metadata={"description": "Why the deadline moves; mailed to everybody who has a draft."}
    )


class ThematicAreaOut(Schema):
    """A thematic area as readers see it."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    short_title = fields.String(required=True)
    description = fields.String(required=True)
    objectives = fields.List(fields.Integer(), required=True)
    questions = fields.List(fields.String(), required=True)
    word_limit = fields.Integer(required=True, allow_none=True)


class ConsultationOut(Schema):
    """A call for input. `phase` follows from the clock; `warnings` are for those who prepare it."""

    slug = fields.String(required=True)
    instrument = fields.String(required=True)
    title = fields.String(required=True)
    mandate = fields.String(required=True)
    summary = fields.String(required=True)
    guidance = fields.String(required=True, metadata={"description": "Markdown."})
    languages = fields.List(fields.String(), required=True)
    groups = fields.List(Code(StakeholderGroup), required=True)
    opens_at = fields.AwareDateTime(required=True)
    closes_at = fields.AwareDateTime(required=True)
    time_zone = fields.String(required=True)
    phase = Code(Phase, required=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)
    accepted_files = fields.List(fields.String(), required=True)
    max_file_mb = fields.Integer(required=True)
    max_files = fields.Integer(required=True)
    service_days = fields.Integer(required=True)
    appeal_days = fields.Integer(required=True)
    window_is_short = fields.Boolean(required=True)
    warnings = fields.List(fields.String(), required=True)
    areas = fields.List(fields.Nested(ThematicAreaOut), required=True)
    revision = fields.Integer(required=True, metadata={"description": "Grows with every change; see ETag."})
