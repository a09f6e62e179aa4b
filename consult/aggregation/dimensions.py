"""What coverage can be counted by: how each dimension is read from a submission, and its codes in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    TableValuedAlias,
    Text,
    cast,
    column,
    func,
    literal_column,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from consult.accounts.models import Organisation
from consult.aggregation.crosstab import Key
from consult.collation import sort_key
from consult.consultations.models import Consultation
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.instruments.loader import instrument
from consult.languages import language_name
from consult.places import country_name
from consult.submissions import disclosure
from consult.submissions.models import Submission, Version
from consult.vocabulary import Dimension, Region, StakeholderGroup
from consult.wording import label

# Stands for "no value that may be shown": a hidden country, an area without objectives.
NONE = ""

Facts = Select[*tuple[Any, ...]]


class Audience(StrEnum):
    """Who reads: the secretariat sees every number, everybody else none that identifies somebody."""

    SECRETARIAT = "secretariat"
    READERS = "readers"


# The areas of a version, and the objectives of each of them: a submission counts once under every one.
_AREAS = func.unnest(Version.areas).table_valued(column("area", BigInteger)).render_derived(name="of_version")
_OBJECTIVE = literal_column("of_area.objective", Integer)


def measured(dimension: Dimension, audience: Audience) -> ColumnElement[str]:
    """The code of a dimension as SQL text, over the tables that `reaching` joins. Areas go by their id."""
    match dimension:
        case Dimension.AREA:
            return cast(_AREAS.c.area, Text)
        case Dimension.OBJECTIVE:
            return func.coalesce(cast(_OBJECTIVE, Text), NONE)
        case Dimension.GROUP:
            return cast(Organisation.stakeholder_group, Text)
        case Dimension.REGION:
            return cast(Organisation.region, Text)
        case Dimension.COUNTRY:
            # Readers must not learn where somebody who asked not to be named lives.
            shown = disclosure.identity_columns()["country"]
            return cast(Organisation.country if audience == Audience.SECRETARIAT else shown, Text)
        case Dimension.LANGUAGE:
            return cast(Version.language, Text)
        case Dimension.MONTH:
            return func.to_char(func.timezone("UTC", Version.received_at), "YYYY-MM")


def reaching(facts: Facts, dimensions: Collection[Dimension], consultation: Consultation) -> Facts:
    """`facts`, over Submission, joined to what these dimensions are read from and to nothing else."""
    if not _OF_BODY.issuperset(dimensions):
        facts = facts.join(Version, disclosure.current_version())
    if not _OF_BODY.isdisjoint(dimensions):
        facts = facts.join(Organisation, Organisation.id == Submission.organisation_id)
    if not {Dimension.AREA, Dimension.OBJECTIVE}.isdisjoint(dimensions):
        facts = facts.join(_AREAS, true())
    if Dimension.OBJECTIVE in dimensions:
        of_area = _objectives_of_areas(consultation)
        facts = facts.join(of_area, of_area.c.area == _AREAS.c.area)
    return facts


def _objectives_of_areas(consultation: Consultation) -> TableValuedAlias:
    """Pairs of area and objective; an area without objectives still counts, with a null."""
    pairs: list[tuple[int, int | None]] = []
    for area in consultation.areas:
        pairs += [(area.id, number) for number in area.objectives] or [(area.id, None)]
    areas = cast([area for area, _number in pairs], ARRAY(BigInteger))
    objectives = cast([number for _area, number in pairs], ARRAY(Integer))
    both = column("area", BigInteger), column("objective", Integer)
    return func.unnest(areas, objectives).table_valued(*both).render_derived(name="of_area")


_OF_BODY = frozenset({Dimension.GROUP, Dimension.REGION, Dimension.COUNTRY})


def keys(dimension: Dimension, consultation: Consultation, found: Iterable[str]) -> list[Key]:
    """The codes of a dimension in the vocabulary's order, named in the reader's language.

    Area, group, region, language and objective show every code that was asked for, so that gaps show; `found`
    adds what was counted beyond that.
    """
    seen = set(found)
    asked = _ASKED[dimension](consultation) if dimension in _ASKED else []
    rest = [code for code in seen if code and code not in asked]
    named = [Key(code, _name(dimension, consultation, code)) for code in [*asked, *_sorted(dimension, rest)]]
    return [*named, Key(NONE, _unnamed(dimension))] if NONE in seen else named


def _areas(consultation: Consultation) -> list[str]:
    return [area.code for area in consultation.areas]


def _groups(consultation: Consultation) -> list[str]:
    return [
        str(group) for group in StakeholderGroup if not consultation.groups or group in consultation.groups
    ]


def _objectives(consultation: Consultation) -> list[str]:
    return [str(number) for number in sorted({n for area in consultation.areas for n in area.objectives})]


_ASKED: dict[Dimension, Callable[[Consultation], list[str]]] = {
    Dimension.AREA: _areas,
    Dimension.GROUP: _groups,
    Dimension.REGION: lambda consultation: [str(region) for region in Region],
    Dimension.LANGUAGE: lambda consultation: list(consultation.languages),
    Dimension.OBJECTIVE: _objectives,
}


def _sorted(dimension: Dimension, codes: Sequence[str]) -> list[str]:
    if dimension == Dimension.COUNTRY:
        locale = current_locale()
        return sorted(codes, key=lambda code: sort_key(country_name(code, locale), locale))
    return sorted(codes, key=lambda code: (len(code), code))


def _name(dimension: Dimension, consultation: Consultation, code: str) -> str:
    match dimension:
        case Dimension.AREA:
            return next((area.name for area in consultation.areas if area.code == code), code)
        case Dimension.GROUP:
            return label(StakeholderGroup(code))
        case Dimension.REGION:
            return label(Region(code))
        case Dimension.COUNTRY:
            return country_name(code, current_locale())
        case Dimension.LANGUAGE:
            return language_name(code, current_locale())
        case Dimension.OBJECTIVE:
            return objective_name(consultation, int(code))
        case Dimension.MONTH:
            return code


def objective_name(consultation: Consultation, number: int) -> str:
    """`5. Regular pathways`; the number alone where the agreement has no such objective."""
    for objective in instrument(consultation.instrument).objectives:
        if objective.number == number:
            return f"{number}. {objective.short_title}"
    return str(number)


def _unnamed(dimension: Dimension) -> str:
    return _("Not shown") if dimension == Dimension.COUNTRY else _("None")
