"""Finds the corpora that quality is measured on; they are not part of the repository."""

from __future__ import annotations

import csv
from pathlib import Path

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "data"
ABSENT = "the corpora are not at ../shared/data: nothing measured"


def corpus(name: str) -> Path:
    """Where the corpus `name` (a path below ../shared/data) is or would be."""
    return CORPORA / name


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV corpus. Raises FileNotFoundError where it is absent."""
    with corpus(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
