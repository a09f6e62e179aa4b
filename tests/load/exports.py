"""Exports beside COPY of the same columns, their memory, and XLSX beside its library."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from consult import db
from consult.actor import PUBLIC
from consult.aggregation.exports.workbook import write_xlsx
from consult.aggregation.stream import _statement
from consult.consultations.queries import consultation
from tests.aggregation.exports.samples import MOMENT, many
from tests.aggregation.exports.test_speed import bare_xlsx, cells, rate
from tests.load.reading import prepared
from tests.load.settings import ROWS
from tests.load.stand import Stand, plain
from tests.load.table import Row
from workers.children import REPOSITORY

SIZE = "" if ROWS >= 700_000 else f"{ROWS:,} submissions"
SHEET = 4_000  # records of the XLSX comparison


def rows(stand: Stand) -> list[Row]:
    """Records a second of CSV, the highest memory of each form, and XLSX beside bare XlsxWriter."""
    url, slug = prepared(stand)
    bare = _copy(stand, url, slug)
    found = {form: _child(stand, url, slug, form) for form in ("csv", "parquet")}
    csv = found["csv"]
    return [
        Row(
            f"export CSV of {csv['records']:,} records",
            csv["records"] / csv["seconds"],
            "/s",
            least=0.5,
            of_ratio=True,
            beside=csv["records"] / bare,
            beside_what="COPY",
            size=SIZE,
            facts=found,
        ),
        *(
            Row(f"export {form.upper()}: highest memory", figures["peak_mb"], "MB", most=150, size=SIZE)
            for form, figures in found.items()
        ),
        _workbook(stand.folder),
    ]


def _copy(stand: Stand, url: str, slug: str) -> float:
    """Seconds of `COPY (the same columns) TO STDOUT`, into a file."""
    stand.app_on(url)
    number = consultation(PUBLIC, slug).id
    statement = str(
        _statement(number, False).compile(dialect=db.engine().dialect, compile_kwargs={"literal_binds": True})
    )
    db.session.remove()
    with psycopg.connect(plain(url)) as connection, (stand.folder / "copy.csv").open("wb") as file:
        start = time.perf_counter()
        command = f"copy ({statement}) to stdout (format csv)".encode()
        with connection.cursor().copy(command) as copy:
            for chunk in copy:
                file.write(chunk)
        return time.perf_counter() - start


def _child(stand: Stand, url: str, slug: str, form: str) -> dict[str, Any]:
    path = stand.folder / f"export.{form}"
    said = subprocess.run(
        [sys.executable, "-m", "tests.load.exporting", slug, form, str(path)],
        cwd=REPOSITORY,
        env=stand.environment(stand.config(url)),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(said.stdout)
    found["bytes"] = path.stat().st_size
    path.unlink()
    return found


def _workbook(folder: Path) -> Row:
    records = list(many(SHEET))
    plainly = [cells(record) for record in records]
    path = folder / "inputs.xlsx"
    ours = rate(lambda: write_xlsx(path, records, [], [], moment=MOMENT), len(records))
    bare = rate(lambda: bare_xlsx(path, plainly), len(records))
    return Row(
        f"export XLSX of {SHEET:,} records",
        ours,
        "/s",
        least=0.8,
        of_ratio=True,
        beside=bare,
        beside_what="XlsxWriter",
    )
