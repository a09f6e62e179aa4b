"""HTML door for the administrator: people, their roles, closed accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from consult.accounts import directory, queries, staff_actions
from consult.accounts.door import blueprint, number_in
from consult.accounts.models import Account
from consult.accounts.schemas import RoleIn
from consult.i18n import gettext as _
from consult.permissions import Can, require
from consult.vocabulary import Role
from consult.web.forms import form_values, load, page_with_form
from consult.web.identity import actor
from consult.web.paging import USUAL, paged
from consult.wording import options


@blueprint.get("/people")
def people() -> Any:
    """Accounts by number, or those whose address or name holds some words."""
    require(actor(), Can.MANAGE_STAFF)
    words = request.args.get("q", "").replace("\0", "")[:200]
    after = number_in(request.args.get("cursor")) or 0
    page = paged(directory.people(words=words, after=after, most=USUAL + 1), USUAL, lambda row: [row.id])
    following = url_for("accounts.people", q=words or None, cursor=page.next) if page.next else None
    return render_template("accounts/people.html", people=page.items, words=words, following=following)


@blueprint.get("/people/<int:account_id>")
def person(account_id: int) -> Any:
    require(actor(), Can.MANAGE_STAFF)
    context = _person_context(account_id)
    return render_template(
        "accounts/person.html", values={"role": context["person"].role}, errors={}, **context
    )


@blueprint.post("/people/<int:account_id>/role")
def grant_role(account_id: int) -> Any:
    def act(found: Account) -> None:
        data = load(RoleIn(), form_values(request.form))
        staff_actions.grant_role(actor=actor(), person=found, **data)
        flash(_("The role is granted."), "success")

    return _act_on(account_id, act)


@blueprint.post("/people/<int:account_id>/closing")
def disable_account(account_id: int) -> Any:
    def act(found: Account) -> None:
        staff_actions.disable_account(actor=actor(), person=found)
        flash(_("The account is closed; its sessions and tokens have ended."), "success")

    return _act_on(account_id, act)


@blueprint.post("/people/<int:account_id>/opening")
def enable_account(account_id: int) -> Any:
    def act(found: Account) -> None:
        staff_actions.enable_account(actor=actor(), person=found)
        flash(_("The account is open again."), "success")

    return _act_on(account_id, act)


def _act_on(account_id: int, act: Callable[[Account], None]) -> Any:
    require(actor(), Can.MANAGE_STAFF)

    def then_show() -> Any:
        act(queries.account(account_id, lock=True))
        return redirect(url_for("accounts.person", account_id=account_id), 303)

    return page_with_form("accounts/person.html", then_show, context=lambda: _person_context(account_id))


def _person_context(account_id: int) -> dict[str, Any]:
    return {
        "person": queries.account(account_id),
        "places": directory.places_of(account_id),
        "roles": options(Role),
    }
