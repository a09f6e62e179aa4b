"""marshmallow fields for values that every feature meets; what cannot be stored is refused at the door."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from consult.i18n import gettext as _
from consult.languages import language_tag
from consult.places import country_code

# C0 controls besides tab and line ends: PostgreSQL refuses NUL, readers' programs choke on the rest.
_UNWANTED = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


class Strict(Schema):
    """Unknown members are refused, so that a misspelt field never vanishes silently."""

    class Meta:
        ordered = True


class Text(fields.String):
    """Text without NUL, control characters or lone surrogates; `most` is a bound in characters."""

    def __init__(self, *, most: int = 1000, least: int = 0, **options: Any) -> None:
        given = options.pop("validate", ())
        checks = [given] if callable(given) else list(given)
        checks.append(validate.Length(min=least, max=most))
        super().__init__(validate=checks, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **more)
        if any(code in _UNWANTED for code in map(ord, set(text))):
            raise ValidationError(_("Control characters cannot be stored; remove them."))
        try:
            text.encode()
        except UnicodeEncodeError as fault:
            raise ValidationError(
                _("Half of a character pair (a lone surrogate) cannot be stored.")
            ) from fault
        return text


class Line(Text):
    """One line of text: surrounding blanks go, line ends are refused."""

    def __init__(self, *, most: int = 300, least: int = 0, **options: Any) -> None:
        super().__init__(most=most, least=least, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more).strip()
        if "\n" in text or "\r" in text or "\t" in text:
            raise ValidationError(_("Write this on one line."))
        if self.required and not text:
            raise ValidationError(_("Fill this in."))
        return text


class Code(fields.String):
    """One word of a closed vocabulary, loaded as the enum's member."""

    def __init__(self, vocabulary: type[StrEnum], **options: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(validate=validate.OneOf([str(word) for word in vocabulary]), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **more)
        return self.vocabulary(text) if text in {str(word) for word in self.vocabulary} else text


class _Spelt(Line):
    """A line that a pure function checks and puts into its usual spelling."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        try:
            return self.spell(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def spell(self, text: str) -> str:
        raise NotImplementedError


class Language(_Spelt):
    """A BCP 47 tag."""

    def spell(self, text: str) -> str:
        return language_tag(text)


class Country(_Spelt):
    """An ISO 3166-1 alpha-3 code."""

    def spell(self, text: str) -> str:
        return country_code(text)


class Moment(fields.AwareDateTime):
    """An RFC 3339 time; without an offset it is refused by JSON and taken as UTC by nobody."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)


def optional_number(text: str | None) -> int | None:
    """A database id from a query string or form; anything that is none gives None."""
    if text and text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    return None
