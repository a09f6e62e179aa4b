"""Writes what a run found, and on which machine, as JSON under DATA_DIR."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def written(folder: str, lines: list[dict[str, Any]], **facts: Any) -> Path:
    """Write a run's lines and facts as a file of this moment and as `latest.json`; returns the former."""
    target = Path(os.environ.get("DATA_DIR") or "var") / folder
    target.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    content = {"at": now.isoformat(timespec="seconds"), "machine": machine(), **facts, "lines": lines}
    path = target / f"{now:%Y%m%dT%H%M%SZ}.json"
    for one in (path, target / "latest.json"):
        one.write_text(json.dumps(content, indent=1, default=str) + "\n")
    return path


def busy() -> float:
    """The load of the machine before a run; a warning is printed when others are at work."""
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"The machine is busy (load {load:.1f}): figures will be worse than its own.", file=sys.stderr)
    return load


def machine() -> dict[str, Any]:
    """What the figures were taken on, and of which commit they are."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processors": os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "commit": commit,
    }
