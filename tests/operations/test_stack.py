"""The supervisor: children that die come back, children that will not end are ended, a taken port is told."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consult.config import Config
from consult.embedded_host import command_of, wait_until
from workers.children import Child, Voice
from workers.queues import QUEUES
from workers.stack import Stack, Told, programs, run_stack

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
SETTINGS = Config(
    database_url="postgresql://x", redis_url="redis://x", data_dir=Path("var"), secret_key="x" * 16
)


@pytest.fixture
def told() -> Iterator[Told]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield Told()
    for number, handler in kept.items():
        signal.signal(number, handler)


def child(program: str) -> Child:
    return Child("child", [sys.executable, "-c", program], dict(os.environ), Voice("console"))


def alive(one: Child) -> bool:
    return one.process is not None and command_of(one.process.pid) is not None


def test_a_killed_child_comes_back_after_longer_and_longer_pauses(capfd: pytest.CaptureFixture[str]) -> None:
    one = child("import time; time.sleep(60)")
    pauses = []
    for _ in range(2):
        one.tend()
        assert alive(one)
        assert one.process
        os.kill(one.process.pid, signal.SIGKILL)
        one.process.wait()
        one.tend()
        assert one.process is None
        pauses.append(one.due - time.monotonic())
        one.due = 0
    assert pauses[0] < pauses[1] < 1.1
    assert "child ended (-9); it starts again in 0.5 s." in capfd.readouterr().out


def test_the_pause_has_an_end(capfd: pytest.CaptureFixture[str]) -> None:
    one = child("raise SystemExit(3)")
    one.failures = 50
    one.tend()
    assert one.process
    one.process.wait()
    one.tend()
    assert "ended (3); it starts again in 10 s." in capfd.readouterr().out


def test_stopping_ends_also_who_will_not_listen(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.stack.PATIENCE", 0.2)
    monkeypatch.setattr("workers.stack.LAST_PATIENCE", 0.2)
    stack = Stack(SETTINGS, dict(os.environ), None, told, Voice("json"))
    stack.children = [child(STUBBORN), child("import time; time.sleep(60)")]
    for one in stack.children:
        one.tend()
    time.sleep(0.3)
    stack.stop()
    assert not any(alive(one) for one in stack.children)


def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux ends children with their parent")
    program = (
        "import os, sys; from workers.children import start;"
        "print(start(['sleep', '60'], dict(os.environ)).pid, flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    pid = int(os.popen(f'"{sys.executable}" -c "{program}"').read())
    assert wait_until(lambda: command_of(pid) is None, 5)


def test_a_signal_is_heard_and_counted(told: Told) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    assert wait_until(lambda: told.times == 1, 1)


def test_a_taken_port_is_told_with_its_mend(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run_stack(replace(SETTINGS, port=port)) == 1
    assert (
        f"Port {port} is taken by another program. Choose another one: PORT={port + 1}"
        in capsys.readouterr().out
    )


def test_one_queue_a_worker_process() -> None:
    found = programs(replace(SETTINGS, workers=2, host="::1"))
    workers = [argv[-2:] for name, argv in found.items() if name.startswith("worker")]
    assert sorted(workers) == sorted(["run", queue] for queue in QUEUES for _ in range(2))
    assert "[::1]:8000" in found["web"]
