"""HTML door to memberships: ask, approve, decline, end, make a focal point, on the organisation's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for

from consult.accounts import membership_actions, queries
from consult.accounts.door import blueprint
from consult.accounts.models import Membership, Organisation
from consult.accounts.organisation_view import organisation_page
from consult.accounts.schemas import ReasonIn
from consult.errors import Invalid
from consult.i18n import gettext as _
from consult.web.forms import form_values, load, page_with_form
from consult.web.identity import actor

Act = Callable[[Organisation, Membership], Any]


@blueprint.post("/organisations/<int:organisation_id>/members")
def join_organisation(organisation_id: int) -> Any:
    """Ask to speak for the body."""
    found = queries.organisation(actor(), organisation_id, lock=True)

    def ask() -> Any:
        membership_actions.request_membership(actor=actor(), organisation=found)
        return _done(found, _("Asked. A focal point of the organisation decides; you will get a letter."))

    return _on_page(found, ask)


@blueprint.post("/organisations/<int:organisation_id>/members/<int:account_id>/approval")
def approve_member(organisation_id: int, account_id: int) -> Any:
    return _act_on(
        organisation_id,
        account_id,
        lambda found, place: membership_actions.approve_membership(
            actor=actor(), organisation=found, membership=place
        ),
        _("Approved; the person has been told."),
    )


@blueprint.post("/organisations/<int:organisation_id>/members/<int:account_id>/refusal")
def decline_member(organisation_id: int, account_id: int) -> Any:
    def decline(found: Organisation, place: Membership) -> None:
        try:
            reason = load(ReasonIn(), form_values(request.form))["reason"]
            membership_actions.decline_membership(
                actor=actor(), organisation=found, membership=place, reason=reason
            )
        except Invalid as fault:
            # The page holds one such form for each request, and the secretariat's own.
            said = {f"{name}-{account_id}": messages for name, messages in fault.fields.items()}
            raise Invalid(fields=said) from fault

    return _act_on(organisation_id, account_id, decline, _("Declined; the person has been told why."))


@blueprint.post("/organisations/<int:organisation_id>/members/<int:account_id>/end")
def end_membership(organisation_id: int, account_id: int) -> Any:
    return _act_on(
        organisation_id,
        account_id,
        lambda found, place: membership_actions.end_membership(
            actor=actor(), organisation=found, membership=place
        ),
        _("The membership has ended."),
    )


@blueprint.post("/organisations/<int:organisation_id>/members/<int:account_id>/focal-point")
def make_focal_point(organisation_id: int, account_id: int) -> Any:
    return _act_on(
        organisation_id,
        account_id,
        lambda found, place: membership_actions.make_focal_point(
            actor=actor(), organisation=found, membership=place
        ),
        _("Made a focal point; the person has been told."),
    )


@blueprint.post("/organisations/<int:organisation_id>/members/<int:account_id>/release")
def release_focal_point(organisation_id: int, account_id: int) -> Any:
    return _act_on(
        organisation_id,
        account_id,
        lambda found, place: membership_actions.release_focal_point(
            actor=actor(), organisation=found, membership=place
        ),
        _("A plain member again."),
    )


def _act_on(organisation_id: int, account_id: int, act: Act, said: str) -> Any:
    found = queries.organisation(actor(), organisation_id, lock=True)

    def then_show() -> Any:
        act(found, membership_actions.place_of(actor=actor(), organisation=found, account_id=account_id))
        return _done(found, said)

    return _on_page(found, then_show)


def _on_page(found: Organisation, act: Callable[[], Any]) -> Any:
    return page_with_form(
        "organisations/organisation.html", act, context=lambda: organisation_page(actor(), found)
    )


def _done(found: Organisation, said: str) -> Any:
    flash(said, "success")
    ends_at = url_for("accounts.organisation", organisation_id=found.id)
    # Whoever has just left a body that waits for confirmation no longer sees its page.
    if not queries.sees(actor(), found.id):
        ends_at = url_for("accounts.organisations")
    return redirect(ends_at, 303)
