"""A report of many submissions, every file, built by the job that a worker runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

from consult import db
from consult.actor import Actor
from consult.aggregation.actions import request_report
from consult.aggregation.building import build
from consult.aggregation.models import Report
from consult.consultations.models import Consultation
from consult.storage import Storage
from consult.vocabulary import ReportState, Role
from tests import factories as make
from tests.load import synthetic
from tests.load.processes import memory_mb
from tests.load.settings import REPORTED
from tests.load.stand import Stand
from tests.load.table import Row
from workers.children import REPOSITORY


def rows(stand: Stand) -> list[Row]:
    """Seconds until the report is ready, and the highest memory of the process that builds it."""
    url = stand.scratch("report")
    stand.app_on(url)
    with stand.superuser(url) as connection:
        made = synthetic.fill(connection, "call", inputs=REPORTED, organisations=max(20, REPORTED // 20))
    secretariat = make.an_account(Role.SECRETARIAT)
    with db.transaction() as session:
        actor = Actor(account_id=secretariat.id, role=Role.SECRETARIAT)
        asked = request_report(actor=actor, consultation=session.get_one(Consultation, made.id)).id
    db.session.remove()
    config = stand.config(url)
    said = subprocess.run(
        [sys.executable, "-m", "tests.load.report", str(asked), config.storage_url],
        cwd=REPOSITORY,
        env=stand.environment(config),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    assert found["state"] == ReportState.READY, found
    size = "" if REPORTED >= 10_000 else f"{REPORTED:,}"
    return [
        Row(
            f"report of {REPORTED:,} submissions, every file",
            found["seconds"],
            "s",
            most=60,
            size=size,
            facts=found,
        ),
        Row(f"report of {REPORTED:,} submissions: highest memory", found["peak_mb"], "MB"),
    ]


def main(number: str, storage: str) -> None:
    """Build one report of the database at DATABASE_URL and print what it took."""
    db.configure(os.environ["DATABASE_URL"])
    start = time.perf_counter()
    build(int(number), Storage(storage))
    seconds = time.perf_counter() - start
    report = db.session.get_one(Report, int(number))
    figures = {"seconds": seconds, "peak_mb": memory_mb(os.getpid(), "VmHWM"), "counts": report.counts}
    print(
        json.dumps({**figures, "state": report.state, "files": {one.name: one.size for one in report.files}})
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
