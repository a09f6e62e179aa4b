"""The inside of the confined process: gives up every right it does not need, then examines one file."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from consult.submissions.intake.filenames import clean_filename
from consult.submissions.intake.inspection import inspect
from consult.submissions.intake.verdicts import FileVerdict

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_BARRED = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "pty.",
    "ctypes.",
)
_MEDDLING = frozenset(
    {
        "os.remove",
        "os.rename",
        "os.mkdir",
        "os.rmdir",
        "os.link",
        "os.symlink",
        "os.chmod",
        "os.chown",
        "os.truncate",
    }
)
_OPEN_FILES = 32


def main() -> None:
    """Read an order (JSON: path, filename, accepted, limits) from stdin, write a verdict to stdout."""
    order = json.loads(sys.stdin.buffer.read())
    confine(order["seconds"], order["memory"])
    try:
        verdict = inspect(Path(order["path"]), order["filename"], order["accepted"])
    except MemoryError:
        verdict = FileVerdict(False, clean_filename(order["filename"]), 0, reason="too_heavy")
    sys.stdout.write(json.dumps(asdict(verdict)))


def confine(seconds: int, memory: int) -> None:
    """Give up network, writing, other programs, and more than `seconds` of processor and `memory` bytes."""
    _leave_network()
    for limit, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        _, most = resource.getrlimit(limit)
        within = amount if most == resource.RLIM_INFINITY else min(amount, most)
        resource.setrlimit(limit, (within, within))
    sys.addaudithook(_guard)


def _leave_network() -> None:
    """Enter an empty network namespace where the system permits it; the audit hook holds in any case."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is not None and unshare(_NEW_NETWORK) != 0:
        unshare(_NEW_USER | _NEW_NETWORK)


def _guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: whatever a parser is talked into, Python will not do these for it."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event in _MEDDLING or event.startswith(_BARRED):
        raise PermissionError(f"{event} is not allowed here")
