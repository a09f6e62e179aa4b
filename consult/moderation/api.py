"""JSON door of moderation: the queue, claims, decisions, redactions, campaigns, appeals."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from consult.db import clock
from consult.moderation import (
    actions,
    appeals,
    campaigns,
    claims,
    queries,
    queue,
    redactions,
    schemas,
    showing,
)
from consult.moderation.door import place_in
from consult.moderation.models import Campaign, Case
from consult.permissions import Can, require
from consult.submissions import queries as submissions
from consult.submissions.schemas import Grounds
from consult.web.api import ApiBlueprint, PageArgs, page_of, paged_schema
from consult.web.idempotency import idempotent
from consult.web.identity import actor
from consult.web.paging import Page, paged

blueprint = ApiBlueprint(
    "moderation", __name__, "The queue, claims, decisions, redactions, campaigns, appeals"
)
blueprints = [blueprint]

# A campaign's answer names this many members; its decision reaches all of them.
MEMBERS_SHOWN = 500


class QueueArgs(schemas.QueueFilters, PageArgs):
    """Filters and the place in the list."""


@blueprint.route("/moderation/cases", methods=["GET"])
@blueprint.arguments(QueueArgs, location="query")
@blueprint.response(200, paged_schema(schemas.CaseRow))
def listed(args: dict[str, Any]) -> Response:
    """The queue: the fairest case first, never one of the caller's own organisations."""
    who = actor()
    require(who, Can.READ_QUEUE)
    limit, after = args.pop("limit"), place_in(args.pop("cursor"))
    filters = queue.Filters(**args)
    page = paged(
        queue.cases(who, filters, limit + 1, after), limit, lambda case: queue.place_of(filters, case)
    )
    now, twins = clock(), showing.twins_of_list(who, page.items)
    rows = [showing.in_list(who, case, now, twins) for case in page.items]
    return page_of(Page(rows, page.next), schemas.CaseRow())


@blueprint.route("/moderation/cases/<int:case_id>", methods=["GET"])
@blueprint.response(200, schemas.CaseOut)
def read(case_id: int) -> Response:
    """One case with its text, what readers see of it, and the findings."""
    return as_json(queries.whole_case(actor(), case_id))


def as_json(case: Case, status: int = 200) -> Response:
    """A case as its moderator reads it; opening an own claim renews it."""
    who = actor()
    require(who, Can.READ_CASE, case)
    claims.renew(actor=who, case=case)
    response = jsonify(schemas.CaseOut().dump(showing.whole(who, case, clock())))
    response.status_code = status
    return response


@blueprint.route("/moderation/claims", methods=["POST"])
@blueprint.arguments(schemas.ClaimIn)
@idempotent
@blueprint.response(201, schemas.CaseOut)
@blueprint.alt_response(204, description="No case waits for you")
@blueprint.problems(409)
def claim(data: dict[str, Any]) -> Response:
    """Claim the fairest next case (204 when there is none), or `case` (409 when another holds it)."""
    who = actor()
    if "case" in data:
        found: Case | None = claims.claim_case(actor=who, case=queries.case(who, data["case"]))
    else:
        found = claims.claim_next(actor=who)
    if found is None:
        return Response(status=204)
    return as_json(queries.whole_case(who, found.id), 201)


@blueprint.route("/moderation/claims/<int:case_id>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.problems(409)
def release(case_id: int) -> None:
    """Give a case back to the queue. 409 when it is not yours."""
    claims.release(actor=actor(), case=queries.case(actor(), case_id))


@blueprint.route("/moderation/cases/<int:case_id>/decisions", methods=["POST"])
@blueprint.arguments(schemas.OpinionIn)
@idempotent
@blueprint.response(201, schemas.DecisionMade)
@blueprint.problems(409)
def decide(data: dict[str, Any], case_id: int) -> Any:
    """Give a verdict on a case you hold. A rejection is final once a second person agrees."""
    who = actor()
    case = queries.locked_case(who, case_id)
    decision = actions.decide(actor=who, case=case, opinion=actions.Opinion(**data))
    made = {"case_stage": case.stage, "submission_state": str(case.submission.state)}
    return answered(schemas.DecisionMade().dump(showing.decision_seen(who, decision) | made))


def answered(body: Any) -> Response:
    """Something was made: 201."""
    response = jsonify(body)
    response.status_code = 201
    return response


@blueprint.route("/moderation/cases/<int:case_id>/redactions", methods=["POST"])
@blueprint.arguments(schemas.RedactionIn)
@idempotent
@blueprint.response(201, schemas.RedactionMade)
@blueprint.problems(409)
def redact(data: dict[str, Any], case_id: int) -> Response:
    """Hide a span of a paragraph from every reader; the original stays sealed."""
    who = actor()
    case = queries.locked_case(who, case_id)
    number = data.pop("paragraph")
    redaction = redactions.redact(actor=who, case=case, paragraph_number=number, **data)
    shown = schemas.RedactionOut().dump(redaction)
    return answered(shown | {"paragraph": number, "disclosed_text": redaction.paragraph.disclosed_text})


@blueprint.route("/moderation/cases/<int:case_id>/redactions/<int:redaction_id>", methods=["DELETE"])
@blueprint.response(204)
@blueprint.problems(409)
def lift(case_id: int, redaction_id: int) -> None:
    """Show again what another person hid; for senior moderators."""
    case = queries.locked_case(actor(), case_id)
    redactions.lift_redaction(actor=actor(), case=case, redaction_id=redaction_id)


@blueprint.route("/moderation/campaigns", methods=["POST"])
@blueprint.arguments(schemas.CampaignIn)
@idempotent
@blueprint.response(201, schemas.CampaignOut)
@blueprint.problems(409)
def call(data: dict[str, Any]) -> Response:
    """Call cases of one consultation a campaign; none of them is deleted by it."""
    found = campaigns.call_campaign(actor=actor(), case_ids=data["cases"], name=data["name"])
    return answered(_campaign(found))


@blueprint.route("/moderation/campaigns/<int:campaign_id>", methods=["GET"])
@blueprint.response(200, schemas.CampaignOut)
def campaign(campaign_id: int) -> Response:
    """A campaign with its members."""
    require(actor(), Can.READ_QUEUE)
    return jsonify(_campaign(queries.campaign(actor(), campaign_id)))


@blueprint.route("/moderation/campaigns/<int:campaign_id>/decisions", methods=["POST"])
@blueprint.arguments(schemas.OpinionIn)
@idempotent
@blueprint.response(201, schemas.CampaignDecided)
@blueprint.problems(409)
def decide_campaign(data: dict[str, Any], campaign_id: int) -> Response:
    """One verdict for every open case of a campaign that nobody else holds; who was left out, and why."""
    found = queries.campaign(actor(), campaign_id)
    outcome = campaigns.decide_campaign(actor=actor(), campaign=found, opinion=actions.Opinion(**data))
    body = {
        "campaign": found.id,
        "decided": [_member(decision.case) for decision in outcome.decided],
        "left_out": [
            {"case": case.id, "reference": case.submission.reference, "why": why}
            for case, why in outcome.left_out
        ],
    }
    return answered(schemas.CampaignDecided().dump(body))


def _campaign(found: Campaign) -> Any:
    members = [_member(case) for case in queries.members_of(actor(), found, MEMBERS_SHOWN)]
    body = {"id": found.id, "name": found.name, "called_at": found.called_at, "cases": members}
    return schemas.CampaignOut().dump(body)


def _member(case: Case) -> dict[str, Any]:
    state = showing.state_of(case, clock())
    return {"case": case.id, "reference": case.submission.reference, "stage": case.stage, "state": state}


@blueprint.route("/submissions/<reference>/appeal", methods=["POST"])
@blueprint.arguments(Grounds)
@idempotent
@blueprint.response(201, schemas.AppealOut)
@blueprint.problems(409)
def appeal(data: dict[str, Any], reference: str) -> Response:
    """Ask that somebody who took no part reads a rejected submission again; once, and in time."""
    submission = submissions.submission(actor(), reference, lock=True)
    made = appeals.open_appeal(actor=actor(), submission=submission, grounds=data["grounds"])
    case = appeals.standing_case(submission)
    body = {"reference": submission.reference, "version": submission.version, "made_at": made.made_at}
    body |= {"due_at": case.due_at if case else None, "state": str(submission.state)}
    return answered(schemas.AppealOut().dump(body))
