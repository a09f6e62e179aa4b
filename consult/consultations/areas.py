"""The thematic areas of a consultation: named, checked against the agreement, brought to what is wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from consult.consultations.models import Consultation, ThematicArea
from consult.i18n import gettext as _
from consult.instruments.models import Instrument

Wanted = Mapping[str, Any]
PLAIN: dict[str, Any] = {
    "short_title": "",
    "description": "",
    "objectives": [],
    "questions": [],
    "word_limit": None,
}


def slug_of(title: str, most: int, otherwise: str) -> str:
    """An address from a title: `Réunion d’Accra` becomes `reunion-d-accra`; `otherwise` for other scripts."""
    letters = (one for one in unicodedata.normalize("NFKD", title) if not unicodedata.combining(one))
    plain = "".join(letters).lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-") or otherwise


def named(wanted: Sequence[Wanted]) -> list[dict[str, Any]]:
    """The same areas, each with a code: its own, or one made from its title."""
    taken = {area["code"] for area in wanted if area.get("code")}
    result = []
    for area in wanted:
        code = area.get("code") or _free(slug_of(area["title"], 36, "area"), taken)
        taken.add(code)
        result.append({**PLAIN, **area, "code": code})
    return result


def _free(code: str, taken: set[str]) -> str:
    number = 2
    candidate = code
    while candidate in taken:
        candidate = f"{code}-{number}"
        number += 1
    return candidate


def faults(wanted: Sequence[Wanted], agreement: Instrument) -> dict[str, list[str]]:
    """What is wrong with the list, by field: codes that repeat, objectives that the agreement has not."""
    found: dict[str, list[str]] = {}
    known = {objective.number for objective in agreement.objectives}
    seen: set[str] = set()
    for position, area in enumerate(wanted):
        if area["code"] in seen:
            found[f"areas.{position}.code"] = [_("Another area has this code.")]
        seen.add(area["code"])
        strange = [str(number) for number in area["objectives"] if number not in known]
        if strange:
            found[f"areas.{position}.objectives"] = [
                _(
                    "The %(agreement)s has no objective %(numbers)s.",
                    agreement=agreement.short_title,
                    numbers=", ".join(strange),
                )
            ]
    return found


def replace(consultation: Consultation, wanted: Sequence[Wanted]) -> bool:
    """Bring the areas to the list; rows are kept by their code. Returns whether anything changed.

    Removing an area under which somebody wrote fails at the next flush, by its foreign key.
    """
    before = {area.code: area for area in consultation.areas}
    old = [_terms(area) for area in consultation.areas]
    new = [
        {name: terms[name] for name in ("code", "title", *PLAIN)} | {"position": position}
        for position, terms in enumerate(wanted, 1)
    ]
    if old == new:
        return False
    kept = []
    for terms in new:
        area = before.get(terms["code"]) or ThematicArea()
        for name, value in terms.items():
            setattr(area, name, value)
        kept.append(area)
    consultation.areas = kept
    return True


def _terms(area: ThematicArea) -> dict[str, Any]:
    return {name: getattr(area, name) for name in ("code", "title", *PLAIN, "position")}
