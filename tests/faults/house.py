"""The whole house in a folder of its own, started as an operator starts it, and where its processes are."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from consult import db, embedded
from consult.config import Config
from tests.load.processes import children, command, family
from tests.load.stand import plain
from workers.children import REPOSITORY
from workers.stack import healthy

READY_WITHIN = 90.0
STOPPED_WITHIN = 40.0


@dataclass
class House:
    """A running `python -m workers stack`, its settings, and its services, which outlive it a little."""

    config: Config
    services: embedded.Services
    stack: subprocess.Popen[bytes]
    log: Path
    folder: Path = field(repr=False)

    @property
    def database(self) -> str:
        return plain(str(self.services.database_url))

    def part(self, words: str) -> int | None:
        """The stack's own child whose command line holds the words."""
        mine = children().get(self.stack.pid, [])
        return next((pid for pid in mine if words in command(pid)), None)

    def web_workers(self) -> list[int]:
        master = self.part("gunicorn")
        return children().get(master, []) if master else []

    def postgres(self) -> int | None:
        return self.services._use.servers[0].pid()

    def backends(self) -> list[int]:
        """PostgreSQL's processes that serve a client of our database."""
        postmaster = self.postgres()
        found = children().get(postmaster, []) if postmaster else []
        return [pid for pid in found if command(pid).startswith("postgres: consult consult ")]

    def redis(self) -> int | None:
        return self.services._use.servers[1].pid()

    def stop_redis(self) -> None:
        """As an operator stops it: cleanly, what is open is written."""
        self.services._use.servers[1].stop()

    def owns(self, pid: int) -> bool:
        """Whether this run started the process."""
        if pid in family(self.stack.pid):
            return True
        services = [one for one in (self.postgres(), self.redis()) if one]
        return any(pid in family(one) for one in services)

    def stop(self) -> None:
        """End the stack as Ctrl-C does, and what does not end then. The services go on."""
        if self.stack.poll() is None:
            self.stack.send_signal(signal.SIGTERM)
        below = family(self.stack.pid)
        try:
            self.stack.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            for pid in below:
                _kill(pid)
            self.stack.wait()


@contextmanager
def running() -> Iterator[House]:
    """A house that answers, with an empty, migrated database; it is ended and its folder removed."""
    folder = Path(tempfile.mkdtemp(prefix="consult-faults-"))
    folder.chmod(0o755)  # PostgreSQL steps down from root and must come in
    services = embedded.ensure(folder)
    try:
        db.migrate(str(services.database_url))
        config = _config(folder, services)
        log = folder / "log"
        with log.open("wb") as written:
            # A session of its own: the terminal's Ctrl-C reaches the run alone, which then ends the stack.
            stack = subprocess.Popen(
                [sys.executable, "-m", "workers", "stack"],
                cwd=REPOSITORY,
                env=_environment(config),
                stdout=written,
                stderr=written,
                start_new_session=True,
            )
        house = House(config, services, stack, log, folder)
        try:
            _await(house)
            yield house
        finally:
            house.stop()
    finally:
        db.session.remove()
        services.release()
        for place in {folder, services.folder}:
            shutil.rmtree(place, ignore_errors=True)


def _config(folder: Path, services: embedded.Services) -> Config:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Config(
        database_url=services.database_url,
        redis_url=services.redis_url,
        data_dir=folder,
        secret_key="a secret for faults only, never used elsewhere",
        base_url=f"http://127.0.0.1:{port}",
        port=port,
        storage_url=f"file://{folder}/files",
    )


def _environment(config: Config) -> dict[str, str]:
    """The stack finds the services by itself, so that it is the one that must revive them."""
    apart = {
        "DATABASE_URL",
        "REDIS_URL",
        "STORAGE_URL",
        "SMTP_URL",
        "DEMO",
        "HOST",
        "WORKERS",
        "WEB_PROCESSES",
    }
    return {
        **{name: value for name, value in os.environ.items() if name not in apart},
        "DATA_DIR": str(config.data_dir),
        "SECRET_KEY": config.secret_key,
        "BASE_URL": config.base_url,
        "PORT": str(config.port),
        "LOG_FORMAT": "json",
    }


def _await(house: House) -> None:
    end = time.monotonic() + READY_WITHIN
    while not healthy(house.config):
        if house.stack.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the house does not answer: {house.log.read_text()[-500:]}")
        time.sleep(0.1)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
