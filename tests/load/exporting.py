"""Writes one export in a process of its own: `python -m tests.load.exporting SLUG FORM PATH`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from consult import db
from consult.actor import PUBLIC
from consult.aggregation.formats import codes, write_records
from consult.aggregation.snapshot import snapshot
from consult.aggregation.stream import records
from consult.consultations.queries import consultation
from tests.load.processes import memory_mb


def main(slug: str, form: str, path: str) -> None:
    """Read DATABASE_URL, write the file, print seconds, records and the highest memory in MB."""
    db.configure(os.environ["DATABASE_URL"])
    with snapshot() as moment:
        found = consultation(PUBLIC, slug)
        start = time.perf_counter()
        written = write_records(form, Path(path), records(found), codes=codes(found), facts=[], moment=moment)
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "records": written, "peak_mb": memory_mb(os.getpid(), "VmHWM")}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
