"""What can happen to a consultation: prepared, changed, published, its deadline moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from consult.actor import Actor
from consult.audit import record
from consult.consultations import areas, queries
from consult.consultations.models import RESERVED, Consultation, DeadlineChange
from consult.db import clock, session
from consult.errors import Conflict, Invalid, Missing, Stale
from consult.i18n import gettext as _
from consult.instruments.loader import instrument
from consult.instruments.models import Instrument
from consult.outbox import promise
from consult.permissions import Can, require
from consult.vocabulary import UN_LANGUAGES, Phase

Terms = Mapping[str, Any]


def create_consultation(*, actor: Actor, terms: Terms) -> Consultation:
    """Prepare a consultation; it stays the secretariat's own until it is published.

    `terms` are those of `NewConsultation`. Records `consultation.created`. Raises Invalid with a message for
    every field that is wrong.
    """
    require(actor, Can.MANAGE_CONSULTATION)
    wanted = areas.named(terms.get("areas", ()))
    _check(terms["instrument"], wanted, terms["opens_at"], terms["closes_at"])
    plain = {name: value for name, value in terms.items() if name not in ("areas", "slug")}
    consultation = Consultation(
        slug=terms.get("slug") or _free_slug(terms["title"]),
        created_by=actor.account_id,
        **{"languages": list(UN_LANGUAGES), **plain},
    )
    areas.replace(consultation, wanted)
    session.add(consultation)
    session.flush()
    record(actor, "consultation.created", consultation, slug=consultation.slug, areas=len(wanted))
    return consultation


def change_consultation(
    *, actor: Actor, consultation: Consultation, changes: Terms, expected: int | None = None
) -> Consultation:
    """Change a consultation whose row the caller has locked; `expected` is the revision that the editor saw.

    `changes` are those of `ConsultationChange`. Records `consultation.changed` and, where a published one's
    deadline moves, `consultation.deadline_moved`, with the promise to tell everybody who has a draft. Raises
    Stale, Conflict (what is public may not be rewritten, an open deadline not shortened), Invalid.
    """
    require(actor, Can.MANAGE_CONSULTATION, consultation)
    if expected is not None and expected != consultation.revision:
        raise Stale(
            _("Somebody changed this consultation after you opened it."), revision=consultation.revision
        )
    plain = {
        name: value
        for name, value in changes.items()
        if name not in ("areas", "deadline_reason") and value != getattr(consultation, name)
    }
    _refuse_rewriting(consultation, plain, clock())
    wanted = areas.named(changes["areas"] if "areas" in changes else _present(consultation))
    _check(
        plain.get("instrument", consultation.instrument),
        wanted,
        plain.get("opens_at", consultation.opens_at),
        plain.get("closes_at", consultation.closes_at),
    )
    if "closes_at" in plain and consultation.published_at is not None:
        _move_deadline(actor, consultation, plain["closes_at"], changes.get("deadline_reason", ""))
    changed = _apply(consultation, plain, wanted)
    if changed:
        consultation.revision += 1
        session.flush()
        record(actor, "consultation.changed", consultation, fields=changed, revision=consultation.revision)
    return consultation


def publish_consultation(*, actor: Actor, consultation: Consultation) -> Consultation:
    """Announce a consultation whose row the caller has locked; it opens and closes by the clock alone.

    Records `consultation.published`. Raises Conflict when it is public already, Invalid without an area.
    """
    require(actor, Can.MANAGE_CONSULTATION, consultation)
    if consultation.published_at is not None:
        raise Conflict(_("This consultation is published already."))
    if not consultation.areas:
        raise Invalid(
            _("Nobody could write yet: add a thematic area first."),
            fields={"areas": [_("Add at least one thematic area.")]},
        )
    consultation.published_at = clock()
    consultation.revision += 1
    session.flush()
    record(actor, "consultation.published", consultation, revision=consultation.revision)
    return consultation


def _check(code: str, wanted: Sequence[Terms], opens_at: datetime, closes_at: datetime) -> None:
    """What one field alone cannot tell. Raises Invalid with every fault at once."""
    faults: dict[str, list[str]] = {}
    agreement = _agreement(code)
    if agreement is None:
        faults["instrument"] = [_("There is no agreement with this code.")]
    else:
        faults |= areas.faults(wanted, agreement)
    if closes_at <= opens_at:
        faults["closes_at"] = [_("Closing must come after opening.")]
    if faults:
        raise Invalid(fields=faults)


def _agreement(code: str) -> Instrument | None:
    try:
        return instrument(code)
    except Missing:
        return None


def _free_slug(title: str) -> str:
    """An address from the title, with a number where another consultation has it."""
    slug = candidate = areas.slug_of(title, 70, "consultation")
    number = 2
    while candidate in RESERVED or queries.slug_is_taken(candidate):
        candidate = f"{slug}-{number}"
        number += 1
    return candidate


def _refuse_rewriting(consultation: Consultation, changes: Terms, now: datetime) -> None:
    """Raise Conflict where people already rely on what shall be changed."""
    phase = consultation.phase(now)
    if phase == Phase.DRAFT:
        return
    if "slug" in changes or "instrument" in changes:
        raise Conflict(_("Address and agreement of a published consultation stay: others already cite them."))
    if phase == Phase.UPCOMING:
        return
    if "opens_at" in changes:
        raise Conflict(_("The consultation has opened; its opening time stays on record."))
    if "closes_at" not in changes:
        return
    if changes["closes_at"] < consultation.closes_at:
        raise Conflict(_("An open deadline may be extended, never shortened: people plan by it."))
    if changes["closes_at"] <= now:
        raise Invalid(fields={"closes_at": [_("The new closing time has already passed.")]})


def _move_deadline(actor: Actor, consultation: Consultation, after: datetime, reason: str) -> None:
    change = DeadlineChange(
        consultation_id=consultation.id,
        before=consultation.closes_at,
        after=after,
        reason=reason,
        changed_by=actor.account_id,
    )
    session.add(change)
    session.flush()
    record(
        actor,
        "consultation.deadline_moved",
        consultation,
        before=change.before.isoformat(),
        after=after.isoformat(),
        change=change.id,
    )
    promise("announce_deadline", change_id=change.id)


def _apply(consultation: Consultation, plain: Terms, wanted: Sequence[Terms]) -> list[str]:
    """Write the changes into the row; returns the names of what changed, for the record."""
    for name, value in plain.items():
        setattr(consultation, name, value)
    changed = sorted(plain)
    return [*changed, "areas"] if areas.replace(consultation, wanted) else changed


def _present(consultation: Consultation) -> list[Terms]:
    return [
        {name: getattr(area, name) for name in ("code", "title", *areas.PLAIN)} for area in consultation.areas
    ]
