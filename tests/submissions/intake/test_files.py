"""The confined process: same verdicts, no rights, and a clear refusal when it is killed at its limits."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from consult.submissions.intake.files import Limits, clean_filename, examine_in_subprocess
from tests.submissions.intake import made_files as made

ROOT = Path(__file__).resolve().parents[3]
ATTEMPTS = {
    "a socket": "import socket; socket.socket()",
    "a look-up": "import socket; socket.getaddrinfo('localhost', 80)",
    "a program": "import subprocess; subprocess.run(['true'])",
    "a shell": "os.system('true')",
    "a fork": "os.fork()",
    "a new file": "open('/tmp/consult-must-not-exist', 'w')",
    "a removal": "os.remove('/tmp/consult-must-not-exist')",
    "foreign code": "import ctypes; ctypes.CDLL(None)",
}


def upload(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


def test_an_honest_file(tmp_path: Path) -> None:
    verdict = examine_in_subprocess(upload(tmp_path, made.real_docx()), "../é.docx", ["docx"])
    assert (verdict.accepted, verdict.kind, verdict.filename) == (True, "docx", "é.docx")


def test_a_pdf(tmp_path: Path) -> None:
    assert examine_in_subprocess(upload(tmp_path, made.pdf()), "a.pdf", ["pdf"]).accepted


def test_a_program_that_calls_itself_a_document(tmp_path: Path) -> None:
    verdict = examine_in_subprocess(upload(tmp_path, b"MZ" + bytes(600)), "report.docx", ["docx"])
    assert verdict.reason == "program"
    assert verdict.sentence == "This is a program, whatever its name says. Programs are never accepted."


def test_a_file_that_takes_too_long(tmp_path: Path) -> None:
    path = upload(tmp_path, made.word())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/long.xml", b"<a>" + b"<a/>" * 8_000_000 + b"</a>")
    started = time.monotonic()
    verdict = examine_in_subprocess(path, "a.docx", ["docx"], Limits(seconds=1))
    assert verdict.reason == "too_slow"
    assert "1 seconds" in verdict.sentence
    assert time.monotonic() - started < 4


def test_a_file_that_needs_too_much_memory(tmp_path: Path) -> None:
    path = upload(tmp_path, b"a " * 40_000_000)
    verdict = examine_in_subprocess(path, "a.txt", ["txt"], Limits(memory=150 * 1024 * 1024))
    assert verdict.reason == "too_heavy"
    assert verdict.sentence


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_rights_that_are_given_up(attempt: str) -> None:
    code = (
        "import os, sys; from consult.submissions.intake.confined import confine\n"
        "confine(5, 512 * 1024 * 1024)\n"
        f"try:\n    {ATTEMPTS[attempt]}\nexcept PermissionError: sys.exit(42)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 42
    assert not Path("/tmp/consult-must-not-exist").exists()


def test_the_environment_does_not_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = tmp_path / "json.py"
    hostile.write_text("raise SystemExit(9)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), ""])
    monkeypatch.chdir(tmp_path)
    assert examine_in_subprocess(upload(tmp_path, b"text"), "a.txt", ["txt"]).accepted


def test_a_missing_file(tmp_path: Path) -> None:
    assert examine_in_subprocess(tmp_path / "none", "a.pdf", ["pdf"]).reason == "missing"
    assert clean_filename("a/b.pdf") == "b.pdf"
