"""Words hidden from readers: a reason-coded span of one paragraph; the original stays sealed."""

from __future__ import annotations

import re

from consult.actor import Actor
from consult.audit import record
from consult.db import clock
from consult.errors import Conflict, Forbidden, Invalid, Missing
from consult.i18n import gettext as _
from consult.moderation.actions import refuse_outdated
from consult.moderation.models import Case
from consult.permissions import Can, require
from consult.submissions import disclosure
from consult.submissions.models import Paragraph, Redaction
from consult.vocabulary import Reason, Role


def redact(
    *, actor: Actor, case: Case, paragraph_number: int, start: int, end: int, reason: Reason
) -> Redaction:
    """Hide characters `start` to `end` (code points, end excluded) of a paragraph of a case the actor holds.

    What readers see changes at once. Records `case.redacted`. Raises Forbidden, Invalid (outside the text),
    Conflict (not held, outdated, or it overlaps what is hidden already).
    """
    require(actor, Can.READ_CASE, case)
    if case.is_open and not case.is_held_by(actor.account_id, clock()):
        raise Conflict(_("You do not hold this case; claim it first."))
    refuse_outdated(case)
    require(actor, Can.DECIDE_CASE, case)
    paragraph = paragraph_of(case, paragraph_number)
    _refuse_outside(paragraph, start, end)
    _refuse_overlap(paragraph, start, end)
    redaction = Redaction(
        paragraph_id=paragraph.id, start=start, end=end, reason=reason, made_by=actor.account_id
    )
    paragraph.redactions.append(redaction)
    disclosure.refresh(paragraph)
    record(
        actor,
        "case.redacted",
        case,
        redaction=redaction.id,
        paragraph=paragraph.number,
        start=start,
        end=end,
        reason=str(reason),
    )
    return redaction


def lift_redaction(*, actor: Actor, case: Case, redaction_id: int) -> Redaction:
    """Show again what another person hid; for senior moderators. Records `case.redaction_lifted`.

    Raises Missing, Forbidden (not senior, or an own redaction), Conflict (lifted already).
    """
    require(actor, Can.CLAIM_CASE, case)
    redaction, paragraph = _redaction_of(case, redaction_id)
    if actor.role != Role.SENIOR_MODERATOR:
        raise Forbidden(_("Only a senior moderator may show hidden words again."))
    if redaction.made_by == actor.account_id:
        raise Forbidden(_("You hid these words yourself; another senior moderator must judge that."))
    if redaction.lifted_at is not None:
        raise Conflict(_("These words are shown again already."))
    redaction.lifted_at, redaction.lifted_by = clock(), actor.account_id
    disclosure.refresh(paragraph)
    record(actor, "case.redaction_lifted", case, redaction=redaction.id, paragraph=paragraph.number)
    return redaction


def span_of(paragraph: Paragraph, words: str, occurrence: int) -> tuple[int, int]:
    """Where `words` stand in a paragraph for the `occurrence`-th time (from 1); spaces may differ.

    Raises Invalid naming the field when they do not.
    """
    parts = words.split()
    if not parts:
        raise Invalid(fields={"words": [_("Give the words to hide.")]})
    pattern = re.compile(r"\s+".join(map(re.escape, parts)))
    found = [match.span() for match in pattern.finditer(paragraph.text)]
    if not found:
        missing = _("Paragraph %(number)s does not contain these words.", number=paragraph.number)
        raise Invalid(fields={"words": [missing]})
    if not 1 <= occurrence <= len(found):
        raise Invalid(fields={"occurrence": [_("They stand there %(count)s times.", count=len(found))]})
    return found[occurrence - 1]


def paragraph_of(case: Case, number: int) -> Paragraph:
    """The paragraph with this number in the case's version. Raises Invalid."""
    for paragraph in case.version.paragraphs:
        if paragraph.number == number:
            return paragraph
    raise Invalid(fields={"paragraph": [_("This version has no such paragraph.")]})


def live(paragraph: Paragraph) -> list[Redaction]:
    """The spans that are hidden now, in reading order."""
    return sorted((one for one in paragraph.redactions if one.lifted_at is None), key=lambda one: one.start)


def _refuse_outside(paragraph: Paragraph, start: int, end: int) -> None:
    length = len(paragraph.text)
    faults: dict[str, list[str]] = {}
    if not 0 <= start < length:
        faults["start"] = [_("The paragraph has characters 0 to %(length)s.", length=length)]
    if not start < end <= length:
        faults["end"] = [_("The end lies behind the start, at most at %(length)s.", length=length)]
    if faults:
        raise Invalid(fields=faults)


def _refuse_overlap(paragraph: Paragraph, start: int, end: int) -> None:
    for other in live(paragraph):
        if start < other.end and other.start < end:
            raise Conflict(
                _(
                    "Characters %(start)s to %(end)s are hidden already; choose words beside them.",
                    start=other.start,
                    end=other.end,
                )
            )


def _redaction_of(case: Case, redaction_id: int) -> tuple[Redaction, Paragraph]:
    for paragraph in case.version.paragraphs:
        for redaction in paragraph.redactions:
            if redaction.id == redaction_id:
                return redaction, paragraph
    raise Missing
