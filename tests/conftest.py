"""Real PostgreSQL and Redis for every test; each test in a transaction that is rolled back."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import Engine, event, make_url

from consult import db, embedded
from consult.accounts.models import Account
from consult.app import create_app
from consult.config import Config
from tests.chromium import launched

SECRET = "a secret for tests only, never used elsewhere"


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Services]:
    """PostgreSQL and Redis of this test run, shared by its processes."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"consult-tests-{run}"
    folder.mkdir(mode=0o755, exist_ok=True)
    found = embedded.ensure(folder)
    yield found
    found.release()
    if not (found.folder / "postgres" / "data" / "postmaster.pid").exists():  # the last process has left
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(services: embedded.Services) -> str:
    """A migrated database of this process's own."""
    name = f"consult_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    assert services.database_url
    assert services.superuser_url
    owner = make_url(services.database_url).username
    with psycopg.connect(_plain(services.superuser_url), autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute(f"create database {name} owner {owner}")
    url = _renamed(services.database_url, name)
    db.migrate(url)
    return url


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


def _renamed(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def config(
    services: embedded.Services, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Config:
    data_dir = tmp_path_factory.mktemp("data")
    return Config(
        database_url=database_url,
        redis_url=services.redis_url,
        data_dir=data_dir,
        secret_key=SECRET,
        base_url="http://localhost",
        storage_url=f"file://{data_dir}/files",
        demo=True,
        password_cost=1,
        rate_limits=False,
    )


@pytest.fixture(scope="session")
def application(config: Config) -> Flask:
    app = create_app(config)
    app.testing = True
    return app


@pytest.fixture(autouse=True)
def _rolled_back(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Bind the session to an outer transaction; commits inside become savepoints."""
    if "app" not in request.fixturenames or "committed" in request.fixturenames:
        yield
        return
    request.getfixturevalue("application")
    engine = request.getfixturevalue("test_engine")
    with engine.connect() as connection:
        outer = connection.begin()
        db.session.remove()
        db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
        # The test holds objects of this very session: detaching them would make every assertion a trap.
        monkeypatch.setattr(db, "forget", db.session.expire_all)
        yield
        db.session.remove()
        outer.rollback()
    db.session.configure(bind=engine, join_transaction_mode="conditional_savepoint")


@pytest.fixture(scope="session")
def test_engine(application: Flask, database_url: str) -> object:
    return db.configure(database_url)


@pytest.fixture
def app(application: Flask) -> Flask:
    """The application; asking for it puts the test into a rolled-back transaction.

    No application context is left open: requests would share its `g`, and with it the actor.
    """
    return application


@pytest.fixture
def committed(application: Flask, services: embedded.Services, database_url: str) -> Iterator[Flask]:
    """For tests of several processes or threads: real commits, and an emptied database afterwards."""
    yield application
    db.session.remove()
    server, name = services.superuser_url.rpartition("/")[0], database_url.rpartition("/")[2]
    plain = f"{server}/{name}".replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        # As replica, the append-only trigger of the audit record lets the tests clean up.
        connection.execute("set session_replication_role = replica")
        names = connection.execute(
            "select string_agg(quote_ident(tablename), ',') from pg_tables"
            " where schemaname = 'public' and tablename <> 'alembic_version'"
        ).fetchone()
        connection.execute(f"truncate {names[0]} restart identity")  # type: ignore[index]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in on."""
    return app.test_client()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of this test process: Playwright does not run twice in a thread."""
    with launched() as found:
        yield found


SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def signed_in(app: Flask) -> SignIn:
    """`signed_in(account)`: a browser with that person's session; forms need no CSRF token in it."""

    def browser(account: Account) -> FlaskClient:
        fresh = app.test_client()
        with fresh.session_transaction() as cookie:
            cookie["_user_id"] = f"{account.id}.{account.session_epoch}"
            cookie["_fresh"] = True
        return fresh

    return browser


@pytest.fixture(autouse=True)
def _without_csrf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """CSRF is tried by its own tests (marked `csrf`) and by the browser tests; elsewhere it is off."""
    if "csrf" not in request.keywords:
        monkeypatch.setattr("consult.app.csrf.protect", lambda: None)


@pytest.fixture
def queries(app: Flask) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """`with queries() as seen:` gathers the statements that the block sends (savepoints left out)."""

    @contextlib.contextmanager
    def watching() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
                seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return watching
