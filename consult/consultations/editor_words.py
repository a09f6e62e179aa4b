"""The names of the editor's fields, so that a summary of messages says which is meant."""

from __future__ import annotations

from collections.abc import Mapping

from consult.i18n import gettext as _


def named(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same messages, each opening with its field's name: "Area 2, Objectives: …"."""
    return {
        field: [f"{name}: {message}" if (name := _name(field)) else message for message in messages]
        for field, messages in errors.items()
    }


def _name(field: str) -> str:
    first, _dot, rest = field.partition(".")
    if first != "areas" or not rest:
        return _names().get(field, "")
    place, _dot, part = rest.partition(".")
    return _("Area %(number)s, %(part)s", number=int(place) + 1, part=_names().get(part, part))


def _names() -> dict[str, str]:
    return {
        "title": _("Title"),
        "instrument": _("Agreement under review"),
        "slug": _("Address"),
        "mandate": _("Mandate"),
        "summary": _("Summary"),
        "guidance": _("Guidance"),
        "time_zone": _("Time zone"),
        "opens_at": _("Opens"),
        "closes_at": _("Closes"),
        "deadline_reason": _("Reason, if the deadline moves"),
        "service_days": _("Days to answer"),
        "appeal_days": _("Days to appeal"),
        "languages": _("Languages of input"),
        "other_languages": _("Other languages"),
        "groups": _("Only these stakeholder groups may write"),
        "accepted_files": _("Kinds of file"),
        "max_files": _("Most files"),
        "max_file_mb": _("Most megabytes in a file"),
        "areas": _("Thematic areas"),
        "code": _("Code"),
        "short_title": _("Short title"),
        "description": _("Description"),
        "objectives": _("Objectives"),
        "questions": _("Guiding questions"),
        "word_limit": _("Word limit"),
    }
