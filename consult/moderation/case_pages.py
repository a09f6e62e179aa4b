"""HTML door of one case: the text, what readers will see of it, the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from consult.audit import record
from consult.db import clock
from consult.errors import Missing
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.languages import language_name
from consult.moderation import actions, campaigns, claims, queries, reading, redactions, schemas, showing
from consult.moderation.claims import claimable_by
from consult.moderation.door import asked_filters, blueprint, kept
from consult.permissions import Can, require
from consult.places import country_name
from consult.submissions.disclosure import identity_of
from consult.vocabulary import CaseStage, Reason, Role, Verdict
from consult.web.downloads import as_download
from consult.web.forms import form_values, load, page_with_form
from consult.web.identity import actor
from consult.wording import label, options

CASE = "/moderation/cases/<int:case_id>"
PAGE = "moderation/case.html"
# Senders of the same text that the page lists.
TWINS_SHOWN = 50


@blueprint.get(CASE)
def case(case_id: int) -> str:
    """One case; opening an own claim renews it."""
    return render_template(PAGE, **_context(case_id), values={}, errors={})


def _context(case_id: int) -> dict[str, Any]:
    who, now = actor(), clock()
    found = queries.whole_case(who, case_id)
    require(who, Can.READ_CASE, found)
    claims.renew(actor=who, case=found)
    shown, identity = showing.whole(who, found, now), identity_of(found.submission)
    twins = [one for one in shown["findings"] if one["kind"] == "duplicate"]
    return {
        "case": found,
        "shown": shown,
        "identity": identity,
        "country": country_name(identity.country, current_locale()) if identity.country else "",
        "language": language_name(found.language, current_locale()),
        "paragraphs": reading.marked_paragraphs(found),
        "findings": reading.finding_lines(shown["findings"], _titles(found)),
        "areas": reading.area_lines(found),
        "events": reading.history(who, found),
        "claimable": claimable_by(who, found, now),
        "may_lift": who.role == Role.SENIOR_MODERATOR,
        "twins": queries.cases_with_same_text(who, found, TWINS_SHOWN) if twins else [],
        "campaign": queries.campaign(who, found.campaign_id) if found.campaign_id else None,
        "attachments": queries.attachments_of(found),
        "verdicts": [verdict for verdict in Verdict if _may_say(found.stage, verdict)],
        "reasons": options(Reason),
        "here": {"case_id": case_id, **kept()},
        "kept": kept(),
    }


def _titles(found: Any) -> dict[str, str]:
    return {paragraph.area.code: paragraph.area.title for paragraph in found.version.paragraphs}


def _may_say(stage: CaseStage, verdict: Verdict) -> bool:
    return verdict != Verdict.ESCALATE or stage in (CaseStage.FIRST, CaseStage.SECOND)


def _with_case(case_id: int, act: Callable[[], Any]) -> Any:
    return page_with_form(PAGE, act, context=lambda: _context(case_id))


def _back(case_id: int) -> Any:
    return redirect(url_for("moderation.case", case_id=case_id, **kept()), 303)


@blueprint.post(f"{CASE}/claim")
def claim(case_id: int) -> Any:
    """Claim this case."""

    def act() -> Any:
        claims.claim_case(actor=actor(), case=queries.case(actor(), case_id))
        return _back(case_id)

    return _with_case(case_id, act)


@blueprint.post(f"{CASE}/release")
def release(case_id: int) -> Any:
    """Give it back to the queue."""

    def act() -> Any:
        claims.release(actor=actor(), case=queries.case(actor(), case_id))
        flash(_("The case is back in the queue."), "success")
        return redirect(url_for("moderation.cases", **kept()), 303)

    return _with_case(case_id, act)


@blueprint.post(f"{CASE}/decision")
def decide(case_id: int) -> Any:
    """Give a verdict, and go on to the next case unless the moderator stays."""

    def act() -> Any:
        who, found = actor(), queries.locked_case(actor(), case_id)
        values = {name: value for name, value in form_values(request.form).items() if value}
        stay = values.pop("then", "") == "stay"
        opinion = actions.Opinion(**load(schemas.OpinionIn(), values))
        decision = actions.decide(actor=who, case=found, opinion=opinion)
        flash(f"{found.submission.reference}: {label(decision.verdict)}. {_leads_to(found.stage)}", "success")
        if stay:
            return _back(case_id)
        following = claims.claim_next(actor=who, filters=asked_filters())
        if following is None:
            return redirect(url_for("moderation.cases", **kept()), 303)
        return _back(following.id)

    return _with_case(case_id, act)


def _leads_to(stage: CaseStage) -> str:
    match stage:
        case CaseStage.SECOND:
            return _("A second person reads it now, without knowing your verdict.")
        case CaseStage.ESCALATED:
            return _("A senior moderator who took no part decides.")
        case _:
            return _("The contributor is told.")


@blueprint.post(f"{CASE}/redactions")
def redact(case_id: int) -> Any:
    """Hide words: typed, or filled in by the selection."""

    def act() -> Any:
        found = queries.locked_case(actor(), case_id)
        values = {name: value for name, value in form_values(request.form).items() if value}
        asked = load(schemas.WordsIn(), values)
        paragraph = redactions.paragraph_of(found, asked["paragraph"])
        start, end = redactions.span_of(paragraph, asked["words"], asked["occurrence"])
        redactions.redact(
            actor=actor(),
            case=found,
            paragraph_number=paragraph.number,
            start=start,
            end=end,
            reason=asked["why"],
        )
        return redirect(
            url_for("moderation.case", case_id=case_id, **kept(), _anchor=f"p{paragraph.number}"), 303
        )

    return _with_case(case_id, act)


@blueprint.post(f"{CASE}/redactions/<int:redaction_id>/lifting")
def lift(case_id: int, redaction_id: int) -> Any:
    """Show hidden words again."""

    def act() -> Any:
        found = queries.locked_case(actor(), case_id)
        redactions.lift_redaction(actor=actor(), case=found, redaction_id=redaction_id)
        flash(_("The words are shown again."), "success")
        return _back(case_id)

    return _with_case(case_id, act)


@blueprint.post(f"{CASE}/campaign")
def call_campaign(case_id: int) -> Any:
    """Call this case and chosen others with the same text a campaign."""

    def act() -> Any:
        values = form_values(request.form, several=("cases",))
        numbers = [
            int(text) for text in values["cases"] if text.isascii() and text.isdigit() and len(text) < 16
        ]
        asked = load(schemas.CampaignIn(), {"name": values.get("name", ""), "cases": [case_id, *numbers]})
        found = campaigns.call_campaign(actor=actor(), case_ids=asked["cases"], name=asked["name"])
        return redirect(url_for("moderation.campaign", campaign_id=found.id), 303)

    return _with_case(case_id, act)


@blueprint.get(f"{CASE}/attachments/<int:attachment_id>")
def attachment(case_id: int, attachment_id: int) -> Response:
    """A file given with the submission, as it was received. Opening it is on record."""
    found = queries.case(actor(), case_id)
    require(actor(), Can.READ_CASE, found)
    for file in queries.attachments_of(found):
        if file.id == attachment_id:
            record(actor(), "case.file_opened", found, sha256=file.sha256)
            return as_download(file)
    raise Missing
