"""HTML door for those who are not signed in yet: register, confirm, sign in, choose a new password."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from consult.accounts import actions, links
from consult.accounts.door import blueprint, settings, typed_address
from consult.accounts.models import Account
from consult.accounts.schemas import AddressIn, PasswordIn, RegistrationIn, SignInIn
from consult.errors import Missing
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.web import identity
from consult.web.forms import form_values, load, page_with_form
from consult.web.general import safe_path
from consult.web.identity import actor, open_to_all
from consult.web.limits import limiter

# A room of people behind one address registers in an afternoon; a guesser needs thousands of tries.
EVERY_CALLER = "100 per hour"
EVERY_ADDRESS = "10 per 15 minutes"
EVERY_LETTER = "5 per hour"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all
@limiter.limit("60 per minute", methods=["POST"])
@limiter.limit(EVERY_ADDRESS, methods=["POST"], key_func=typed_address)
def sign_in() -> Any:
    """Begin a session and go on to `next`, a path of this site."""
    goal = safe_path(request.args.get("next"))
    if request.method == "POST":
        return page_with_form("accounts/sign_in.html", lambda: _enter(goal), context=_sign_in_context(goal))
    if actor().is_signed_in:
        return redirect(goal, 303)
    return render_template("accounts/sign_in.html", values={}, errors={}, **_sign_in_context(goal))


def _sign_in_context(goal: str) -> dict[str, Any]:
    config = settings()
    return {"goal": None if goal == "/" else goal, "letters_here": config.demo and not config.smtp_url}


def _enter(goal: str) -> Any:
    data = load(SignInIn(), form_values(request.form))
    person = actions.sign_in(actor=actor(), config=settings(), **data)
    if person.email_confirmed_at is None:
        flash(_("Confirm your address first: we have just sent you the link again."), "warning")
        return redirect(url_for("accounts.sign_in"), 303)
    identity.sign_in(person)
    return redirect(goal, 303)


@blueprint.post("/sign-out")
@open_to_all
def sign_out() -> Any:
    identity.sign_out()
    return redirect("/", 303)


@blueprint.route("/register", methods=["GET", "POST"])
@open_to_all
@limiter.limit(EVERY_CALLER, methods=["POST"])
@limiter.limit(EVERY_LETTER, methods=["POST"], key_func=typed_address)
def register() -> Any:
    """Open an account. What the page answers never tells whether the address was known."""
    if request.method == "POST":
        return page_with_form("accounts/register.html", _register, context={})
    if actor().is_signed_in:
        return redirect(url_for("accounts.account"), 303)
    return render_template("accounts/register.html", values={}, errors={})


def _register() -> Any:
    data = load(RegistrationIn(), form_values(request.form))
    actions.register(actor=actor(), language=current_locale(), config=settings(), **data)
    flash(
        _("We have written to %(email)s. Open the link in the letter to go on.", email=data["email"]),
        "success",
    )
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@open_to_all
@limiter.limit(EVERY_CALLER, methods=["POST"])
def confirm(token: str) -> Any:
    """The link from the letter; following it changes nothing yet, for mail programs follow links too."""
    person = _sealed(links.Purpose.CONFIRM, token)
    if person is None:
        return _ended()
    context = {"email": person.email}
    if request.method == "GET":
        return render_template("accounts/confirm.html", values={}, errors={}, **context)
    return page_with_form("accounts/confirm.html", lambda: _confirm(token), context=context)


def _confirm(token: str) -> Any:
    data = load(PasswordIn(), form_values(request.form))
    identity.sign_in(actions.confirm_email(actor=actor(), token=token, config=settings(), **data))
    flash(_("Your address is confirmed. Now register your organisation, or ask to join one."), "success")
    return redirect(url_for("accounts.organisations"), 303)


@blueprint.route("/reset", methods=["GET", "POST"])
@open_to_all
@limiter.limit(EVERY_CALLER, methods=["POST"])
@limiter.limit(EVERY_LETTER, methods=["POST"], key_func=typed_address)
def reset() -> Any:
    """Ask for a link to choose a new password; the answer is one, whoever asks."""
    if request.method == "POST":
        return page_with_form("accounts/reset.html", _ask_for_reset, context={})
    return render_template("accounts/reset.html", values={}, errors={})


def _ask_for_reset() -> Any:
    data = load(AddressIn(), form_values(request.form))
    actions.request_password_reset(actor=actor(), config=settings(), **data)
    flash(
        _("If %(email)s has an account, a letter with a link is on its way to it.", email=data["email"]),
        "success",
    )
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@open_to_all
@limiter.limit(EVERY_CALLER, methods=["POST"])
def choose_password(token: str) -> Any:
    """The link from the letter: choose a new password and be signed in."""
    person = _sealed(links.Purpose.RESET, token)
    if person is None:
        return _ended()
    context = {"email": person.email}
    if request.method == "GET":
        return render_template("accounts/choose_password.html", values={}, errors={}, **context)
    return page_with_form("accounts/choose_password.html", lambda: _choose(token), context=context)


def _choose(token: str) -> Any:
    data = load(PasswordIn(), form_values(request.form))
    identity.sign_in(actions.reset_password(actor=actor(), token=token, config=settings(), **data))
    flash(_("Your new password stands. Every other session has ended."), "success")
    return redirect("/", 303)


def _sealed(purpose: links.Purpose, token: str) -> Account | None:
    try:
        return links.unseal(settings(), purpose, token)
    except Missing:
        return None


def _ended() -> Response:
    return Response(render_template("accounts/link_ended.html"), 404)
