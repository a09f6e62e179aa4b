"""A peer that files one item: isso, a comment server with moderation, where one is installed (BENCH_ISSO)."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

from tests.load.client import drive, post
from tests.load.settings import CLIENTS, ISSO, SECONDS, WARM_UP
from tests.load.stand import STARTED_WITHIN, WEB_PROCESSES, Stand
from tests.load.writers import prose
from workers.stack import THREADS

_SETTINGS = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
[moderation]
enabled = true
[guard]
enabled = false
[hash]
algorithm = none
"""


def isso(stand: Stand) -> float | None:
    """Comments a second on the same kind of server, with the same clients; None where it is not installed.

    BENCH_ISSO names a Python that can import isso and gunicorn.
    """
    if not ISSO:
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (stand.folder / "isso.cfg").write_text(_SETTINGS.format(folder=stand.folder, port=port))
    running = subprocess.Popen(
        [
            ISSO, "-m", "gunicorn", "isso.run", "--bind", f"127.0.0.1:{port}", "--log-level", "warning",
            "--workers", str(WEB_PROCESSES), "--worker-class", "gthread", "--threads", str(THREADS),
            "--no-control-socket",
        ],
        cwd=stand.folder,
        env={**os.environ, "ISSO_SETTINGS": str(stand.folder / "isso.cfg")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _await(port, running)
        address = ("127.0.0.1", port)
        comments = _comments(port)
        drive(address, comments, clients=CLIENTS, most=WARM_UP)
        outcome = drive(address, comments, clients=CLIENTS, seconds=max(5, SECONDS // 2))
        assert set(outcome.statuses) <= {201, 202}, (outcome.statuses, outcome.sample)
        return outcome.rate
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


def _comments(port: int) -> Iterator[bytes]:
    chance = random.Random(6)
    headers = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}"}
    texts = [" ".join(prose(chance) for _each in range(8)) for _text in range(50)]
    while True:
        page = f"/new?uri=%2Fpage-{chance.randrange(1000)}"
        # With a title it does not look for one at the address.
        body = {"text": chance.choice(texts), "author": "Somebody", "title": "A page", "parent": None}
        yield post(page, headers, json.dumps(body).encode())


def _await(port: int, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + STARTED_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if running.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.1)
