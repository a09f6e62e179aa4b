"""Who is behind this request: a session cookie or a bearer token, turned into an Actor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from consult.accounts import queries
from consult.accounts.models import Account
from consult.actor import PUBLIC, Actor
from consult.errors import Unidentified

View = TypeVar("View", bound=Callable[..., Any])

_open_views: set[str] = set()
login_manager = LoginManager()


class SignedIn(UserMixin):
    """flask-login's view of an account: its id carries the session epoch, so that a new epoch ends it."""

    def __init__(self, actor: Actor, session_epoch: int | None = None) -> None:
        self.actor, self.session_epoch = actor, session_epoch

    def get_id(self) -> str:
        return f"{self.actor.account_id}.{self.session_epoch}"


def open_to_all(view: View) -> View:
    """Mark a view as open; every other view demands identity."""
    _open_views.add(f"{view.__module__}.{view.__qualname__}")
    return view


def is_open(view: Callable[..., Any]) -> bool:
    return f"{view.__module__}.{view.__qualname__}" in _open_views


def actor() -> Actor:
    """The actor of this request."""
    if "actor" not in g:
        g.actor = current_user.actor if current_user.is_authenticated else PUBLIC
    return g.actor  # type: ignore[no-any-return]


def account() -> Account:
    """The signed-in account. Raises Unidentified."""
    number = actor().account_id
    if number is None:
        raise Unidentified
    return queries.account(number)


def sign_in(person: Account) -> None:
    """Begin a session; what the browser held before is thrown away (no fixation)."""
    session.clear()
    login_user(SignedIn(queries.actor_of(person), person.session_epoch))
    g.pop("actor", None)


def sign_out() -> None:
    logout_user()
    session.clear()
    g.pop("actor", None)


@login_manager.user_loader
def _from_cookie(value: str) -> SignedIn | None:
    if uses_token():
        # A request that brings a token is judged by it alone: its scopes hold, and no form was checked.
        return None
    number, _, epoch = value.partition(".")
    if not number.isdigit() or not epoch.isdigit():
        return None
    found = queries.session_holder(int(number))
    if found is None or found[1] != int(epoch):
        return None
    return SignedIn(*found)


@login_manager.request_loader
def _from_token(incoming: Request) -> SignedIn | None:
    scheme, _, secret = incoming.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    who = queries.token_holder(secret.strip())
    if who is None:
        # A wrong token is never read as "no token": an open route would answer it as the public.
        raise Unidentified("The token is unknown, expired or revoked.")
    return SignedIn(who)


def uses_token() -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _demand_identity() -> None:
    view = request.endpoint and _view_of(request.endpoint)
    if not view or request.endpoint == "static" or is_open(view):
        return
    if not actor().is_signed_in:
        raise Unidentified


def _view_of(endpoint: str) -> Callable[..., Any] | None:
    from flask import current_app

    return current_app.view_functions.get(endpoint)


def register(app: Flask) -> None:
    """Install cookies, tokens and the closed door."""
    login_manager.init_app(app)
    app.before_request(_demand_identity)
