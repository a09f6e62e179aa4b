"""Exports beside COPY of the same columns, their memory, and XLSX beside its library."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from consult.aggregation.exports.workbook import write_xlsx
from tests.aggregation.exports.samples import MOMENT, many
from tests.aggregation.exports.test_speed import bare_xlsx, cells, rate
from tests.load.reading import prepared
from tests.load.settings import ROWS
from tests.load.stand import Stand, plain
from tests.load.table import Row
from workers.children import REPOSITORY

SIZE = "" if ROWS >= 700_000 else f"{ROWS:,} submissions"
# The columns of inputs.csv, disclosed as they are there.
COPY = """
copy (
  select r.reference, v.number, p.number, r.reference || ' v' || v.number || ' ¶' || p.number, c.slug,
    t.code, t.title, array_to_string(t.objectives, ';'),
    case when r.named then o.name else '' end, case when r.named then o.id end,
    o.stakeholder_group, case when r.named then o.country else '' end, o.region,
    case when r.named then o.accreditation else '' end, g.names is not null,
    case when r.named then array_to_string(g.names, ';') end, v.language, s.publication, v.title,
    p.disclosed_text, p.words, v.received_at, v.late,
    p.id in (select paragraph_id from redaction where lifted_at is null),
    case when r.named and not v.id in (select hidden.version_id from paragraph hidden
      join redaction on redaction.paragraph_id = hidden.id where lifted_at is null) then v.sha256 else '' end
  from submission s
    join consultation c on c.id = s.consultation_id
    join version v on v.submission_id = s.id and v.number = s.version
    join organisation o on o.id = s.organisation_id
    join paragraph p on p.version_id = v.id
    join thematic_area t on t.id = p.area_id
    left join (select g.submission_id, array_agg(body.name order by g.id) as names from signature g
      join organisation body on body.id = g.organisation_id where g.confirmed_at is not null group by 1) g
      on g.submission_id = s.id,
    lateral (select 'S-' || lpad(s.id::text, 4, '0') as reference, s.publication = 'public' as named) r
  where c.slug = %(slug)s and s.state = 'accepted' and s.publication <> 'restricted'
  order by s.id, p.number
) to stdout (format csv)
"""
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
        Row("export CSV: highest memory", csv["peak_mb"], "MB", most=150, size=SIZE),
        Row("export Parquet: highest memory", found["parquet"]["peak_mb"], "MB"),
        _workbook(stand.folder),
    ]


def _copy(stand: Stand, url: str, slug: str) -> float:
    """Seconds of `COPY (the same columns) TO STDOUT`, into a file."""
    with psycopg.connect(plain(url)) as connection, (stand.folder / "copy.csv").open("wb") as file:
        start = time.perf_counter()
        with psycopg.ClientCursor(connection).copy(COPY.encode(), {"slug": slug}) as copy:
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
