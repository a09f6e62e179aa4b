"""The case page in words: findings as sentences, texts with their marks, the history that may be seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.actor import Actor
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.languages import language_name
from consult.moderation import queries, showing
from consult.moderation.marking import Piece, pieces
from consult.moderation.models import Case
from consult.moderation.redactions import live
from consult.submissions.models import Paragraph
from consult.vocabulary import CaseStage, FindingKind, Verdict
from consult.wording import label, tone

# So many places of one kind are listed above the text; the marks in it show them all.
LISTED = 8

Line = Mapping[str, Any]


@dataclass(frozen=True)
class MarkedParagraph:
    """A paragraph as filed, cut at its marks, and as readers will see it."""

    number: int
    area: str
    pieces: Sequence[Piece]
    disclosed_text: str
    redactions: Sequence[Mapping[str, Any]]


def marked_paragraphs(case: Case) -> list[MarkedParagraph]:
    """Every paragraph with the evidence of the findings marked in it."""
    marks: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for finding in case.findings:
        if finding.kind != FindingKind.LANGUAGE:
            for place in finding.evidence:
                marks[place["paragraph"]].append((place["start"], place["end"], label(finding.kind)))
    return [_marked(paragraph, marks[paragraph.number]) for paragraph in case.version.paragraphs]


def _marked(paragraph: Paragraph, marks: list[tuple[int, int, str]]) -> MarkedParagraph:
    hidden = live(paragraph)
    return MarkedParagraph(
        number=paragraph.number,
        area=paragraph.area.title,
        pieces=pieces(paragraph.text, marks, [(one.start, one.end) for one in hidden]),
        disclosed_text=paragraph.disclosed_text,
        redactions=[
            {"id": one.id, "words": paragraph.text[one.start : one.end], "reason": one.reason}
            for one in hidden
        ],
    )


def finding_lines(found: Sequence[Mapping[str, Any]], areas: Mapping[str, str]) -> list[Line]:
    """Lines for `finding_list` from findings with quoted evidence; `areas` are titles by code."""
    return [line for finding in found for line in _lines(finding, areas)]


def _lines(finding: Mapping[str, Any], areas: Mapping[str, str]) -> Iterator[Line]:
    kind, facts, evidence = finding["kind"], finding["facts"], finding["evidence"]
    name = label(kind)
    match kind:
        case FindingKind.LANGUAGE:
            yield {"label": name, "detail": _language(facts)}
        case FindingKind.TOO_LONG:
            for area in facts["areas"]:
                title = areas.get(area["area"], area["area"])
                words = _("%(area)s: %(words)s of %(limit)s words", **{**area, "area": title})
                yield {"label": name, "detail": words}
        case FindingKind.EMPTY:
            yield {"label": name, "detail": ", ".join(areas.get(code, code) for code in facts["areas"])}
        case FindingKind.DUPLICATE:
            named = ", ".join(facts["references"][:LISTED])
            more = facts["count"] - LISTED
            yield {
                "label": name,
                "detail": _("%(named)s and %(more)s more", named=named, more=more) if more > 0 else named,
            }
        case _:
            for place in evidence[:LISTED]:
                yield {"label": name, "paragraph": place["paragraph"], "detail": place["text"]}
            if facts.get("count", 0) > LISTED:
                yield {
                    "label": name,
                    "detail": _("%(count)s in all, marked in the text", count=facts["count"]),
                }


def _language(facts: Mapping[str, Any]) -> str:
    found = facts["detected"]
    seen = _("another language") if found == "other" else language_name(found, current_locale())
    return _(
        "declared as %(declared)s; %(share)s %% of the text looks like %(seen)s",
        declared=language_name(facts["declared"], current_locale()),
        share=round(100 * facts["share"]),
        seen=seen,
    )


def area_lines(case: Case) -> list[tuple[str, str]]:
    """Words under each thematic area against its limit."""
    words: dict[str, int] = defaultdict(int)
    limits: dict[str, int | None] = {}
    for paragraph in case.version.paragraphs:
        words[paragraph.area.title] += paragraph.words
        limits[paragraph.area.title] = paragraph.area.word_limit
    return [
        (
            title,
            _("%(count)s of %(limit)s words", count=count, limit=limits[title])
            if limits[title]
            else str(count),
        )
        for title, count in words.items()
    ]


def history(actor: Actor, case: Case) -> list[Line]:
    """What happened to the case, oldest first, as far as the actor may see it; nobody is named."""
    version = case.version
    events: list[dict[str, Any]] = [
        {"at": version.received_at, "label": _("Received as version %(number)s", number=version.number)},
        {"at": case.opened_at, "label": _("Screened"), "by": _("the machine")},
    ]
    appeal = queries.appeal_of(case) if case.stage in (CaseStage.APPEAL, CaseStage.DECIDED) else None
    if appeal is not None:
        events.append({"at": appeal.made_at, "label": _("Appealed"), "note": appeal.grounds, "tone": "warn"})
    events += [_judged(showing.decision_seen(actor, one)) for one in queries.decisions_seen(actor, case)]
    return sorted(events, key=lambda event: event["at"])


def _judged(decision: Mapping[str, Any]) -> dict[str, Any]:
    verdict: Verdict = decision["verdict"]
    reason = f" · {label(decision['reason'])}" if decision["reason"] else ""
    notes = [decision["message"]]
    if decision["internal_note"]:
        notes.append(_("Internal note: %(note)s", note=decision["internal_note"]))
    return {
        "at": decision["decided_at"],
        "label": f"{label(decision['stage'])}: {label(verdict)}{reason}",
        "by": _("you") if decision["mine"] else _("another reader"),
        "note": "\n\n".join(note for note in notes if note),
        "tone": tone(verdict),
    }
