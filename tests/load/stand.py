"""The measuring stand: services of its own, scratch databases, a real web server, bare pgbench."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import make_url

from consult import db, embedded
from consult.app import create_app
from consult.config import Config
from consult.embedded_postgres import _programs
from tests.load import processes
from workers.children import start
from workers.stack import LEAN, healthy, programs

SECRET = "a secret for measurements only, never used elsewhere"
WEB_PROCESSES = 2
STARTED_WITHIN = 60.0


def plain(url: str) -> str:
    """The address as psycopg and PostgreSQL's own programs take it."""
    return url.replace("+psycopg", "")


@dataclass(frozen=True)
class Web:
    """A running gunicorn, as `make run` starts it."""

    config: Config
    pid: int

    @property
    def address(self) -> tuple[str, int]:
        return self.config.host, self.config.port

    def processes(self) -> list[int]:
        return processes.family(self.pid)


@dataclass(frozen=True)
class Bench:
    """What pgbench found: transactions a second and, of each, its milliseconds."""

    rate: float
    milliseconds: list[float]


class Stand:
    """Holds the services until `close()`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="consult-bench-"))
        self.folder.chmod(0o755)  # PostgreSQL steps down from root and must come in
        self.services = embedded.ensure(self.folder)

    def close(self) -> None:
        db.session.remove()
        self.services.release()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.services.folder != self.folder:
            shutil.rmtree(self.services.folder, ignore_errors=True)

    # databases

    def scratch(self, name: str) -> str:
        """The address of a migrated, empty database; a second call empties it."""
        database = f"bench_{name}"
        owner = make_url(str(self.services.database_url)).username
        db.session.remove()
        with psycopg.connect(plain(str(self.services.superuser_url)), autocommit=True) as connection:
            connection.execute(f"drop database if exists {database} with (force)".encode())
            connection.execute(f"create database {database} owner {owner}".encode())
        url = make_url(str(self.services.database_url)).set(database=database)
        address = url.render_as_string(hide_password=False)
        db.migrate(address)
        return address

    def superuser(self, url: str) -> psycopg.Connection:
        """A connection to the same database that may do anything, without transactions."""
        database = make_url(url).database
        whole = make_url(str(self.services.superuser_url)).set(database=database)
        return psycopg.connect(plain(whole.render_as_string(hide_password=False)), autocommit=True)

    def database_processes(self) -> list[int]:
        pid = self.services._use.servers[0].pid()
        return processes.family(pid) if pid else []

    def queue_process(self) -> list[int]:
        pid = self.services._use.servers[1].pid()
        return [pid] if pid else []

    # the application

    def config(self, url: str) -> Config:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        return Config(
            database_url=url,
            redis_url=self.services.redis_url,
            data_dir=self.folder,
            secret_key=SECRET,
            base_url=f"http://127.0.0.1:{port}",
            port=port,
            web_processes=WEB_PROCESSES,
            storage_url=f"file://{self.folder}/files",
        )

    @cached_property
    def _app(self) -> Flask:
        app = create_app(self.config(str(self.services.database_url)))
        app.testing = True
        return app

    def app_on(self, url: str) -> Flask:
        """The application in this process, on this database."""
        app = self._app
        db.configure(url)
        return app

    def environment(self, config: Config) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PG", "SMTP", "STORAGE"))
        }
        return {
            **LEAN,
            **kept,
            "DATABASE_URL": str(config.database_url),
            "REDIS_URL": str(config.redis_url),
            "DATA_DIR": str(config.data_dir),
            "SECRET_KEY": config.secret_key,
            "BASE_URL": config.base_url,
            "LOG_FORMAT": "json",
            "DEMO": "0",
        }

    @contextmanager
    def web(self, url: str) -> Iterator[Web]:
        """A gunicorn as `make run` starts it, on this database; ended at the end."""
        config = self.config(url)
        process = start(programs(config)["web"], self.environment(config))
        try:
            end = time.monotonic() + STARTED_WITHIN
            while not healthy(config):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("the web server did not start")
                time.sleep(0.05)
            yield Web(config, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    # the bare database

    def pgbench(
        self, url: str, script: str, *, clients: int, seconds: int, rate: float | None = None
    ) -> Bench:
        """Run a script's transactions, prepared, for some seconds; `rate` throttles all clients together."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        (folder / "script").write_text(script)
        address = make_url(url)
        said = subprocess.run(
            [
                str(_programs() / "pgbench"), "--no-vacuum", "--protocol=prepared",
                f"--client={clients}", "--jobs=2", f"--time={seconds}", "--file=script", "--log",
                *([f"--rate={rate}"] if rate else []),
                "-h", str(address.host), "-p", str(address.port), "-U", str(address.username),
                str(address.database),
            ],
            cwd=folder,
            env={**os.environ, "PGPASSWORD": str(address.password)},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        found = re.search(r"tps = ([\d.]+)", said.stdout)
        if said.returncode or not found:
            raise RuntimeError(f"pgbench: {said.stderr[-500:]}")
        times = []
        for log in folder.glob("pgbench_log.*"):
            # client, transaction, microseconds, script, epoch, microseconds of it [, lag]
            for line in log.read_text().splitlines():
                fields = line.split()
                times.append((float(fields[2]) - (float(fields[6]) if len(fields) > 6 else 0)) / 1000)
        shutil.rmtree(folder)
        return Bench(float(found[1]), times)
