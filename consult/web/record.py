"""The audit record as a page: who (by number and role) did what to which thing, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from sqlalchemy import select

from consult.audit import AuditEntry
from consult.db import session
from consult.fields import optional_number
from consult.permissions import Can, require
from consult.web.identity import actor
from consult.web.paging import decode, paged

blueprint = Blueprint("record", __name__)

ROWS = 50


@blueprint.get("/audit")
def entries() -> str:
    """Entries, narrowed by subject and act. Accounts are numbers here: names stay out of the record."""
    require(actor(), Can.READ_AUDIT)
    asked = {name: request.args.get(name, "").strip()[:80] for name in ("subject", "number", "act")}
    after = decode(request.args.get("cursor"), 1)
    page = paged(
        _found(asked, optional_number(str(after[0])) if after else None), ROWS, lambda entry: (entry.id,)
    )
    filters = {name: value for name, value in asked.items() if value}
    return render_template(
        "record.html",
        entries=page.items,
        asked=asked,
        filtered=bool(filters),
        next_href=f"/audit?{urlencode({**filters, 'cursor': page.next})}" if page.next else None,
        first_href=f"/audit?{urlencode(filters)}" if after else None,
    )


def _found(asked: dict[str, str], before: int | None) -> Sequence[AuditEntry]:
    """At most one entry more than a page. An act may be given in part: `submission.` is all of them."""
    wanted = select(AuditEntry)
    if asked["subject"]:
        wanted = wanted.where(AuditEntry.subject_type == asked["subject"])
    if asked["number"]:
        number = optional_number(asked["number"].upper().removeprefix("S-"))
        wanted = wanted.where(AuditEntry.subject_id == (-1 if number is None else number))
    if asked["act"]:
        wanted = wanted.where(AuditEntry.act.startswith(asked["act"], autoescape=True))
    if before is not None:
        wanted = wanted.where(AuditEntry.id < before)
    return session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(ROWS + 1)).all()
