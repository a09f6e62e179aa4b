"""Puts the house together: settings, database, doors."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from consult import cli, db
from consult.config import Config
from consult.logs import configure_logs
from consult.services import with_services
from consult.storage import Storage
from consult.web import api, development, display, general, headers, health, identity, limits, problems

ROOT = Path(__file__).parent.parent

FEATURES = ("accounts", "instruments", "consultations", "submissions", "moderation", "aggregation")

csrf = CSRFProtect()


class Consult(Flask):
    """Flask whose every request is one transaction, committed before the answer leaves."""

    def dispatch_request(self) -> Any:
        with db.transaction() as session:
            response = self.make_response(super().dispatch_request())
            # A form that came back has undone its own act (a savepoint); what else failed goes whole.
            if response.status_code >= 400 and not g.get("undone"):
                session.rollback()
        return response


def create_app(config: Config | None = None) -> Flask:
    """The application. Without `config`, settings come from the environment.

    Where no DATABASE_URL is set, PostgreSQL and Redis are started (or found running) under `data_dir`.
    """
    config = config or Config.from_env()
    app = Consult("consult", static_folder=str(ROOT / "static"), root_path=str(Path(__file__).parent))
    config = with_services(config)
    configure_logs(config.log_format)
    _settle(app, config)
    db.configure(cast(str, config.database_url))
    app.extensions["consult"] = config
    app.extensions["storage"] = Storage(config.storage_url)
    _stand_guard(app, config)
    _open_doors(app)
    cli.register(app)
    app.teardown_appcontext(lambda _fault: db.forget())
    return app


def _stand_guard(app: Flask, config: Config) -> None:
    """Everything that looks at a request before its view does, in order."""
    health.register(app)
    problems.register(app)
    identity.register(app)
    limits.register(app, config)
    csrf.init_app(app)
    display.register(app)
    headers.register(app)


def _settle(app: Flask, config: Config) -> None:
    secure = config.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=config.secret_key,
        BASE_URL=config.base_url,
        TRUSTED_HOSTS=trusted_hosts(config.base_url, config.host),
        # A browser takes a `__Host-` cookie only over https; a laptop has none.
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_JSON=4_000_000,
        MAX_CONTENT_LENGTH=60_000_000,
        MAX_FORM_MEMORY_SIZE=4_000_000,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_CHECK_DEFAULT=False,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]


def trusted_hosts(base_url: str, listening: str) -> list[str] | None:
    """Names under which requests may come: another `Host` could put its own into links that we write.

    None (any name) where the server was told no name, only to listen on every address or on one of IPv6.
    """
    named = urlsplit(base_url).hostname or ""
    if named in ("", "0.0.0.0") or ":" in named:  # noqa: S104
        return None
    return list(dict.fromkeys((named, listening, "localhost", "127.0.0.1")))


def _open_doors(app: Flask) -> None:
    described = api.register(app)
    development.register(app)
    general.register(app)
    for feature in FEATURES:
        for door in ("pages", "api"):
            name = f"consult.{feature}.{door}"
            if find_spec(name) is None:
                continue
            for blueprint in import_module(name).blueprints:
                if door == "api":
                    described.register_blueprint(blueprint)
                else:
                    app.register_blueprint(blueprint)
    app.before_request(_guard_forms)


def _guard_forms() -> None:
    """CSRF for whatever a cookie authorises; a bearer token cannot be sent by another site's form."""
    if not identity.uses_token():
        csrf.protect()
