"""Runs the examination of an uploaded file in a process of its own, and ends it at its limits."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from consult.submissions.intake.filenames import clean_filename
from consult.submissions.intake.inspection import inspect
from consult.submissions.intake.verdicts import FileVerdict

__all__ = ["LIMITS", "FileVerdict", "Limits", "clean_filename", "examine_in_subprocess", "inspect"]

# -I: no environment, no user's packages, no current folder; -S: nothing that packages run at start. The
# search path is handed over and put behind the standard library, so that nothing can take its place.
_BOOT = (
    "import sys, json; sys.path += [p for p in json.loads(sys.argv[1]) if p not in sys.path]; "
    "from consult.submissions.intake.confined import main; main()"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one examination may use: seconds of the processor and of the clock each, and bytes of memory."""

    seconds: int = 10
    memory: int = 512 * 1024 * 1024


LIMITS = Limits()


def examine_in_subprocess(
    path: Path, filename: str, accepted: Sequence[str], limits: Limits = LIMITS
) -> FileVerdict:
    """`inspect` in a process without network, environment or leave to write, killed at `limits`.

    Never raises for anything the file contains: a parser that hangs, swells or dies is a refusal.
    """
    order = {"path": str(path.resolve()), "filename": filename, "accepted": list(accepted), **asdict(limits)}
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _BOOT, json.dumps(_search_path())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            answer, _ = process.communicate(json.dumps(order).encode(), timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return _refusal(path, filename, "too_slow", limits)
    if process.returncode == -signal.SIGXCPU:
        return _refusal(path, filename, "too_slow", limits)
    if process.returncode == -signal.SIGKILL:  # not by us: the system ran out of memory
        return _refusal(path, filename, "too_heavy", limits)
    try:
        return FileVerdict(**json.loads(answer))
    except (ValueError, TypeError):
        return _refusal(path, filename, "unexamined", limits)


def _search_path() -> list[str]:
    """Where this package and its libraries are found; relative entries would mean another folder there."""
    root = str(Path(__file__).resolve().parents[3])
    return [root, *(entry for entry in sys.path if entry != root and Path(entry).is_absolute())]


def _refusal(path: Path, filename: str, reason: str, limits: Limits) -> FileVerdict:
    size = path.stat().st_size if path.exists() else 0
    facts: dict[str, str | int] = {"seconds": limits.seconds} if reason == "too_slow" else {}
    return FileVerdict(False, clean_filename(filename), size, reason=reason, facts=facts)
