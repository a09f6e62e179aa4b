"""Examines every part of an installation, and says the mend for what is wrong."""

from __future__ import annotations

import shutil
import smtplib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select, text

from consult.config import Config
from consult.db import session
from consult.heartbeat import Heartbeat
from consult.outbox import Promise
from consult.storage import Storage

LEAST_ROOM = 500_000_000
LONGEST_LAG = timedelta(minutes=2)


@dataclass(frozen=True)
class Examined:
    part: str
    good: bool
    says: str


def examine(config: Config) -> list[Examined]:
    """Every part in turn; one that fails never hides the next."""
    found: list[Examined] = []
    for part, look in PARTS.items():
        try:
            found += [Examined(part, *verdict) for verdict in look(config)]
        except Exception as fault:  # noqa: BLE001 - whatever breaks is what the doctor is for
            session.rollback()
            found.append(Examined(part, False, f"{type(fault).__name__}: {str(fault).splitlines()[0]}"))
    return found


Verdicts = Iterator[tuple[bool, str]]


def _python(_config: Config) -> Verdicts:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)"


def _settings(config: Config) -> Verdicts:
    yield True, f"data in {config.data_dir}, pages at {config.base_url}"
    local = urlsplit(config.base_url).hostname in ("127.0.0.1", "localhost")
    if not local:
        yield config.base_url.startswith("https://"), "BASE_URL should begin with https:// outside a laptop"


def _database(_config: Config) -> Verdicts:
    version = session.execute(text("show server_version_num")).scalar_one()
    yield int(version) >= 140_000, f"PostgreSQL {int(version) // 10_000} answers (14 or newer is needed)"
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        value = session.execute(text(f"show {setting}")).scalar_one()
        yield (
            value != "off",
            f"{setting} is {value}" + ("; turn it on: a receipt must survive a power cut" * (value == "off")),
        )
    encoding = session.execute(text("show server_encoding")).scalar_one()
    yield encoding == "UTF8", f"encoding {encoding}"


def _schema(_config: Config) -> Verdicts:
    # Every process reads this module with the commands, and few migrate.
    from alembic.config import Config as AlembicConfig
    from alembic.script import ScriptDirectory

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    newest = ScriptDirectory.from_config(settings).get_current_head()
    present = session.execute(text("select version_num from alembic_version")).scalar_one_or_none()
    mend = "" if present == newest else "; run `flask --app wsgi migrate`"
    yield present == newest, f"revision {present} of {newest}{mend}"


def _moving_parts(_config: Config) -> Verdicts:
    now = session.execute(select(func.clock_timestamp())).scalar_one()
    beats = {beat.part: beat.at for beat in session.scalars(select(Heartbeat))}
    for part in ("relay", "queue", "worker", "schedule"):
        seen = beats.get(part)
        alive = seen is not None and now - seen < LONGEST_LAG
        mend = "" if alive else "; start it: `python -m workers`, or `make run`"
        yield alive, f"{part} {'seen just now' if alive else 'not seen lately'}{mend}"


def _promises(_config: Config) -> Verdicts:
    now = session.execute(select(func.clock_timestamp())).scalar_one()
    oldest, count = session.execute(
        select(func.min(Promise.due_at), func.count()).where(Promise.done_at.is_(None), Promise.due_at <= now)
    ).one()
    late = oldest is not None and now - oldest > LONGEST_LAG
    yield not late, f"{count} due" + ("; the oldest waits too long: look at relay and workers" * late)
    failing = session.execute(
        select(func.count()).where(Promise.done_at.is_(None), Promise.attempts >= 5)
    ).scalar_one()
    yield failing == 0, f"{failing} failed five times or more (column last_error of table promise)"


def _files(config: Config) -> Verdicts:
    Storage(config.storage_url).check()
    yield True, f"{config.storage_url.split('@')[-1]} can be written and read"


def _room(config: Config) -> Verdicts:
    free = shutil.disk_usage(config.data_dir).free
    yield free > LEAST_ROOM, f"{free // 1_000_000} MB free under the data folder"


def _mail(config: Config) -> Verdicts:
    if not config.smtp_url:
        yield True, f"written to {config.data_dir / 'mail'} (no SMTP_URL)"
        return
    parts = urlsplit(config.smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(
        parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 25), timeout=10
    ) as server:
        yield server.noop()[0] == 250, f"{parts.hostname} answers"


PARTS: dict[str, Callable[[Config], Verdicts]] = {
    "python": _python,
    "settings": _settings,
    "database": _database,
    "schema": _schema,
    "moving parts": _moving_parts,
    "promises": _promises,
    "files": _files,
    "disk": _room,
    "mail": _mail,
}
