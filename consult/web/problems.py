"""Every refusal as the reader needs it: problem details for programs, a page for people."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from consult import db
from consult.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    Missing,
    Problem,
    TooLarge,
    TooMany,
    Unavailable,
    Unidentified,
)

log = structlog.get_logger(__name__)

BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (
        Malformed,
        Unidentified,
        Forbidden,
        Missing,
        Conflict,
        TooLarge,
        Invalid,
        TooMany,
        Unavailable,
    )
}


def wants_json() -> bool:
    return request.path.startswith("/api/")


def answer(problem: Problem) -> Any:
    """The response for a Problem: JSON under `/api/`, otherwise a page (or the way to sign in)."""
    db.session.rollback()
    if wants_json():
        response = jsonify(problem.as_dict(f"{current_app.config['BASE_URL']}/problems/"))
        response.status_code, response.mimetype = problem.status, "application/problem+json"
        if isinstance(problem, Unidentified):
            response.headers["WWW-Authenticate"] = 'Bearer realm="consult"'
        return response
    if isinstance(problem, Unidentified):
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=here), 303)
    return Response(render_template("problem.html", problem=problem), problem.status)


def _http(fault: HTTPException) -> Any:
    if isinstance(fault, CSRFError):
        return answer(Malformed("This form has expired or was not ours. Load the page again and repeat."))
    if isinstance(fault, SecurityError):
        # Under a name that is not ours no address can be built, and so no page either.
        return Response("This server is not known by this name.\n", 400, mimetype="text/plain")
    code = fault.code or 500
    if code < 400:
        return fault
    kind = BY_STATUS.get(code)
    problem = kind(fault.description or "") if kind and code != 404 else Missing()
    if kind is None:
        problem = Problem(fault.description or "")
        problem.status, problem.slug, problem.title = code, f"http-{code}", fault.name
    response = answer(problem)
    if code == 405 and getattr(fault, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(fault.valid_methods))  # type: ignore[attr-defined]
    return response


def _database(fault: Exception) -> Any:
    if isinstance(fault, IntegrityError):
        return answer(db.lost_race(fault))
    if isinstance(fault, DataError):
        return answer(Invalid("A value cannot be stored as it is."))
    log.error("database_unavailable", error=type(fault).__name__)
    return answer(Unavailable("The database does not answer. What you filed before stands; try again soon."))


def _unforeseen(fault: Exception) -> Any:
    # The rule, not the address: the latter may hold a link's secret.
    log.exception("unforeseen", rule=str(request.url_rule), method=request.method)
    return answer(Problem())


def register(app: Flask) -> None:
    """One handler for each kind of fault; flask-smorest's own is kept out (see `web/api.py`)."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _http)
    for kind in (IntegrityError, DataError, OperationalError):
        app.register_error_handler(kind, _database)
    app.register_error_handler(Exception, _unforeseen)
