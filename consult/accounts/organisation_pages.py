"""HTML door to organisations: find, register, show, mend, confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from consult.accounts import directory, organisation_actions, queries
from consult.accounts.door import blueprint, number_in
from consult.accounts.models import Organisation
from consult.accounts.organisation_view import organisation_page
from consult.accounts.schemas import OrganisationChangeIn, OrganisationIn, ReasonIn
from consult.actor import Actor
from consult.errors import Invalid, Stale
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.permissions import Can, permitted, require
from consult.places import countries
from consult.vocabulary import (
    Accreditation,
    EcosocStatus,
    IdentifierScheme,
    OrganisationState,
    StakeholderGroup,
)
from consult.web.forms import form_values, load, page_with_form
from consult.web.identity import actor, open_to_all
from consult.web.paging import USUAL, paged
from consult.wording import options

SCHEMES = tuple(IdentifierScheme)


@blueprint.get("/organisations")
def organisations() -> str:
    """One's own bodies and a search for others; for the secretariat all, those that wait first."""
    who = actor()
    keeps = permitted(who, Can.CONFIRM_ORGANISATION)
    state = _wanted_state(keeps)
    words = request.args.get("q", "").replace("\0", "")[:200]
    rows: Sequence[Organisation] = ()
    if keeps or words.strip():
        after = number_in(request.args.get("cursor"))
        rows = directory.organisations(who, state=state, words=words, after=after, most=USUAL + 1)
    page = paged(rows, USUAL, lambda row: [row.id])
    following = url_for(
        "accounts.organisations", q=words or None, state=request.args.get("state"), cursor=page.next
    )
    return render_template(
        "organisations/organisations.html",
        places=queries.own_organisations(who),
        found=page.items,
        following=following if page.next else None,
        words=words,
        state=state,
        keeps=keeps,
        waiting=directory.waiting_count() if keeps else 0,
        may_register=permitted(who, Can.REGISTER_ORGANISATION),
        country_names=dict(countries(current_locale())),
    )


def _wanted_state(keeps: bool) -> OrganisationState | None:
    """The secretariat's filter: what waits, unless something else or everything is asked for."""
    asked = request.args.get("state") or ("all" if request.args.get("q") else OrganisationState.PENDING)
    return OrganisationState(asked) if keeps and asked in set(OrganisationState) else None


@blueprint.route("/organisations/new", methods=["GET", "POST"])
def new_organisation() -> Any:
    """Register a body; look-alikes are shown once before it is entered."""
    require(actor(), Can.REGISTER_ORGANISATION)
    if request.method == "POST":
        return page_with_form("organisations/new.html", _register, context=_form_context)
    return render_template("organisations/new.html", values={}, errors={}, **_form_context())


def _register() -> Any:
    typed = form_values(request.form)
    another = typed.pop("another", None)
    data = _from_form(OrganisationIn(), typed)
    alike = directory.alike(actor(), name=data["name"], website=data["website"])
    if alike and not another:
        errors = {"another": [_("Is yours one of these? If not, tick the box and register it.")]}
        page = render_template(
            "organisations/new.html", values=request.form, errors=errors, alike=alike, **_form_context()
        )
        return Response(page, 422)
    organisation = organisation_actions.register_organisation(actor=actor(), **data)
    flash(
        _("Registered. You can begin to write; filing waits for the secretariat's confirmation."), "success"
    )
    return redirect(url_for("accounts.organisation", organisation_id=organisation.id), 303)


@blueprint.get("/organisations/<int:organisation_id>")
@open_to_all
def organisation(organisation_id: int) -> Any:
    found = queries.organisation(actor(), organisation_id)
    return render_template(
        "organisations/organisation.html", values={}, errors={}, **organisation_page(actor(), found)
    )


@blueprint.route("/organisations/<int:organisation_id>/edit", methods=["GET", "POST"])
def edit_organisation(organisation_id: int) -> Any:
    """Change facts; `revision` in the form tells whether somebody else changed them meanwhile."""
    found = queries.organisation(actor(), organisation_id, lock=request.method == "POST")
    require(actor(), Can.EDIT_ORGANISATION, found)
    context = {**_form_context(), "organisation": found, "all_facts": _may_change_all(actor(), found)}
    if request.method == "POST":
        return page_with_form("organisations/edit.html", lambda: _edit(found), context=context)
    return render_template("organisations/edit.html", values=_as_form(found), errors={}, **context)


def _edit(found: Organisation) -> Any:
    typed = form_values(request.form)
    if typed.pop("revision", None) != str(found.revision):
        raise Stale(
            _("Somebody changed this entry after you opened it. Open it again and repeat your change.")
        )
    changes = _from_form(OrganisationChangeIn(), typed)
    organisation_actions.edit_organisation(actor=actor(), organisation=found, changes=changes)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.organisation", organisation_id=found.id), 303)


@blueprint.post("/organisations/<int:organisation_id>/confirmation")
def confirm_organisation(organisation_id: int) -> Any:
    """The secretariat's verdict: the button's name tells which."""
    found = queries.organisation(actor(), organisation_id, lock=True)

    def judge() -> Any:
        typed = form_values(request.form)
        verdict = typed.pop("verdict", "confirm")
        reason = load(ReasonIn(), typed)["reason"]
        if verdict == "decline":
            organisation_actions.decline_organisation(actor=actor(), organisation=found, reason=reason)
            flash(_("Declined; its focal points have been told why."), "success")
        else:
            organisation_actions.confirm_organisation(actor=actor(), organisation=found, reason=reason)
            flash(_("Confirmed; its focal points have been told."), "success")
        return redirect(url_for("accounts.organisation", organisation_id=found.id), 303)

    return page_with_form(
        "organisations/organisation.html", judge, context=lambda: organisation_page(actor(), found)
    )


def _may_change_all(who: Actor, found: Organisation) -> bool:
    return found.state != OrganisationState.CONFIRMED or permitted(who, Can.CONFIRM_ORGANISATION, found)


def _form_context() -> dict[str, Any]:
    return {
        "groups": options(StakeholderGroup),
        "countries": countries(current_locale()),
        "accreditations": options(Accreditation),
        "ecosoc_statuses": options(EcosocStatus),
    }


def _from_form(schema: OrganisationIn, typed: Mapping[str, Any]) -> dict[str, Any]:
    """A flat form through the schema of the JSON door, with messages beside the form's own fields."""
    numbers = [(scheme, typed[scheme].strip()) for scheme in SCHEMES if typed.get(scheme, "").strip()]
    asked = {name: value for name, value in typed.items() if name not in SCHEMES}
    if "ecosoc_status" in asked:
        asked["ecosoc_status"] = asked["ecosoc_status"] or None
    if any(scheme in typed for scheme in SCHEMES):
        asked["identifiers"] = [{"scheme": str(scheme), "value": number} for scheme, number in numbers]
    try:
        return load(schema, asked)
    except Invalid as fault:
        names = {f"identifiers.{at}.value": str(scheme) for at, (scheme, _number) in enumerate(numbers)}
        raise Invalid(fields={names.get(name, name): said for name, said in fault.fields.items()}) from fault


def _as_form(found: Organisation) -> dict[str, Any]:
    values = {name: getattr(found, name) for name in ("name", "acronym", "country", "website")}
    values |= {"group": found.stakeholder_group, "accreditation": found.accreditation}
    values |= {"ecosoc_status": found.ecosoc_status or "", "revision": found.revision}
    return values | {str(identifier.scheme): identifier.value for identifier in found.identifiers}
