"""What every template may use: filters, gettext, addresses of static files, and who is looking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, request, session
from markupsafe import Markup

from consult import i18n
from consult.prose import markdown
from consult.web import filters
from consult.web.identity import actor
from consult.web.navigation import navigation


def _choose_locale() -> None:
    wanted = session.get("language") or actor().language if actor().is_signed_in else session.get("language")
    available = i18n.available_locales()
    i18n.use_locale(wanted or request.accept_languages.best_match(available) or "en")


def _context() -> dict[str, Any]:
    locale = i18n.current_locale()
    return {
        "actor": actor(),
        "locale": locale,
        "direction": i18n.direction(locale),
        "nav": navigation(actor(), request.path),
    }


def register(app: Flask) -> None:
    """Install filters, globals and gettext in the template environment."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.trim_blocks = environment.lstrip_blocks = True
    filters.install(environment)
    environment.filters["markdown"] = lambda text: Markup(markdown(text))  # noqa: S704 - sanitised in prose.py
    static = Path(app.static_folder or "static")
    # A changed file gets a new address, so that browsers may keep the old one for good.
    stamps = {path: int(path.stat().st_mtime) for path in static.rglob("*") if path.is_file()}

    @app.url_defaults
    def _stamp(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            stamp = stamps.get(static / values["filename"])
            if stamp:
                values["v"] = stamp

    app.before_request(_choose_locale)
    app.context_processor(_context)
