"""Forms through the same schemas as JSON: filled in again with each message beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, g, render_template, request
from marshmallow import Schema, ValidationError
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from consult import db
from consult.errors import Invalid, Problem


def load(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """Validate through a schema. Raises Invalid with messages keyed by dotted path."""
    try:
        return schema.load(data)  # type: ignore[no-any-return]
    except ValidationError as fault:
        raise Invalid(fields=flatten(messages_of(fault))) from fault


def messages_of(fault: ValidationError) -> Mapping[Any, Any]:
    """What marshmallow has to say, as it nests it."""
    return fault.normalized_messages()  # type: ignore[no-any-return, no-untyped-call]


def flatten(messages: Mapping[Any, Any], prefix: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages as `{"contributions.0.text": [...]}`."""
    flat: dict[str, list[str]] = {}
    for key, value in messages.items():
        path = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, Mapping):
            flat.update(flatten(value, path))
        else:
            flat[path] = [str(message) for message in (value if isinstance(value, list) else [value])]
    return flat


def form_values(form: MultiDict[str, str], *, several: tuple[str, ...] = ()) -> dict[str, Any]:
    """A submitted form as a flat mapping, line ends as `\\n`; names in `several` become lists.

    The CSRF token is dropped, and so are empty optional fields: a browser sends every field it shows.
    """
    values: dict[str, Any] = {name: form.getlist(name) for name in several}
    for name in form:
        if name not in values and name != "csrf_token":
            values[name] = form[name].replace("\r\n", "\n")
    return values


def page_with_form(
    template: str,
    act: Callable[[], Any],
    *,
    context: Callable[[], Mapping[str, Any]] | Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
) -> Any:
    """Run `act` (which answers with a redirect); on a Problem show the form again.

    The template receives `values` (what was typed) and `errors` (messages by field; "" for the form as a
    whole), with the Problem's status. What `act` did is undone; what the view did before stands. `values`
    replaces what was typed, where the page holds more than the form that was sent.
    """
    try:
        with db.session.begin_nested():
            return act()
    except IntegrityError as fault:
        problem = db.lost_race(fault)
    except Problem as fault:
        problem = fault
    if problem.status in (401, 403, 404):
        raise problem
    g.undone = True
    return form_again(template, problem, context() if callable(context) else context, values)


def form_again(
    template: str, problem: Problem, context: Mapping[str, Any], values: Mapping[str, Any] | None = None
) -> Response:
    """The form as it was typed, with status 422 (or 409, 412 …) and the messages."""
    errors: dict[str, list[str]] = dict(problem.fields)
    if problem.detail or not errors:
        errors.setdefault("", []).append(problem.detail or problem.title)
    page = render_template(
        template, **{**context, "values": {**(values or {}), **request.form}, "errors": errors}
    )
    return Response(page, problem.status)
