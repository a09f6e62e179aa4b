"""HTML door: an agreement under review, part by part, with where each part was read."""

from __future__ import annotations

from flask import Blueprint, render_template

from consult.instruments.loader import instrument
from consult.web.identity import open_to_all

blueprint = Blueprint("instruments", __name__)


@blueprint.get("/instruments/<string:code>")
@open_to_all
def show(code: str) -> str:
    """Everything that consultations on this agreement refer to."""
    found = instrument(code)
    at_tables = {number for table in found.round_tables for number in table.objectives}
    return render_template(
        "instruments/show.html",
        instrument=found,
        elsewhere=[objective for objective in found.objectives if objective.number not in at_tables],
        addresses=_addresses(found.code),
    )


def _addresses(code: str) -> list[str]:
    """Every address that a part of the agreement was read at, once, in alphabetical order."""
    found = instrument(code)
    parts = [found, *found.principles, *found.objectives, *found.round_tables, *found.thematic_sessions]
    parts += [*found.stakeholder_categories, *found.review, *found.forums, *found.regions]
    return sorted({source.address for part in parts for source in part.sources if "://" in source.address})


blueprints = [blueprint]
