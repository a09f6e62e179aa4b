"""Shared wording that a person calls a campaign, and one decision for what is open of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.errors import Conflict, Invalid, Problem
from consult.i18n import gettext as _
from consult.moderation import queries
from consult.moderation.actions import Opinion, conclude, explained, refuse_outdated
from consult.moderation.claims import ANY_CASE, refuse_reader
from consult.moderation.models import Campaign, Case, Decision
from consult.permissions import Can, require
from consult.submissions.models import Submission, Version

FEWEST_MEMBERS = 2
# One decision is one transaction; a larger campaign is decided in several goes.
MOST_AT_ONCE = 500


@dataclass
class Outcome:
    """What one decision for a campaign did: the decisions made, and the cases left out with the reason."""

    campaign: Campaign
    decided: list[Decision] = field(default_factory=list)
    left_out: list[tuple[Case, str]] = field(default_factory=list)


def call_campaign(*, actor: Actor, case_ids: Sequence[int], name: str) -> Campaign:
    """Call cases of one consultation a campaign, under a name.

    Records `campaign.called`. Raises Forbidden, Invalid (fewer than two that exist for the actor, or of
    different consultations), Conflict (some belong to another campaign).
    """
    require(actor, Can.CALL_CAMPAIGN, ANY_CASE)
    wanted = set(case_ids)
    cases = queries.chosen_cases(actor, wanted)
    if len(cases) < len(wanted) or len(cases) < FEWEST_MEMBERS:
        raise Invalid(fields={"cases": [_("Choose at least two cases that exist.")]})
    if len({case.consultation_id for case in cases}) > 1:
        raise Invalid(fields={"cases": [_("A campaign lies within one consultation.")]})
    taken = [case.id for case in cases if case.campaign_id is not None]
    if taken:
        raise Conflict(_("Some of these cases belong to a campaign already."), cases=taken)
    campaign = Campaign(
        consultation_id=cases[0].consultation_id, name=name, called_by=actor.account_id, called_at=clock()
    )
    session.add(campaign)
    session.flush()
    for case in cases:
        case.campaign_id = campaign.id
    session.flush()
    record(actor, "campaign.called", campaign, cases=[case.id for case in cases])
    return campaign


def decide_campaign(*, actor: Actor, campaign: Campaign, opinion: Opinion) -> Outcome:
    """Give one verdict on every open case of a campaign that nobody else holds and the actor may read.

    Each case keeps its own record, and moves on by the same rules as alone: a rejection waits for a second
    person. Records `campaign.judged` besides. Raises Forbidden, Invalid.
    """
    require(actor, Can.CALL_CAMPAIGN, ANY_CASE)
    explained(opinion)
    outcome = Outcome(campaign)
    now = clock()
    for case in _locked_members(actor, campaign):
        why = _why_not(actor, case, held=case.is_held(now) and not case.is_held_by(actor.account_id, now))
        if why is None and len(outcome.decided) == MOST_AT_ONCE:
            why = _("Too many at once; decide again for the rest.")
        if why is not None:
            outcome.left_out.append((case, why))
            continue
        try:
            outcome.decided.append(conclude(actor=actor, case=case, opinion=opinion))
        except Conflict as refusal:
            outcome.left_out.append((case, refusal.detail))
    record(
        actor,
        "campaign.judged",
        campaign,
        verdict=str(opinion.verdict),
        reason=str(opinion.reason) if opinion.reason else None,
        decided=[decision.case_id for decision in outcome.decided],
        left_out=[case.id for case, _why in outcome.left_out],
    )
    return outcome


def _why_not(actor: Actor, case: Case, *, held: bool) -> str | None:
    if held:
        return _("Another moderator holds this case.")
    try:
        require(actor, Can.CLAIM_CASE, case)
        refuse_outdated(case)
        refuse_reader(actor, case)
    except Problem as refusal:
        return refusal.detail
    return None


def _locked_members(actor: Actor, campaign: Campaign) -> Sequence[Case]:
    """Members that exist for the actor; their submissions' rows are locked before their own."""
    ids = select(Case.submission_id).where(Case.campaign_id == campaign.id, queries.visible_to(actor))
    session.execute(
        select(Submission.id).where(Submission.id.in_(ids)).order_by(Submission.id).with_for_update()
    )
    return session.scalars(
        select(Case)
        .where(Case.campaign_id == campaign.id, queries.visible_to(actor))
        .options(
            joinedload(Case.submission),
            joinedload(Case.version).defer(Version.canonical),
            joinedload(Case.consultation),
            selectinload(Case.decisions),
        )
        .order_by(Case.id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).all()
