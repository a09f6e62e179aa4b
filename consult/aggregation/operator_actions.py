"""What the operator does with the aggregate from the command line: a report now, an export to a file."""

from __future__ import annotations

import os
from pathlib import Path

from consult import db
from consult.actor import SYSTEM
from consult.aggregation import actions, queries
from consult.aggregation.building import build
from consult.aggregation.formats import FORMS, codes, facts, write_records
from consult.aggregation.models import Report
from consult.aggregation.snapshot import apart, snapshot
from consult.aggregation.stream import records
from consult.config import Config
from consult.consultations import queries as consultations
from consult.errors import Invalid
from consult.i18n import gettext as _
from consult.permissions import Can, require
from consult.storage import Storage


def report_now(slug: str, storage: Storage | None = None) -> Report:
    """Build a report in this process, without a worker; one that waits for a worker is taken over.

    Commits by itself. Records `report.requested` and what building records. Raises Missing. Look at the
    report's `state` and `failure`.
    """
    require(SYSTEM, Can.OPERATE)
    with apart(), db.transaction():
        consultation = consultations.consultation(SYSTEM, slug)
        report = queries.running_report(consultation) or actions.new_report(SYSTEM, consultation)
        number = report.id
    build(number, storage or Storage(Config.from_env().storage_url))
    with apart():
        return queries.report(number)


def export_to(slug: str, form: str, path: Path) -> int:
    """Write the current public records of a consultation to a file; returns how many.

    The file appears whole or not at all. Commits by itself. Records `consultation.exported`. Raises Missing,
    Invalid for an unknown format.
    """
    require(SYSTEM, Can.OPERATE)
    if form not in FORMS:
        raise Invalid(fields={"format": [_("Choose one of %(forms)s.", forms=", ".join(FORMS))]})
    with apart(), db.transaction():
        consultation = consultations.consultation(SYSTEM, slug)
        actions.take_export(actor=SYSTEM, consultation=consultation, form=form, restricted=False)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with snapshot() as as_of:
            consultation = queries.consultation_again(consultation.id)
            about = facts(consultation, queries.tally(consultation.id), as_of, restricted=False)
            rows = write_records(
                form,
                unfinished,
                records(consultation),
                codes=codes(consultation),
                facts=about,
                moment=as_of,
            )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows
