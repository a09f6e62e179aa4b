"""Pages for a laptop: the mail that was written to disk, and the pattern gallery."""

from __future__ import annotations

from email import message_from_bytes, policy

from flask import Blueprint, Flask, current_app, render_template

from consult.config import Config
from consult.errors import Missing
from consult.mail import written_messages
from consult.web import gallery as gallery_content
from consult.web.identity import open_to_all

blueprint = Blueprint("development", __name__, url_prefix="/dev")


@blueprint.get("/mail")
@open_to_all
def mail() -> str:
    """Messages written to `data_dir/mail`, newest first. Absent where mail really leaves."""
    config: Config = current_app.extensions["consult"]
    messages = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in written_messages(config.data_dir)
    ]
    return render_template("development/mail.html", messages=messages)


@blueprint.get("/gallery")
@open_to_all
def gallery() -> str:
    return render_template("gallery.html", **gallery_content.content())


@blueprint.before_request
def _only_in_the_demonstration() -> None:
    config: Config = current_app.extensions["consult"]
    if not config.demo or config.smtp_url:
        raise Missing


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
