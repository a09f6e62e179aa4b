"""JSON door: the agreements under review."""

from __future__ import annotations

from typing import Any

from consult.instruments.loader import instrument, instruments
from consult.instruments.models import Instrument
from consult.instruments.schemas import InstrumentListSchema, InstrumentSchema
from consult.web.api import ApiBlueprint
from consult.web.identity import open_to_all

blueprint = ApiBlueprint("instruments", __name__, "Agreements under review")


@blueprint.get("/instruments")
@blueprint.response(200, InstrumentListSchema)
@open_to_all
def index() -> dict[str, Any]:
    """Every agreement that this installation reviews; there are few, so there are no pages."""
    return {"items": instruments()}


@blueprint.get("/instruments/<string:code>")
@blueprint.response(200, InstrumentSchema)
@open_to_all
def show(code: str) -> Instrument:
    """Principles, objectives, round tables and every other part, each with its sources."""
    return instrument(code)


blueprints = [blueprint]
