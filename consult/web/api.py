"""The JSON door's own furniture: problem details, strict arguments, ETags, cursor pages, the description."""

from __future__ import annotations

import http
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlencode

import flask_smorest
from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_smorest.utils import prepare_response
from marshmallow import EXCLUDE, INCLUDE, RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser

from consult.errors import Invalid, Malformed, Stale, TooLarge
from consult.web.forms import flatten, messages_of
from consult.web.identity import open_to_all
from consult.web.paging import MOST, USUAL, Page

View = TypeVar("View", bound=Callable[..., Any])
PROBLEM = "application/problem+json"
# What any route may answer; a route adds its own (`problems`).
EVERYWHERE = (400, 401, 403, 404, 422, 429)


class ProblemOut(Schema):
    """RFC 9457, with `errors` by dotted path of the field."""

    class Meta:
        # RFC 9457, 3.2: a problem may carry members of its own, such as the state that stood in the way.
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class PageArgs(Schema):
    """`limit` and `cursor`, as every list takes them."""

    class Meta:
        unknown = RAISE

    limit = fields.Integer(load_default=USUAL, validate=validate.Range(1, MOST))
    cursor = fields.String(load_default=None, validate=validate.Length(max=400))


class Parser(FlaskParser):
    """webargs that raises our Problems, refuses unknown members and NaN, and does not nest by location."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {
        "json": RAISE,
        "query": RAISE,
        "form": RAISE,
        "headers": EXCLUDE,
        "files": EXCLUDE,
    }

    def handle_error(
        self, error: ValidationError, req: Any, schema: Any, *, error_status_code: Any, error_headers: Any
    ) -> NoReturn:
        messages = messages_of(error)
        inner = next(iter(messages.values())) if len(messages) == 1 else messages
        if not isinstance(inner, Mapping):
            inner = messages
        raise Invalid(fields=flatten(inner))

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body as JSON. Raises Malformed for what is none; an absent body is an empty object."""
        if req.content_length is not None and req.content_length > current_app.config["MAX_JSON"]:
            raise TooLarge(f"A request may hold {current_app.config['MAX_JSON'] // 1_000_000} MB of JSON.")
        data = req.get_data(cache=True)
        if not data.strip():
            return {}
        if not req.is_json:
            raise Malformed("Send JSON, with Content-Type: application/json.")
        try:
            return current_app.json.loads(data, parse_constant=_no_constant)
        except (ValueError, RecursionError) as fault:
            raise Malformed("The body is not valid JSON.") from fault


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


class ApiBlueprint(flask_smorest.Blueprint):
    """A feature's JSON door."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, module: str, description: str) -> None:
        super().__init__(f"api_{name}", module, url_prefix="/api/v1", description=description)
        self._prepare_doc_cbks.append(_document_everywhere)

    def problems(self, *statuses: int) -> Callable[[View], View]:
        """Document the refusals of one route beyond those of every route."""

        def mark(view: View) -> View:
            for status in statuses:
                view = self.alt_response(status, http.HTTPStatus(status).name)(view)
            return view

        return mark


def _document_everywhere(doc: dict[str, Any], doc_info: Any, *, api: Any, **more: Any) -> dict[str, Any]:
    for status in EVERYWHERE:
        doc.setdefault("responses", {}).setdefault(str(status), http.HTTPStatus(status).name)
    return doc


class ConsultApi(flask_smorest.Api):
    """flask-smorest with its own error handlers left out and problem details described."""

    ERROR_SCHEMA = ProblemOut
    # Each refusal is documented by its own status; a catch-all would document anything.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Ours are in `web/problems.py`; smorest's would turn the pages' 404 into JSON."""

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= 400:
                response["schema"] = self.ERROR_SCHEMA
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(status.name, response, lazy=True)


def check_revision(expected: str | None, current: str) -> None:
    """Compare an If-Match header with the current tag. Raises Stale."""
    if expected is None or expected.strip() == "*":
        return
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in expected.split(",")}
    if current not in tags:
        raise Stale("Somebody changed this after you read it. Read it again, then repeat your change.")


def with_etag(response: Response, tag: str) -> Response:
    """Set a strong ETag, and answer 304 to a reader who has this one."""
    response.set_etag(tag)
    response.make_conditional(request)
    return response


def page_of(page: Page[Any], schema: Schema) -> Response:
    """`{"items": […], "next": cursor|null}` with the `Link` header of RFC 8288."""
    response = jsonify({"items": schema.dump(page.items, many=True), "next": page.next})
    if page.next:
        query = {**request.args.to_dict(flat=False), "cursor": page.next}
        response.headers["Link"] = f'<{request.base_url}?{urlencode(query, doseq=True)}>; rel="next"'
    return response


def paged_schema(item: type[Schema]) -> Schema:
    """The description of one page of `item`."""
    name = item.__name__.removesuffix("Out")
    return Schema.from_dict(
        {"items": fields.List(fields.Nested(item), required=True), "next": fields.String(allow_none=True)},
        name=f"{name}Page",
    )()


SETTINGS = {
    "API_TITLE": "Consult",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": None,
    "API_SPEC_OPTIONS": {
        "info": {"description": "Stakeholder input for the follow-up and review of an agreement."},
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
            }
        },
        "security": [{"bearer": []}, {"cookie": []}],
    },
}


def register(app: Flask) -> ConsultApi:
    """Install the API's settings, its description and the page that shows it."""
    app.config.update(SETTINGS)
    api = ConsultApi(app)

    @open_to_all
    def description() -> Response:
        return jsonify(api.spec.to_dict())

    @open_to_all
    def browse(part: str = "operations") -> str:
        return render_template("api.html", spec=api.spec.to_dict(), part=part)

    app.add_url_rule("/api/v1/openapi.json", "openapi_json", description)
    app.add_url_rule("/api/v1/docs", "openapi_docs", browse)
    app.add_url_rule("/api/v1/docs/schemas", "openapi_schemas", browse, defaults={"part": "schemas"})
    return api
