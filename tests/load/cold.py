"""From a copy of the sources to the first page by `make run`, packages cached; and once more."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.load.stand import Stand
from tests.load.table import NotMeasured, Row
from workers.children import REPOSITORY

WITHIN = 240.0


def rows(_stand: Stand) -> list[Row | NotMeasured]:
    """Seconds to the first page: with an environment to be made, and with one that is there."""
    folder = Path(tempfile.mkdtemp(prefix="consult-cold-"))
    folder.chmod(0o755)
    try:
        _copy(folder / "consult")
        first, again = (_first_page(folder / "consult") for _each in range(2))
    finally:
        _remove(folder)
    return [
        Row("`make run` from nothing, packages cached: first page", first, "s", most=60),
        Row("`make run` once more: first page", again, "s"),
    ]


def _copy(target: Path) -> None:
    """What is under version control, as it is now."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, names):
        if (REPOSITORY / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target / name)


def _first_page(checkout: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DATA_DIR"}
    }
    start = time.monotonic()
    with (checkout / "log").open("wb") as log:
        running = subprocess.Popen(
            ["make", "run"],
            cwd=checkout,
            env={**kept, "PORT": str(port)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        while not _answers(port):
            if running.poll() is not None or time.monotonic() > start + WITHIN:
                raise RuntimeError((checkout / "log").read_text()[-300:])
            time.sleep(0.1)
        return time.monotonic() - start
    finally:
        # make passes nothing on: the stack is told itself.
        os.killpg(running.pid, signal.SIGINT)
        running.wait(60)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _remove(folder: Path) -> None:
    """With what root's services had to keep elsewhere."""
    pointer = folder / "consult" / "var" / "services-elsewhere.txt"
    if pointer.exists():
        shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
