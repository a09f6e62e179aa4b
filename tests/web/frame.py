"""The template environment of the product without its doors: pages without a database."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from consult.web import display, headers, identity

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TEMPLATES = ROOT / "consult" / "templates"


def frame() -> Flask:
    """A bare application with the product's templates, static files, CSRF and security headers."""
    app = Flask("consult", static_folder=str(STATIC), root_path=str(TEMPLATES.parent))
    app.config["SECRET_KEY"] = "for this test"
    # A missing name is a mistake in a template; the gallery is where it shows.
    app.jinja_env.undefined = StrictUndefined
    identity.login_manager.init_app(app)
    CSRFProtect(app)
    display.register(app)
    headers.register(app)
    return app
