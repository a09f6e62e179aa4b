"""JSON door: organisations and the people who speak for them."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from consult.accounts import directory, membership_actions, organisation_actions, queries, schemas, token_api
from consult.accounts.door import number_in
from consult.accounts.models import Membership, Organisation
from consult.actor import Actor
from consult.db import session
from consult.fields import Code, Line
from consult.permissions import Can, permitted, require
from consult.vocabulary import OrganisationState
from consult.web.api import (
    ApiBlueprint,
    PageArgs,
    check_revision,
    page_of,
    paged_schema,
    with_etag,
)
from consult.web.idempotency import idempotent
from consult.web.identity import actor, open_to_all
from consult.web.paging import paged

blueprint = ApiBlueprint("organisations", __name__, "Bodies, and the people who speak for them")
blueprints = [blueprint, token_api.blueprint]


class OrganisationArgs(PageArgs):
    q = Line(most=200, load_default="", metadata={"description": "A part of the name or acronym."})
    state = Code(OrganisationState, load_default=None)


def as_json(who: Actor, organisation: Organisation, status: int = 200, **more: Any) -> Response:
    """A body as this actor may read it, with its revision as ETag."""
    hidden = () if permitted(who, Can.READ_ORGANISATION_FILE, organisation) else ("state_reason",)
    response = jsonify({**schemas.OrganisationOut(exclude=hidden).dump(organisation), **more})
    response.status_code = status
    response.set_etag(str(organisation.revision))
    return response


def _found(organisation_id: int, *, lock: bool = False) -> Organisation:
    return queries.organisation(actor(), organisation_id, lock=lock)


@blueprint.route("/organisations", methods=["GET"])
@blueprint.arguments(OrganisationArgs, location="query")
@blueprint.response(200, paged_schema(schemas.OrganisationOut))
@open_to_all
def listed(args: dict[str, Any]) -> Response:
    """Confirmed bodies by name; the secretariat, and a body's own people, see those in other states too."""
    rows = directory.organisations(
        actor(),
        state=args["state"],
        words=args["q"],
        after=number_in(args["cursor"]),
        most=args["limit"] + 1,
    )
    page = paged(rows, args["limit"], lambda row: [row.id])
    return page_of(page, schemas.OrganisationOut(exclude=("state_reason",)))


@blueprint.route("/organisations", methods=["POST"])
@blueprint.arguments(schemas.OrganisationIn)
@idempotent
@blueprint.response(201, schemas.RegisteredOut)
@blueprint.problems(409, 413)
def register(data: dict[str, Any]) -> Response:
    """Register a body; the caller becomes its focal point, and it waits for the secretariat.

    `similar` names bodies that may be the same one.
    """
    alike = directory.alike(actor(), name=data["name"], website=data["website"])
    organisation = organisation_actions.register_organisation(actor=actor(), **data)
    session.refresh(organisation)
    # The actor of this request is older than its place in the body: the answer is for its focal point.
    shown = {
        **schemas.RegisteredOut(exclude=("similar",)).dump(organisation),
        "similar": schemas.AlikeOut(many=True).dump(alike),
    }
    response = jsonify(shown)
    response.status_code = 201
    response.set_etag(str(organisation.revision))
    response.headers["Location"] = f"/api/v1/organisations/{organisation.id}"
    return response


@blueprint.route("/organisations/<int:organisation_id>", methods=["GET"])
@blueprint.response(200, schemas.OrganisationOut)
@open_to_all
def read(organisation_id: int) -> Response:
    """One body; `state_reason` for its people and the secretariat only."""
    organisation = _found(organisation_id)
    return with_etag(as_json(actor(), organisation), str(organisation.revision))


@blueprint.route("/organisations/<int:organisation_id>", methods=["PATCH"])
@blueprint.arguments(schemas.OrganisationChangeIn, required=False)
@blueprint.response(200, schemas.OrganisationOut)
@blueprint.problems(409, 412, 413)
def edit(data: dict[str, Any], organisation_id: int) -> Response:
    """Change facts. Of a confirmed body, its focal points change acronym and website; the secretariat all."""
    organisation = _found(organisation_id, lock=True)
    require(actor(), Can.EDIT_ORGANISATION, organisation)
    check_revision(request.headers.get("If-Match"), str(organisation.revision))
    organisation_actions.edit_organisation(actor=actor(), organisation=organisation, changes=data)
    return as_json(actor(), organisation)


@blueprint.route("/organisations/<int:organisation_id>/confirmation", methods=["POST"])
@blueprint.arguments(schemas.ConfirmationIn, required=False)
@blueprint.response(200, schemas.OrganisationOut)
@blueprint.problems(409, 413)
def confirm(data: dict[str, Any], organisation_id: int) -> Response:
    """The secretariat confirms (`{}`) or declines with a reason; focal points get a letter."""
    organisation = _found(organisation_id, lock=True)
    if data["verdict"] == "decline":
        organisation_actions.decline_organisation(
            actor=actor(), organisation=organisation, reason=data["reason"]
        )
    else:
        organisation_actions.confirm_organisation(
            actor=actor(), organisation=organisation, reason=data["reason"]
        )
    return as_json(actor(), organisation)


@blueprint.route("/organisations/<int:organisation_id>/members", methods=["GET"])
@blueprint.response(200, paged_schema(schemas.OrganisationMemberOut))
def members(organisation_id: int) -> Response:
    """Living memberships, requests first, for those who manage them. One page: a body has few people."""
    organisation = _found(organisation_id)
    require(actor(), Can.MANAGE_MEMBERS, organisation)
    rows = queries.members_of(organisation.id)
    return jsonify({"items": schemas.OrganisationMemberOut(many=True).dump(rows), "next": None})


@blueprint.route("/organisations/<int:organisation_id>/members", methods=["POST"])
@blueprint.arguments(schemas.JoinIn, required=False)
@idempotent
@blueprint.response(201, schemas.MembershipOut)
@blueprint.problems(409, 413)
def join(data: dict[str, Any], organisation_id: int) -> Response:
    """Ask to speak for the body; a focal point approves or declines."""
    organisation = _found(organisation_id, lock=True)
    place = membership_actions.request_membership(actor=actor(), organisation=organisation)
    response = _place(place)
    response.status_code = 201
    return response


@blueprint.route("/organisations/<int:organisation_id>/members/<int:user>/approval", methods=["POST"])
@blueprint.arguments(schemas.ApprovalIn, required=False)
@blueprint.response(200, schemas.MembershipOut)
@blueprint.problems(409, 413)
def approve(data: dict[str, Any], organisation_id: int, user: int) -> Response:
    """A focal point or the secretariat approves (`{}`) or declines with a reason; the person is told."""
    organisation, place = _organisation_and_place(organisation_id, user)
    if data["approved"]:
        membership_actions.approve_membership(actor=actor(), organisation=organisation, membership=place)
    else:
        membership_actions.decline_membership(
            actor=actor(), organisation=organisation, membership=place, reason=data["reason"]
        )
    return _place(place)


@blueprint.route("/organisations/<int:organisation_id>/members/<int:user>/focal-point", methods=["PUT"])
@blueprint.response(200, schemas.MembershipOut)
@blueprint.problems(409)
def make_focal_point(organisation_id: int, user: int) -> Response:
    """Let a member vouch for others too."""
    organisation, place = _organisation_and_place(organisation_id, user)
    return _place(
        membership_actions.make_focal_point(actor=actor(), organisation=organisation, membership=place)
    )


@blueprint.route("/organisations/<int:organisation_id>/members/<int:user>/focal-point", methods=["DELETE"])
@blueprint.response(200, schemas.MembershipOut)
@blueprint.problems(409)
def release_focal_point(organisation_id: int, user: int) -> Response:
    """Make a focal point a plain member again; the last one stays while there are members."""
    organisation, place = _organisation_and_place(organisation_id, user)
    return _place(
        membership_actions.release_focal_point(actor=actor(), organisation=organisation, membership=place)
    )


@blueprint.route("/organisations/<int:organisation_id>/members/<int:user>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.problems(409)
def end_membership(organisation_id: int, user: int) -> None:
    """End a membership, one's own or, as a focal point or the secretariat, another's."""
    organisation, place = _organisation_and_place(organisation_id, user)
    membership_actions.end_membership(actor=actor(), organisation=organisation, membership=place)


def _organisation_and_place(organisation_id: int, user: int) -> tuple[Organisation, Membership]:
    organisation = _found(organisation_id, lock=True)
    place = membership_actions.place_of(actor=actor(), organisation=organisation, account_id=user)
    return organisation, place


def _place(place: Membership) -> Response:
    session.flush()
    return jsonify(schemas.MembershipOut().dump(place))
