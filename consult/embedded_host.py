"""What the machine offers the embedded services: users, processes, ports, locks, plain errors."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"


class ServicesUnavailable(Exception):
    """The database or the queue cannot be had. The text says what is wrong and, after it, the mend."""

    def __init__(self, wrong: str, mend: str) -> None:
        super().__init__(f"{wrong} {mend}")
        self.wrong, self.mend = wrong, mend


@dataclass(frozen=True)
class Runner:
    """The system user that owns and runs the services. PostgreSQL refuses root: root steps down."""

    uid: int
    gid: int
    name: str
    steps_down: bool

    def run(self, *argv: str | Path, timeout: float = 180) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as this user, with a bare environment, in a folder open to all.

        Raises ServicesUnavailable when it cannot be executed or does not end in `timeout` seconds.
        """
        who: dict[str, Any] = {}
        if self.steps_down:
            who = {"user": self.uid, "group": self.gid, "extra_groups": []}
        try:
            return subprocess.run(
                [str(part) for part in argv],
                # PG* and LC_* of the caller would reach initdb and libpq.
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout,
                start_new_session=True,
                check=False,
                **who,
            )
        except subprocess.TimeoutExpired as fault:
            raise ServicesUnavailable(
                f"{argv[0]} did not end within {timeout:.0f} seconds.",
                "See what burdens the machine, then try again.",
            ) from fault
        except OSError as fault:
            raise ServicesUnavailable(
                f"{argv[0]} cannot be run as the user {self.name} ({fault.strerror}).",
                "Run as a normal user, or set DATABASE_URL and REDIS_URL to servers of your own.",
            ) from fault

    def reaches(self, folder: Path) -> bool:
        """Whether this user may enter a folder; asked of the system, which knows of ACLs and mounts."""
        return self.run("/bin/sh", "-c", 'cd "$1" 2>/dev/null', "sh", folder).returncode == 0

    def executes(self, program: Path) -> bool:
        """Whether this user may run a program."""
        return self.run("/bin/sh", "-c", 'exec "$1" --version 2>/dev/null', "sh", program).returncode == 0

    def folder(self, path: Path) -> Path:
        """Make a folder that only this user may enter; take it over if root copied it there."""
        path.mkdir(mode=0o700, exist_ok=True)
        if self.steps_down and path.stat().st_uid != self.uid:
            for part in [path, *path.rglob("*")]:
                os.chown(part, self.uid, self.gid, follow_symlinks=False)
        path.chmod(0o700)
        return path

    def write(self, path: Path, text: str) -> None:
        """Write a file that only this user may read, whole or not at all."""
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            if self.steps_down:
                os.fchown(file.fileno(), self.uid, self.gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def command_of(pid: int) -> str | None:
    """The command line of a living process; None when there is none, or when only its zombie is left.

    Where process 1 does not reap (many containers), a killed server stays a zombie for ever, and
    `kill(pid, 0)` takes it for alive.
    """
    proc = Path("/proc") / str(pid)
    if Path("/proc/self").exists():
        try:
            if proc.joinpath("stat").read_text(errors="replace").rpartition(")")[2].split()[0] in "ZX":
                return None
            return proc.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (OSError, IndexError):
            return None
    shown = subprocess.run(
        ["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return shown[1].strip() if len(shown) == 2 and not shown[0].startswith("Z") else None


def kept_number(path: Path, line: int = 1) -> int | None:
    """The whole number that a line of a file begins with (a pid, a port), or None."""
    try:
        found = re.match(r"\d+", path.read_text().splitlines()[line - 1])
    except (OSError, IndexError):
        return None
    return int(found[0]) if found else None


def free_port(remembered: int | None, first: int) -> int:
    """A loopback port nobody listens on: the remembered one if still free, else the next from `first`.

    Stays under the range from which systems take ports for outgoing connections, so that the port is free
    again at the next start.
    """
    kept: list[int] = [remembered] if remembered else []
    for port in kept + list(range(first, first + 200)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise ServicesUnavailable(
        f"No free port between {first} and {first + 199} on {LOOPBACK}.",
        "End what listens there, or set DATABASE_URL and REDIS_URL to servers of your own.",
    )


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Ask every few milliseconds; False when time runs out."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


# What a server's log says -> what is wrong, and the mend; {folder} is where the server keeps its files.
KNOWN_WORDS = {
    "could not create shared memory": (
        "the system lends it no shared memory",
        "Raise kernel.shmmni or kernel.shmall.",
    ),
    "shared memory block": ("an earlier server still uses its data", "End that server, then try again."),
    "No space left on device": ("the disk is full", "Make room on the disk of {folder}."),
    "Disk quota exceeded": ("the disk quota is used up", "Make room for {folder}."),
    "Read-only file system": ("its disk is read-only", "Set DATA_DIR to a folder that can be written."),
    "Cannot allocate memory": ("the machine lacks free memory", "End other programs, then try again."),
    "ddress already in use": ("another program snatches its port", "Try again."),
    "reading the append only file": (
        "its append-only file is damaged",
        "Move {folder} aside: the queue is filled again from the database.",
    ),
    "wrong ownership": ("its data belong to another user", "Hand {folder} to the user who runs this."),
    "could not look up effective user": (
        "this user has no name on this system",
        "Add it to /etc/passwd, or run as another user.",
    ),
    "GLIBC": ("its programs need a newer system", "Set DATABASE_URL and REDIS_URL to servers of your own."),
}


def refuse(name: str, said: str, log: Path) -> ServicesUnavailable:
    """Turn a server's last words into a sentence with a mend."""
    for words, (wrong, mend) in KNOWN_WORDS.items():
        if words in said:
            return ServicesUnavailable(f"{name} does not start: {wrong}.", mend.format(folder=log.parent))
    last = " / ".join(line.strip() for line in said.strip().splitlines()[-4:]) or "it said nothing"
    return ServicesUnavailable(f"{name} does not start: {last}", f"The whole log is {log}.")


@contextmanager
def locked(path: Path, seconds: float = 200) -> Iterator[None]:
    """Hold a folder's start lock: one process at a time starts or stops services."""
    descriptor = open_lock(path)
    try:
        if not wait_until(lambda: try_lock(descriptor, exclusive=True), seconds):
            raise ServicesUnavailable(
                f"Another process has been starting or stopping the services for {seconds:.0f} seconds.",
                f"Find it with `fuser {path}`, end it, then try again.",
            )
        yield
    finally:
        os.close(descriptor)


def open_lock(path: Path) -> int:
    """Open a lock file for flock, also one that another user made."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError:
        return os.open(path, os.O_RDONLY)


def try_lock(descriptor: int, *, exclusive: bool) -> bool:
    """Take or convert an advisory lock without waiting; False when others stand in the way."""
    if sys.platform == "win32":
        raise ServicesUnavailable(
            "Embedded services are not made for Windows.",
            "Use WSL, or set DATABASE_URL and REDIS_URL to servers of your own.",
        )
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
