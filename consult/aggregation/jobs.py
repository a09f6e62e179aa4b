"""What a worker does for the aggregate."""

from __future__ import annotations

from consult.aggregation.building import build
from consult.config import Config
from consult.storage import Storage


def build_report(report_id: int) -> None:
    """Build every file of a report; commits its own steps, and can be run again from anywhere."""
    build(report_id, Storage(Config.from_env().storage_url))
