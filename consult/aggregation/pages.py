"""What everybody may see of a consultation's outcome: who has spoken on what, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from consult.aggregation import downloads, queries, report_pages, schemas, summary_pages
from consult.aggregation.coverage import coverage
from consult.aggregation.coverage_view import MEASURES, bars, picture
from consult.aggregation.dimensions import Audience, keys, objective_name
from consult.aggregation.excerpts import Excerpt, Piece, excerpts, opening
from consult.aggregation.inputs import Filters, area_ids, count_of, input_of, inputs
from consult.aggregation.shown import Input, paragraphs_of
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.errors import Invalid
from consult.fields import optional_number
from consult.i18n import current_locale
from consult.languages import language_name
from consult.places import country_name
from consult.vocabulary import Dimension, Region, StakeholderGroup
from consult.web.forms import load
from consult.web.identity import actor, open_to_all
from consult.web.paging import decode, paged
from consult.wording import options

blueprint = Blueprint("aggregation", __name__)
blueprints = [blueprint, report_pages.blueprint, summary_pages.blueprint]

ROWS = 20


@blueprint.get("/consultations/<slug>/coverage")
@open_to_all
def show_coverage(slug: str) -> Any:
    """The table of any two dimensions, shaded, with its totals and a picture of them."""
    found = consultations.consultation(actor(), slug)
    given = {name: request.args[name] for name in ("rows", "columns") if request.args.get(name)}
    chosen = load(schemas.CoverageArgs(), given)
    measure = request.args.get("count", "")
    measure = measure if measure in MEASURES else MEASURES[0]
    context = {
        "consultation": found,
        "values": {**chosen, "count": measure},
        "dimensions": options(Dimension),
        "counts": queries.tally(found.id),
        "is_secretariat": downloads.audience(found) == Audience.SECRETARIAT,
    }
    try:
        table = coverage(found, chosen["rows"], chosen["columns"], audience=downloads.audience(found))
    except Invalid as fault:
        return render_template("aggregation/coverage.html", **context, errors=fault.fields), fault.status
    cells = [cell for line in table.lines for cell in line]
    return render_template(
        "aggregation/coverage.html",
        **context,
        errors={},
        table=picture(table, found, measure),
        bars=bars(table, found, measure),
        has_hidden=any(cell.suppressed for cell in cells),
        has_complementary=any(cell.complementary for cell in cells),
    )


@blueprint.get("/consultations/<slug>/inputs")
@open_to_all
def list_inputs(slug: str) -> str:
    """Accepted input, narrowed by words and filters."""
    found = consultations.consultation(actor(), slug)
    given = {name: value for name in schemas.FilterArgs().fields if (value := request.args.get(name))}
    wanted = schemas.filters(load(schemas.FilterArgs(), given))
    after = decode(request.args.get("cursor"), 1)
    before = optional_number(str(after[0])) if after else None
    page = paged(inputs(found, wanted, before=before, limit=ROWS + 1), ROWS, lambda one: (one.id,))
    here = url_for(".list_inputs", slug=slug)
    total = count_of(found, wanted)
    return render_template(
        "aggregation/inputs.html",
        consultation=found,
        is_secretariat=downloads.audience(found) == Audience.SECRETARIAT,
        rows=list(zip(page.items, _lines(found, page.items, wanted), strict=True)),
        values=given,
        total=total,
        next_href=f"{here}?{urlencode({**given, 'cursor': page.next})}" if page.next else None,
        first_href=f"{here}?{urlencode(given)}" if before else None,
        **_choices(found),
    )


@blueprint.get("/consultations/<slug>/inputs/<reference>")
@open_to_all
def show_input(slug: str, reference: str) -> str:
    """One input as readers see it, every paragraph with its number."""
    found = consultations.consultation(actor(), slug)
    one = input_of(found, reference)
    paragraphs = paragraphs_of([one])[one.version_id]
    return render_template(
        "aggregation/input.html",
        consultation=found,
        one=one,
        parts=[
            (area, [paragraph for paragraph in paragraphs if paragraph.area_id == area.id])
            for area in found.areas
            if area.id in one.areas
        ],
        country=country_name(one.country, current_locale()) if one.country else None,
        language=language_name(one.language, current_locale()),
    )


def _lines(found: Consultation, page: Any, wanted: Filters) -> list[list[Excerpt]]:
    """What a list shows of each input: the lines that were searched for, or how it begins."""
    if wanted.q:
        hits = excerpts(page, wanted.q, area_ids(found, wanted))
        return [hits.get(one.version_id, []) for one in page]
    held = paragraphs_of(page)
    return [[_beginning(one, held)] if held[one.version_id] else [] for one in page]


def _beginning(one: Input, held: Mapping[int, Any]) -> Excerpt:
    first = held[one.version_id][0]
    text = opening(first.disclosed_text)
    return Excerpt(first.number, [Piece(text if text == first.disclosed_text else f"{text} …")])


def _choices(found: Consultation) -> dict[str, Any]:
    """The options of every filter, and the names that the list uses."""
    locale = current_locale()
    objectives = sorted({number for area in found.areas for number in area.objectives})
    return {
        "areas": [(area.code, area.name) for area in found.areas],
        "titles": {area.id: area.name for area in found.areas},
        "groups": options(StakeholderGroup),
        "regions": options(Region),
        "objectives": [(number, objective_name(found, number)) for number in objectives],
        "languages": list(keys(Dimension.LANGUAGE, found, ())),
        "country_name": lambda code: country_name(code, locale),
        "language_name": lambda tag: language_name(tag, locale),
    }
