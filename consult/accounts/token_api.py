"""JSON door to one's own account: who am I, and the tokens of my programs."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from consult.accounts import directory, queries, schemas, token_actions
from consult.db import session
from consult.permissions import Can, require
from consult.vocabulary import Scope
from consult.web import identity
from consult.web.api import ApiBlueprint, paged_schema
from consult.web.identity import actor

blueprint = ApiBlueprint("accounts", __name__, "One's own account and its tokens")


@blueprint.route("/me", methods=["GET"])
@blueprint.response(200, schemas.MeOut)
def me() -> dict[str, Any]:
    """The caller's account, role and organisations, and what the token in use may do."""
    who, person = actor(), identity.account()
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "language": person.language,
        "scopes": None if who.scopes is None else [scope for scope in Scope if scope in who.scopes],
        "organisations": directory.places_of(person.id),
    }


@blueprint.route("/tokens", methods=["GET"])
@blueprint.response(200, paged_schema(schemas.TokenOut))
def tokens() -> Response:
    """Tokens that were not revoked, newest first; one page, for an account has few."""
    person = identity.account()
    require(actor(), Can.MANAGE_ACCOUNT, person)
    rows = directory.tokens_of(person.id)
    return jsonify({"items": schemas.TokenOut(many=True).dump(rows), "next": None})


@blueprint.route("/tokens", methods=["POST"])
@blueprint.arguments(schemas.TokenIn)
@blueprint.response(201, schemas.IssuedTokenOut)
@blueprint.problems(409, 413)
def issue(data: dict[str, Any]) -> Response:
    """A new token; `token` is shown in this answer only.

    `Idempotency-Key` is not honoured here: repeating the answer would mean keeping the secret.
    """
    token, secret = token_actions.issue_token(actor=actor(), person=identity.account(), **data)
    session.refresh(token)
    response = jsonify({**schemas.TokenOut().dump(token), "token": secret})
    response.status_code = 201
    return response


@blueprint.route("/tokens/<int:token_id>", methods=["DELETE"])
@blueprint.response(204)
def revoke(token_id: int) -> None:
    """Revoke a token at once."""
    token = queries.account_token(identity.account().id, token_id)
    token_actions.revoke_token(actor=actor(), token=token)
