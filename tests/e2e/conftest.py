"""The whole house with its demonstration, started as an operator starts it, and a browser before it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request
from sqlalchemy import make_url

from consult import db, embedded
from consult.demonstration.cast import PASSWORD

ROOT = Path(__file__).parents[2]
READY_WITHIN = 90
# Test processes that run side by side each have a house of their own.
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
DATABASE = f"consult_e2e_{PROCESS}"

SignedIn = Callable[..., Page]


@pytest.fixture(scope="session")
def site(
    browser: Browser, services: embedded.Services, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a running installation of these tests' own."""
    folder, port = tmp_path_factory.mktemp("house"), _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": _own_database(services),
        "REDIS_URL": f"{services.redis_url}/{10 + PROCESS}",
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "DEMO": "1",
        "WEB_PROCESSES": "1",
    }
    with (folder / "log").open("wb") as log:
        stack = subprocess.Popen(
            [sys.executable, "-m", "workers", "stack"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}", stack, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            stack.send_signal(signal.SIGTERM)
            stack.wait(30)


def _own_database(services: embedded.Services) -> str:
    assert services.database_url
    assert services.superuser_url
    owner = make_url(services.database_url).username
    with psycopg.connect(services.superuser_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"drop database if exists {DATABASE} with (force)")
        connection.execute(f"create database {DATABASE} owner {owner}")
    url = make_url(services.database_url).set(database=DATABASE)
    plain = url.render_as_string(hide_password=False)
    db.migrate(plain)
    return plain.replace("+psycopg", "")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_until_ready(address: str, stack: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if stack.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
                said = answer.read()
                # The letters of the demonstration stand in the queue before what a test files.
                if b'"worker":"ok"' in said and b'"open_promises":0' in said:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"The house did not come up within {READY_WITHIN} s:\n{log.read_text()[-3000:]}")


@pytest.fixture
def page_of(browser: Browser, site: str) -> Iterator[SignedIn]:
    """`page_of(email, javascript=True, width=1280)`: a page on which that person is signed in."""
    opened: list[BrowserContext] = []

    def open_page(email: str | None = None, *, javascript: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=site,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            accept_downloads=True,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if email is not None:
            page.goto("/sign-in")
            page.get_by_label("E-mail address").fill(email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("main").get_by_role("button", name="Sign in").click()
            page.wait_for_load_state()
            assert "/sign-in" not in page.url, page.locator("main").inner_text()
        return page

    yield open_page
    for context in opened:
        context.close()


@contextmanager
def nothing_foreign(page: Page, site: str) -> Iterator[None]:
    """Within the block no request leaves for another host, and no script fails."""
    foreign: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((site, "data:", "blob:")):
            foreign.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda fault: foreign.append(f"script error: {fault}"))
    yield
    page.remove_listener("request", note)
    assert foreign == []
