"""The editor's form as the terms that JSON would bring, and back; messages find their way to its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from consult.consultations.models import FILE_TYPES, Consultation, ThematicArea
from consult.consultations.schemas import MOST_AREAS
from consult.consultations.timetable import GENEVA, local_text, moment_in, time_zones
from consult.errors import Invalid
from consult.i18n import gettext as _
from consult.vocabulary import UN_LANGUAGES

# Empty areas that the form always offers, so that nobody needs JavaScript to add one.
SPARE = 3
PLAIN = ("slug", "instrument", "title", "mandate", "summary", "guidance", "time_zone", "deadline_reason")
NUMBERS = ("max_file_mb", "max_files", "service_days", "appeal_days")
Form = MultiDict[str, str]


@dataclass
class Reading:
    """What a form said: `terms` for the schema, `faults` met on the way, and where each area stood in it."""

    terms: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)

    @contextmanager
    def beside_fields(self) -> Iterator[None]:
        """Within the block, an Invalid raised by schema or action names the form's fields."""
        try:
            yield
        except Invalid as problem:
            raise Invalid(problem.detail, fields=self._renamed(problem.fields)) from problem

    def _renamed(self, messages: Mapping[str, list[str]]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, words in messages.items():
            name = self._field(path)
            found[name] = [*found.get(name, []), *(word for word in words if word not in found.get(name, []))]
        return found | self.faults

    def _field(self, path: str) -> str:
        steps = path.split(".")
        if steps[0] == "areas" and len(steps) > 2:
            return f"areas.{self.places[int(steps[1])]}.{steps[2]}"
        if steps[0] == "languages" and len(steps) > 1:
            return "other_languages"
        return steps[0]


def read(form: Form, stored: Consultation | None = None) -> Reading:
    """The form's terms. Fields that the page did not show are left out; empty new areas are skipped."""
    reading = Reading()
    reading.terms = {name: _text(form, name) for name in PLAIN if name in form}
    if not reading.terms.get("slug"):
        reading.terms.pop("slug", None)
    reading.terms |= {name: _number(form[name]) for name in NUMBERS if form.get(name, "").strip()}
    reading.terms["languages"] = _languages(form)
    reading.terms["groups"] = form.getlist("groups")
    reading.terms["accepted_files"] = form.getlist("accepted_files")
    _read_times(reading, form, stored)
    reading.terms["areas"] = _areas(reading, form)
    return reading


def _text(form: Form, name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _number(text: str) -> int | str:
    """A whole number; anything else is left to the schema's own message."""
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text


def _languages(form: Form) -> list[str]:
    others = re.split(r"[\s,;،]+", form.get("other_languages", ""))
    return list(dict.fromkeys([*form.getlist("languages"), *filter(None, others)]))


def _read_times(reading: Reading, form: Form, stored: Consultation | None) -> None:
    """The two moments, as clocks of the named zone show them.

    A time that was not touched stays to the second: the form shows minutes, and cannot tell the hour that
    comes twice in autumn.
    """
    zone = _text(form, "time_zone") or GENEVA
    for name in ("opens_at", "closes_at"):
        if name not in form:
            continue
        written = _text(form, name)
        if stored and zone == stored.time_zone and written == local_text(getattr(stored, name), zone):
            reading.terms[name] = getattr(stored, name).isoformat()
        elif not written:
            reading.faults[name] = [_("Fill this in.")]
        elif zone not in time_zones():
            reading.faults[name] = [_("Name a time zone first.")]
        else:
            try:
                moment = moment_in(written, zone, closing=name == "closes_at")
                reading.terms[name] = moment.isoformat()
            except ValueError as fault:
                reading.faults[name] = [str(fault)]


WRITTEN = ("code", "title", "short_title", "description", "objectives", "questions", "word_limit")


def _areas(reading: Reading, form: Form) -> list[dict[str, Any]]:
    areas = []
    for place in range(shown_areas(form)):
        prefix = f"areas.{place}"
        area = {name: _text(form, f"{prefix}.{name}") for name in WRITTEN}
        if f"{prefix}.remove" in form or not any(area.values()):
            continue
        reading.places.append(place)
        areas.append(_area(area))
    return areas


def _area(written: dict[str, str]) -> dict[str, Any]:
    limit = written["word_limit"]
    area: dict[str, Any] = {
        "title": written["title"],
        "short_title": written["short_title"],
        "description": written["description"],
        "objectives": [_number(text) for text in re.split(r"[\s,;،]+", written["objectives"]) if text],
        "questions": [line.strip() for line in written["questions"].split("\n") if line.strip()],
        "word_limit": _number(limit) if limit else None,
    }
    return {"code": written["code"], **area} if written["code"] else area


def shown_areas(form: Form) -> int:
    """How many fieldsets the page had; bounded, whatever a forged form says."""
    places = [int(match[1]) for name in form if (match := re.match(r"areas\.([0-9]{1,3})\.", name))]
    return min(max(places, default=-1) + 1, MOST_AREAS + SPARE)


def values_of(consultation: Consultation) -> dict[str, Any]:
    """What the form shows of a consultation: one text for each field."""
    values: dict[str, Any] = {
        name: getattr(consultation, name) for name in (*PLAIN, *NUMBERS) if name != "deadline_reason"
    }
    for name in ("opens_at", "closes_at"):
        values[name] = local_text(getattr(consultation, name), consultation.time_zone)
    values["other_languages"] = ", ".join(tag for tag in consultation.languages if tag not in UN_LANGUAGES)
    for place, area in enumerate(consultation.areas):
        values |= {f"areas.{place}.{name}": text for name, text in _shown(area).items()}
    return values


def new_values() -> dict[str, Any]:
    """What an empty form begins with."""
    return {"time_zone": GENEVA, "max_file_mb": 10, "max_files": 5, "service_days": 10, "appeal_days": 30}


def ticked(form: Form | None, consultation: Consultation | None) -> dict[str, list[str]]:
    """Which boxes are ticked: as sent, as stored, or as usual."""
    if form is not None:
        return {name: form.getlist(name) for name in ("languages", "groups", "accepted_files")}
    if consultation is not None:
        return {name: getattr(consultation, name) for name in ("languages", "groups", "accepted_files")}
    return {"languages": list(UN_LANGUAGES), "groups": [], "accepted_files": list(FILE_TYPES[:3])}


def _shown(area: ThematicArea) -> dict[str, str]:
    return {
        "code": area.code,
        "title": area.title,
        "short_title": area.short_title,
        "description": area.description,
        "objectives": ", ".join(map(str, area.objectives)),
        "questions": "\n".join(area.questions),
        "word_limit": "" if area.word_limit is None else str(area.word_limit),
    }
