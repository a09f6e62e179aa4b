"""What the kernel knows of running programs: their children, processor time and memory (Linux, /proc)."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the state on; None when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def children() -> dict[int, list[int]]:
    """Parent -> children, of every living process."""
    found: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) and fields[0] not in "ZX":
            found[int(fields[1])].append(int(entry.name))
    return found


def family(pid: int) -> list[int]:
    """The process and everything below it."""
    known, found = children(), [pid]
    for one in found:
        found += known.get(one, [])
    return found


def command(pid: int) -> str:
    """The command line, or nothing when the process is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time that these processes have used so far, with that of children they have buried."""
    used = 0
    for pid in pids:
        if fields := _stat(pid):
            used += sum(int(value) for value in fields[11:15])
    return used / TICKS


def exact_cpu_seconds(pids: Iterable[int]) -> float:
    """The same to the nanosecond, of threads that live: where a tick is too coarse."""
    used = 0
    for pid in pids:
        for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                used += int(path.read_text().split()[0])
            except OSError:
                continue
    return used / 1e9


def memory_mb(pid: int, which: str = "VmRSS") -> float:
    """Resident memory in MB (`VmHWM`: its highest so far); 0 when the process is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(f"{which}:")), 0.0)


def forget_highest(pid: int) -> None:
    """Let `VmHWM` begin anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
