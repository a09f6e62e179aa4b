"""Builds a report: every file from one moment of the database, kept whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import select

from consult import db
from consult.actor import SYSTEM
from consult.aggregation import queries
from consult.aggregation.edition import Edition, edition
from consult.aggregation.exports.manifest import FileEntry
from consult.aggregation.models import Report, ReportFile
from consult.aggregation.report_files import STEPS, write_files
from consult.aggregation.snapshot import apart, snapshot
from consult.audit import record
from consult.db import session
from consult.i18n import gettext as _
from consult.storage import Storage
from consult.vocabulary import ReportState

log = structlog.get_logger(__name__)


def build(report_id: int, storage: Storage) -> None:
    """Build a report unless it is ready; one whose building was interrupted is begun again.

    What can be told in a sentence (no room for the files, say) ends the report as failed. Anything else is
    raised too, so that the promise is tried again. Records `report.built` or `report.failed`.
    """
    consultation_id = _begin(report_id)
    if consultation_id is None:
        return
    try:
        with TemporaryDirectory(prefix="consult-report-") as folder:
            gathered, files = _written(report_id, consultation_id, Path(folder))
            for file in files:
                storage.keep(Path(folder) / file.name, file.sha256)
            _finish(report_id, gathered, files)
    except OSError as fault:
        log.exception("report_not_kept", report=report_id)
        _fail(
            report_id,
            _("The files could not be written: %(why)s.", why=fault.strerror or type(fault).__name__),
        )
    except Exception:
        _fail(report_id, _("Something unforeseen stopped the building; it is tried again by itself."))
        raise


def _begin(report_id: int) -> int | None:
    with apart(), db.transaction():
        report = _locked(report_id)
        if report is None or report.state == ReportState.READY:
            return None
        report.state, report.progress, report.step, report.failure = ReportState.BUILDING, 0, "", ""
        return report.consultation_id


def _locked(report_id: int) -> Report | None:
    return session.scalars(
        select(Report).where(Report.id == report_id).with_for_update(of=Report)
    ).one_or_none()


def _written(report_id: int, consultation_id: int, folder: Path) -> tuple[Edition, Sequence[FileEntry]]:
    def tell(done: int, step: str) -> None:
        with apart(), db.transaction():
            report = session.get_one(Report, report_id)
            report.progress, report.step = done, step

    with snapshot() as as_of:
        gathered = edition(queries.consultation_again(consultation_id), as_of)
        return gathered, write_files(report_id, gathered, folder, tell)


def _finish(report_id: int, gathered: Edition, files: Sequence[FileEntry]) -> None:
    with apart(), db.transaction():
        report = _locked(report_id)
        if report is None or report.state == ReportState.READY:
            return
        for file in files:
            session.add(ReportFile(report_id=report.id, **file._asdict()))
        report.state, report.progress, report.step = ReportState.READY, STEPS, ""
        report.as_of, report.finished_at = gathered.as_of, _now()
        report.counts = {
            **gathered.counts._asdict(),
            "records": files[0].rows,
            "inputs": len(gathered.summary.individual) + len(gathered.summary.joint),
            "left_out": gathered.left_out,
        }
        record(SYSTEM, "report.built", report, manifest=files[-1].sha256)


def _fail(report_id: int, sentence: str) -> None:
    with apart(), db.transaction():
        report = _locked(report_id)
        if report is None or report.state == ReportState.READY:
            return
        report.state, report.failure, report.finished_at = ReportState.FAILED, sentence, _now()
        record(SYSTEM, "report.failed", report, step=report.step)


def _now() -> datetime:
    return db.clock()
