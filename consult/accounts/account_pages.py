"""HTML door to one's own account: name, language, password, sessions, tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from consult.accounts import actions, directory, token_actions
from consult.accounts.door import blueprint, settings
from consult.accounts.queries import account_token
from consult.accounts.schemas import PasswordChangeIn, ProfileIn, TokenIn
from consult.i18n import available_locales
from consult.i18n import gettext as _
from consult.languages import language_name
from consult.vocabulary import UN_LANGUAGES, Scope
from consult.web import identity
from consult.web.forms import form_values, load, page_with_form
from consult.web.identity import actor
from consult.wording import options

# What the form offers; the API takes any moment.
TERMS = (30, 90, 365)


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> Any:
    """Name, language, password, sessions."""
    if request.method == "POST":
        return _again_on_account(_save_profile)
    return render_template("accounts/account.html", values=_profile(), errors={}, **_account_context())


@blueprint.post("/account/password")
def change_password() -> Any:
    return _again_on_account(_save_password)


@blueprint.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Any:
    actions.sign_out_everywhere(actor=actor(), person=identity.account())
    identity.sign_out()
    flash(_("You are signed out on every device."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _again_on_account(act: Any) -> Any:
    return page_with_form("accounts/account.html", act, context=_account_context, values=_profile())


def _profile() -> dict[str, Any]:
    person = identity.account()
    return {"name": person.name, "language": person.language}


def _account_context() -> dict[str, Any]:
    person = identity.account()
    # A choice that has no catalogue yet would change nothing; the one in force is always offered.
    offered = [code for code in UN_LANGUAGES if code in available_locales() or code == person.language]
    return {
        "person": person,
        "languages_offered": [(code, language_name(code, code)) for code in offered],
        "places": directory.places_of(person.id),
    }


def _save_profile() -> Any:
    data = load(ProfileIn(), form_values(request.form))
    actions.change_profile(actor=actor(), person=identity.account(), **data)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.account"), 303)


def _save_password() -> Any:
    data = load(PasswordChangeIn(), form_values(request.form))
    person = actions.change_password(actor=actor(), person=identity.account(), config=settings(), **data)
    identity.sign_in(person)
    flash(_("Your new password stands. Every other session has ended."), "success")
    return redirect(url_for("accounts.account"), 303)


@blueprint.route("/account/tokens", methods=["GET", "POST"])
def tokens() -> Any:
    """Keys for programs. A new one is shown in the answer itself: no redirect could carry it."""
    if request.method == "POST":
        chosen = {"scopes_chosen": request.form.getlist("scopes")}
        return page_with_form("accounts/tokens.html", _issue, context=_token_context, values=chosen)
    return render_template("accounts/tokens.html", values={}, errors={}, **_token_context())


@blueprint.post("/account/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> Any:
    token_actions.revoke_token(actor=actor(), token=account_token(identity.account().id, token_id))
    flash(_("The token is revoked."), "success")
    return redirect(url_for("accounts.tokens"), 303)


def _issue() -> Any:
    typed = form_values(request.form, several=("scopes",))
    days = typed.pop("days", "")
    if days in {str(term) for term in TERMS}:
        typed["expires_at"] = (datetime.now(UTC) + timedelta(days=int(days))).isoformat()
    data = load(TokenIn(), typed)
    token, secret = token_actions.issue_token(actor=actor(), person=identity.account(), **data)
    return render_template(
        "accounts/tokens.html", values={}, errors={}, issued=token, secret=secret, **_token_context()
    )


def _scopes() -> list[dict[str, str]]:
    hints = {
        Scope.READ: _("what you may read"),
        Scope.WRITE: _("drafts, filing, memberships of your organisations"),
        Scope.MODERATE: _("for moderators: claim and decide"),
        Scope.ADMINISTER: _("your account and tokens; for the secretariat, its acts"),
    }
    return [{"value": code, "label": name, "hint": hints[Scope(code)]} for code, name in options(Scope)]


def _token_context() -> dict[str, Any]:
    return {
        "tokens": directory.tokens_of(identity.account().id),
        "scopes": _scopes(),
        "scope": Scope,
        "terms": [(str(days), _("%(days)s days", days=days)) for days in TERMS],
        "now": datetime.now(UTC),
    }
