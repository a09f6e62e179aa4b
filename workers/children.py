"""A child program that is kept alive, and the voice that tells of it."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

REPOSITORY = Path(__file__).resolve().parent.parent
LONGEST_PAUSE = 10.0  # seconds between two starts of a child that keeps dying
PROVEN = 30.0  # seconds after which a child counts as started well
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Voice:
    """Lines for eyes, or one JSON object a line, on standard output among the children's."""

    def __init__(self, form: str) -> None:
        self.form = form

    def say(self, *lines: str, level: str = "info") -> None:
        for line in lines:
            if self.form == "json":
                if not line:
                    continue
                now = datetime.now(UTC).isoformat(timespec="milliseconds")
                line = json.dumps({"event": line, "level": level, "part": "stack", "timestamp": now})
            with suppress(OSError):  # a terminal that went away must not keep us from stopping cleanly
                print(line, flush=True)


class Child:
    """One program that is started again whenever it ends, after longer and longer pauses."""

    def __init__(self, name: str, argv: Sequence[str], environment: dict[str, str], voice: Voice) -> None:
        self.name, self.argv, self.environment, self.voice = name, argv, environment, voice
        self.process: subprocess.Popen[bytes] | None = None
        self.failures = 0
        self.started = self.due = 0.0

    def tend(self) -> None:
        """Start it when it is due; notice that it ended."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.process, self.started = start(self.argv, self.environment), now
        elif self.process.poll() is not None:
            # A killed gunicorn leaves processes that hold the port.
            self.kill_group()
            self.failures = 0 if now - self.started > PROVEN else self.failures + 1
            pause = min(LONGEST_PAUSE, 0.25 * 2**self.failures)
            self.due = now + pause
            code, self.process = self.process.returncode, None
            self.voice.say(f"{self.name} ended ({code}); it starts again in {pause:g} s.", level="warning")

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def terminate(self) -> None:
        if self.process:
            self.process.terminate()

    def kill_group(self) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def start(
    argv: Sequence[str], environment: dict[str, str], output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own: the terminal's Ctrl-C reaches us alone.

    What it says goes to `output`, or where we speak ourselves.
    """
    return subprocess.Popen(
        argv,
        env=environment,
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # safe: this process has no threads
    )


def _end_with_parent() -> None:
    """Ask Linux to end this child if we are killed: orphans would hold the port."""
    if _libc:
        _libc.prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
