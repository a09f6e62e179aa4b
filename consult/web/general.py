"""Pages that belong to no feature: the rules, what each refusal means, the choice of language, the record."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, render_template, request, session

from consult import errors
from consult.errors import Missing, Problem
from consult.i18n import available_locales, current_locale
from consult.languages import language_name
from consult.vocabulary import Publication, Reason
from consult.web import record
from consult.web.identity import open_to_all

blueprint = Blueprint("general", __name__)

KINDS: dict[str, type[Problem]] = {
    kind.slug: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Problem)
}


@blueprint.get("/rules")
@open_to_all
def rules() -> str:
    """How input is handled, for those who write it."""
    return render_template("rules.html", reason=Reason, publication=Publication)


@blueprint.get("/problems")
@open_to_all
def problem_list() -> str:
    return render_template("problems.html", kinds=sorted(KINDS.values(), key=lambda kind: kind.status))


@blueprint.get("/problems/<slug>")
@open_to_all
def problem_kind(slug: str) -> str:
    """What the `type` of a problem answer (RFC 9457) points to."""
    kind = KINDS.get(slug)
    if kind is None and not re.fullmatch(r"http-[45][0-9]{2}", slug):
        raise Missing
    return render_template("problems.html", kinds=[kind] if kind else [], other=None if kind else slug)


@blueprint.route("/language", methods=["GET", "POST"])
@open_to_all
def language() -> Any:
    """Choose the language of the pages: GET offers it (a link changes nothing), POST keeps it."""
    back = safe_path(request.values.get("next"))
    wanted = request.values.get("language", "")
    known = available_locales()
    if request.method == "POST" and wanted in known:
        session["language"] = wanted
        return redirect(back, 303)
    return render_template(
        "language.html",
        back=back,
        chosen=wanted if wanted in known else current_locale(),
        offered=[(code, language_name(code, code)) for code in known],
    )


def safe_path(target: str | None) -> str:
    """A path of this site to go back to; anything that could lead elsewhere becomes the home page."""
    if not target or not target.startswith("/") or re.match(r"/[/\\]", target):
        return "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.isprintable() or "\\" in target:
        return "/"
    return target


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_blueprint(record.blueprint)
