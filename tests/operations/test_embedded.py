"""The embedded servers: started, shared, killed, recovered, stopped, and clear about what is wrong."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from consult import embedded, embedded_place
from consult.embedded import Services, ServicesUnavailable, ensure
from consult.embedded_host import command_of, kept_number, wait_until
from consult.embedded_postgres import Postgres
from consult.embedded_redis import Redis

REPOSITORY = Path(__file__).parents[2]
USER = """
import sys
from pathlib import Path
from consult.embedded import ensure
services = ensure(Path(sys.argv[1]))
print(services.database_url, services.redis_url, flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A data folder that any user may reach, so that root keeps the servers in it."""
    folder = Path(tempfile.mkdtemp(prefix="consult-embedded-")).resolve()
    folder.chmod(0o755)
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def services(data_dir: Path) -> Iterator[Services]:
    found = ensure(data_dir)
    yield found
    found.release()


def sql(services: Services, query: str) -> Any:
    assert services.database_url
    with psycopg.connect(services.database_url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]


def queue(services: Services) -> redis.Redis:
    assert services.redis_url
    return redis.Redis.from_url(services.redis_url, decode_responses=True)


def pids(services: Services) -> tuple[int | None, int | None]:
    folder = services.folder
    return kept_number(folder / "postgres/data/postmaster.pid"), kept_number(folder / "redis/redis.pid")


def alive(services: Services) -> list[bool]:
    return [pid is not None and command_of(pid) is not None for pid in pids(services)]


def another_process(data_dir: Path) -> tuple[subprocess.Popen[str], str]:
    """A process that uses the services until it is told to end; and the addresses it was given."""
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(data_dir)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_commits_are_durable_and_the_role_is_no_superuser(services: Services) -> None:
    shown = {
        name: sql(services, f"SHOW {name}")
        for name in ("fsync", "synchronous_commit", "jit", "max_connections")
    }
    assert shown == {"fsync": "on", "synchronous_commit": "on", "jit": "off", "max_connections": "200"}
    assert sql(services, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert sql(services, "SELECT lower('ÉŁǄ')") == "éłǆ"  # the built-in locale knows Unicode
    assert queue(services).config_get("append*")["appendfsync"] == "always"


def test_passwords_are_needed_and_kept_private(services: Services) -> None:
    assert services.redis_url
    open_address = f"redis://{services.redis_url.rpartition('@')[2]}"
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(open_address).ping()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://consult:wrong@{services.database_url.rpartition('@')[2]}")  # type: ignore[union-attr]
    for name in (
        "postgres/password.consult",
        "postgres/password.postgres",
        "redis/password",
        "redis/redis.conf",
    ):
        assert stat.S_IMODE((services.folder / name).stat().st_mode) == 0o600
    assert str(services.database_url).split(":")[2].split("@")[0] not in repr(services)


def test_a_second_process_shares_them_and_the_last_stops_them(data_dir: Path) -> None:
    process, given = another_process(data_dir)
    ours = ensure(data_dir)
    assert given == f"{ours.database_url} {ours.redis_url}"
    assert "running already" in " ".join(ours.notes)
    process.communicate("\n")
    assert alive(ours) == [True, True]
    ours.release()
    ours.release()
    assert alive(ours) == [False, False]


def test_a_killed_user_leaves_servers_that_the_next_one_takes_over(data_dir: Path) -> None:
    process, given = another_process(data_dir)
    process.kill()
    process.communicate()
    ours = ensure(data_dir)
    assert given == f"{ours.database_url} {ours.redis_url}"
    ours.release()
    assert alive(ours) == [False, False]


def test_a_forked_child_does_not_stop_its_parents_servers(services: Services) -> None:
    child = os.fork()
    if child == 0:
        services.release()
        os._exit(0)
    os.waitpid(child, 0)
    assert alive(services) == [True, True]


def test_killed_servers_come_back_with_their_data(services: Services) -> None:
    sql(services, "CREATE TABLE IF NOT EXISTS kept (n int)")
    sql(services, "INSERT INTO kept VALUES (1)")
    before = sql(services, "SELECT count(*) FROM kept")
    queue(services).set("kept", "yes")
    for pid in pids(services):
        assert pid
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: alive(services) == [False, False], 5)
    again = services.revive()
    assert (again.database_url, again.redis_url) == (services.database_url, services.redis_url)
    assert sql(again, "SELECT count(*) FROM kept") == before
    assert queue(again).get("kept") == "yes"
    assert again.revive() is again


def test_a_pid_file_that_names_another_program_and_a_taken_port(data_dir: Path) -> None:
    first = ensure(data_dir)
    first.release()
    pid_file = first.folder / "postgres/data/postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1\n5432\n")
    (first.folder / "redis/redis.pid").write_text(f"{os.getpid()}\n")
    with socket.create_server(("127.0.0.1", int((first.folder / "postgres/port").read_text()))):
        second = ensure(data_dir)
        assert second.database_url != first.database_url
        assert sql(second, "SELECT 1") == 1
        second.release()


def test_only_what_is_asked_for(data_dir: Path) -> None:
    found = ensure(data_dir, postgres=False)
    assert found.database_url is None
    assert found.redis_url is not None
    assert alive(found) == [False, True]
    found.release()


def test_commits_that_may_be_lost_are_refused(services: Services, data_dir: Path) -> None:
    sql(services, "ALTER ROLE consult SET synchronous_commit = off")
    try:
        with pytest.raises(ServicesUnavailable, match=r"synchronous_commit off.*ALTER ROLE"):
            ensure(data_dir)
    finally:
        sql(services, "ALTER ROLE consult RESET synchronous_commit")
    assert alive(services) == [True, True]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets folders that the servers' user may not enter")
def test_root_in_a_private_folder_keeps_them_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "system").mkdir()
    elsewhere = Path(tempfile.mkdtemp(prefix="consult-system-"))
    elsewhere.chmod(0o711)
    monkeypatch.setattr(embedded_place, "SYSTEM_FOLDERS", (tmp_path / "system", elsewhere))
    private = tmp_path / "My checkout"
    private.mkdir(mode=0o700)
    tmp_path.chmod(0o700)
    found = ensure(private / "var", redis=False)
    assert found.folder.parent == elsewhere
    assert found.folder.name.startswith("consult-my-checkout-")
    assert f"lie in {found.folder}" in found.notes[0]
    assert sql(found, "SELECT 1") == 1
    assert stat.S_IMODE(tmp_path.stat().st_mode) == stat.S_IMODE(private.stat().st_mode) == 0o700
    found.release()
    # Opening the folder later must not hide the data.
    assert embedded_place.settle(private / "var").folder == found.folder
    shutil.move(private, tmp_path / "moved")
    with pytest.raises(ServicesUnavailable, match="moved or copied"):
        embedded_place.settle(tmp_path / "moved" / "var")
    shutil.rmtree(elsewhere)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another user")
def test_root_takes_over_what_root_copied(data_dir: Path) -> None:
    ensure(data_dir).release()
    for part in [data_dir / "postgres", *(data_dir / "postgres").rglob("*")]:
        os.chown(part, 0, 0)
    again = ensure(data_dir)
    assert sql(again, "SELECT 1") == 1
    again.release()


def refusal(data_dir: Path, **wanted: bool) -> str:
    with pytest.raises(ServicesUnavailable) as caught:
        ensure(data_dir, **wanted)
    return str(caught.value)


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    assert "DATA_DIR" in refusal(tmp_path / "var")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(embedded_place.shutil, "disk_usage", lambda _: usage(1, 1, 0))
    assert "Make room" in refusal(tmp_path / "var")


def test_programs_that_are_missing(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_BIN", "/nonexistent")
    monkeypatch.setenv("REDIS_SERVER", "/nonexistent")
    assert "POSTGRES_BIN" in refusal(data_dir, redis=False)
    assert "REDIS_SERVER" in refusal(data_dir, postgres=False)
    monkeypatch.delenv("POSTGRES_BIN")
    monkeypatch.delenv("REDIS_SERVER")
    for module in ("consult.embedded_postgres", "consult.embedded_redis"):
        monkeypatch.setattr(f"{module}.find_spec", lambda _: None)
        monkeypatch.setattr(f"{module}.shutil.which", lambda _: None)
    assert "set DATABASE_URL" in refusal(data_dir, redis=False)
    assert "set REDIS_URL" in refusal(data_dir, postgres=False)


def test_data_of_another_version(data_dir: Path) -> None:
    ensure(data_dir, redis=False).release()
    version = data_dir / "postgres/data/PG_VERSION"
    ours = version.read_text()
    version.write_text("13\n")
    try:
        assert "made by PostgreSQL 13" in refusal(data_dir, redis=False)
    finally:
        version.write_text(ours)


def test_a_broken_server_tells_its_last_words(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(embedded.Postgres.start.__globals__["SETTINGS"], "shared_buffers", "nonsense")
    said = refusal(data_dir, redis=False)
    assert "shared_buffers" in said
    assert "The whole log is" in said


def test_nobody_is_left_running(data_dir: Path) -> None:
    place = embedded_place.settle(data_dir)
    assert Postgres(place).pid() is None
    assert Redis(place).pid() is None
