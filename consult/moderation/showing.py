"""A case as its moderator may see it: state, findings, paragraphs on both sides, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from consult.actor import Actor
from consult.moderation import queries
from consult.moderation.models import Case, Decision, Finding
from consult.moderation.redactions import live
from consult.submissions.models import Paragraph
from consult.vocabulary import CaseStage, FindingKind

# How many senders of the same text are named, in a list and on the case itself.
NAMED, NAMED_ON_CASE = 20, 200

Twins = Mapping[int, Sequence[str]]


def state_of(case: Case, now: datetime) -> str:
    """`waiting`, `claimed`, `decided` or `closed`."""
    if not case.is_open:
        return str(case.stage)
    return "claimed" if case.is_held(now) else "waiting"


def in_list(actor: Actor, case: Case, now: datetime, twins: Twins) -> dict[str, Any]:
    """The members of a case that a list shows; never a word of its text."""
    held = case.is_held(now)
    return {
        "id": case.id,
        "reference": case.submission.reference,
        "version": case.version.number,
        "consultation": case.consultation.slug,
        "title": case.version.title,
        "stage": case.stage,
        "state": state_of(case, now),
        "language": case.language,
        "group": case.stakeholder_group,
        "publication": case.version.publication,
        "areas": case.areas,
        "received_at": case.version.received_at,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "overdue": case.is_open and case.due_at < now,
        "late": case.version.late,
        "claimed": held,
        "claimed_by_me": case.is_held_by(actor.account_id, now),
        "claimed_until": case.claimed_until if held else None,
        "campaign": case.campaign_id,
        "findings": findings_seen(case, twins),
    }


def whole(actor: Actor, case: Case, now: datetime) -> dict[str, Any]:
    """A case with its sealed text, for the moderator who judges it, and what readers see beside it."""
    twins = queries.twins(actor, [case], NAMED_ON_CASE)
    texts = {paragraph.number: paragraph.text for paragraph in case.version.paragraphs}
    found = findings_seen(case, twins)
    for finding in found:
        finding["evidence"] = [_quoted(place, texts) for place in finding["evidence"]]
    appeal = queries.appeal_of(case) if case.stage in (CaseStage.APPEAL, CaseStage.DECIDED) else None
    return {
        **in_list(actor, case, now, twins),
        "findings": found,
        "paragraphs": [_paragraph(paragraph) for paragraph in case.version.paragraphs],
        "decisions": [decision_seen(actor, one) for one in queries.decisions_seen(actor, case)],
        "appeal": {"grounds": appeal.grounds, "made_at": appeal.made_at} if appeal else None,
    }


def decision_seen(actor: Actor, decision: Decision) -> dict[str, Any]:
    """One verdict as moderators see it; who gave it is in the audit record alone."""
    return {
        "id": decision.id,
        "case": decision.case_id,
        "stage": decision.stage,
        "verdict": decision.verdict,
        "reason": decision.reason,
        "message": decision.message,
        "internal_note": decision.internal_note,
        "decided_at": decision.decided_at,
        "final": decision.is_final,
        "mine": decision.decided_by == actor.account_id,
    }


def findings_seen(case: Case, twins: Twins) -> list[dict[str, Any]]:
    """What screening noticed; of identical texts only those whose cases exist for the actor."""
    shown = []
    for finding in case.findings:
        facts = dict(finding.facts)
        if finding.kind == FindingKind.DUPLICATE:
            others = list(twins.get(case.id, ()))
            if not others:
                continue
            facts = {"references": others, "count": len(others)}
        shown.append({"kind": finding.kind, "evidence": list(finding.evidence), "facts": facts})
    return shown


def twins_of_list(actor: Actor, cases: Sequence[Case]) -> Twins:
    """Identical texts of listed cases, asked for only where screening saw some."""
    marked = [case for case in cases if any(_is_duplicate(finding) for finding in case.findings)]
    return queries.twins(actor, marked, NAMED)


def _is_duplicate(finding: Finding) -> bool:
    return finding.kind == FindingKind.DUPLICATE


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "number": paragraph.number,
        "area": paragraph.area.code,
        "text": paragraph.text,
        "disclosed_text": paragraph.disclosed_text,
        "redactions": [
            {"id": one.id, "start": one.start, "end": one.end, "reason": one.reason}
            for one in live(paragraph)
        ],
    }


def _quoted(place: Mapping[str, Any], texts: Mapping[int, str]) -> dict[str, Any]:
    text = texts.get(place["paragraph"], "")
    return {**place, "text": text[place["start"] : place["end"]]}
