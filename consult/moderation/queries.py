"""Reads of cases, scoped to who asks: a moderator's own organisations' cases do not exist for that person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, all_, and_, false, func, literal, or_, select, text, true
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from consult.accounts.models import Account, Membership
from consult.actor import Actor
from consult.db import session
from consult.errors import Missing
from consult.moderation.models import OPEN, Appeal, Campaign, Case, Decision
from consult.submissions.models import Attachment, Paragraph, Signature, Submission, Version
from consult.vocabulary import CaseStage, MembershipState, Role, Scope

BIGGEST = 2**63 - 1


def visible_to(actor: Actor, of: Any = Case) -> ColumnElement[bool]:
    """SQL twin of `Can.READ_CASE`: every case but those that a body of the moderator's filed or signs.

    `of` may be an alias of Case.
    """
    if actor.role not in (Role.MODERATOR, Role.SENIOR_MODERATOR):
        return false()
    if actor.scopes is not None and Scope.READ not in actor.scopes:
        return false()
    if not actor.organisations:
        return true()
    signed = select(Signature.id).where(
        Signature.submission_id == of.submission_id,
        Signature.organisation_id.in_(actor.organisations),
        Signature.declined_at.is_(None),
    )
    return and_(of.organisation_id.not_in(actor.organisations), ~signed.exists())


def is_open() -> ColumnElement[bool]:
    """SQL: some reading is still to come."""
    return text(f"moderation_case.{OPEN}")  # type: ignore[return-value]


def is_at(stage: CaseStage) -> ColumnElement[bool]:
    """SQL: the case is at this stage; spelt out, so that the indexes over some stages serve."""
    return text(f"moderation_case.stage = '{stage}'")  # type: ignore[return-value]


def is_free() -> ColumnElement[bool]:
    """SQL: nobody's claim on it lives."""
    return or_(Case.claimed_until.is_(None), Case.claimed_until <= func.clock_timestamp())


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """SQL: the next reading may be this moderator's: a first one, or for a senior any after no own part."""
    if actor.role != Role.SENIOR_MODERATOR:
        return is_at(CaseStage.FIRST)
    return and_(is_open(), literal(actor.account_id) != all_(Case.readers))


def case(actor: Actor, case_id: int, *options: ExecutableOption, lock: bool = False) -> Case:
    """One case with its submission and consultation; `lock` holds its row until the commit.

    Raises Missing when it does not exist for this actor.
    """
    wanted = (
        select(Case)
        .where(Case.id == case_id, visible_to(actor))
        .options(
            joinedload(Case.submission).joinedload(Submission.organisation),
            joinedload(Case.version).defer(Version.canonical),
            joinedload(Case.consultation),
            *options,
        )
    )
    if lock:
        wanted = wanted.with_for_update(of=Case).execution_options(populate_existing=True)
    found = session.scalars(wanted).unique().one_or_none() if 0 < case_id <= BIGGEST else None
    if found is None:
        raise Missing
    return found


def whole_case(actor: Actor, case_id: int) -> Case:
    """One case with everything that its page and its JSON show, in a fixed number of queries."""
    paragraphs = joinedload(Case.version).selectinload(Version.paragraphs)
    return case(
        actor,
        case_id,
        selectinload(Case.findings),
        selectinload(Case.decisions),
        paragraphs.joinedload(Paragraph.area),
        paragraphs.selectinload(Paragraph.redactions),
    )


def locked_case(actor: Actor, case_id: int) -> Case:
    """One case with its row and its submission's held until the commit. Raises Missing.

    The submission comes first, as in screening and in filing: one order, no deadlock.
    """
    if 0 < case_id <= BIGGEST:
        its_submission = select(Case.submission_id).where(Case.id == case_id).scalar_subquery()
        session.execute(select(Submission.id).where(Submission.id == its_submission).with_for_update())
    return case(
        actor,
        case_id,
        selectinload(Case.decisions),
        joinedload(Case.version).selectinload(Version.paragraphs).selectinload(Paragraph.redactions),
        lock=True,
    )


def decisions_seen(actor: Actor, found: Case) -> Sequence[Decision]:
    """The verdicts on a case that the actor may see.

    Once decided, all. Before, one's own; and all for whoever holds it as an escalation or an appeal, which is
    judged with the whole history in view. A second reader is blind to the first.
    """
    if not found.is_open:
        return found.decisions
    judges = found.stage in (CaseStage.ESCALATED, CaseStage.APPEAL)
    if judges and actor.role == Role.SENIOR_MODERATOR and found.claimed_by == actor.account_id:
        return found.decisions
    return [decision for decision in found.decisions if decision.decided_by == actor.account_id]


def appeal_of(found: Case) -> Appeal | None:
    return session.scalars(select(Appeal).where(Appeal.case_id == found.id)).one_or_none()


def _twin_cases(actor: Actor, twin: Any) -> Select[int]:
    """Cases of other submissions to the same consultation with exactly the text of the enclosing `Case`."""
    twin_version, own_version = aliased(Version), aliased(Version)
    return (
        select(twin.submission_id)
        .join(twin_version, twin_version.id == twin.version_id)
        .join(own_version, own_version.text_fingerprint == twin_version.text_fingerprint)
        .where(
            own_version.id == Case.version_id,
            twin.consultation_id == Case.consultation_id,
            twin.submission_id != Case.submission_id,
            twin.stage != CaseStage.CLOSED,
            visible_to(actor, twin),
        )
        .correlate(Case)
    )


def has_visible_twin(actor: Actor) -> ColumnElement[bool]:
    """SQL: some other submission's case with exactly this text exists for the actor."""
    return _twin_cases(actor, aliased(Case)).exists()


def twins(actor: Actor, cases: Sequence[Case], most: int) -> dict[int, list[str]]:
    """References of submissions with exactly the text of each case, by case id, `most` for each."""
    if not cases:
        return {}
    other = aliased(Case)
    each = _twin_cases(actor, other).order_by(other.id).limit(most).lateral()
    rows = session.execute(
        select(Case.id, each.c.submission_id)
        .join(each, true())
        .where(Case.id.in_([found.id for found in cases]))
    )
    named: dict[int, list[str]] = {}
    for case_id, submission_id in rows:
        named.setdefault(case_id, []).append(f"S-{submission_id:04d}")
    return named


def cases_with_same_text(actor: Actor, found: Case, limit: int) -> Sequence[Case]:
    """Other submissions' cases with exactly this text, oldest first, as far as they exist for the actor."""
    same = select(Version.id).where(Version.text_fingerprint == found.version.text_fingerprint)
    return session.scalars(
        listed(actor)
        .where(
            Case.consultation_id == found.consultation_id,
            Case.submission_id != found.submission_id,
            Case.stage != CaseStage.CLOSED,
            Case.version_id.in_(same),
        )
        .order_by(Case.id)
        .limit(limit)
    ).all()


def campaign(actor: Actor, campaign_id: int) -> Campaign:
    """A campaign some member of which exists for the actor. Raises Missing."""
    member = select(Case.id).where(Case.campaign_id == Campaign.id, visible_to(actor))
    found = (
        session.scalars(select(Campaign).where(Campaign.id == campaign_id, member.exists())).one_or_none()
        if 0 < campaign_id <= BIGGEST
        else None
    )
    if found is None:
        raise Missing
    return found


def members_of(actor: Actor, found: Campaign, limit: int) -> Sequence[Case]:
    """The cases of a campaign that exist for the actor, oldest first."""
    return session.scalars(
        listed(actor).where(Case.campaign_id == found.id).order_by(Case.id).limit(limit)
    ).all()


def chosen_cases(actor: Actor, case_ids: Iterable[int]) -> Sequence[Case]:
    """Those of the given cases that exist for the actor, locked until the commit."""
    ids = [number for number in case_ids if 0 < number <= BIGGEST]
    return session.scalars(
        select(Case).where(Case.id.in_(ids), visible_to(actor)).order_by(Case.id).with_for_update(of=Case)
    ).all()


def listed(actor: Actor) -> Select[Case]:
    """Cases that exist for the actor, with what a line of a list shows."""
    return (
        select(Case)
        .where(visible_to(actor))
        .options(
            joinedload(Case.submission).joinedload(Submission.organisation),
            joinedload(Case.version).defer(Version.canonical),
            joinedload(Case.consultation),
        )
    )


def people_to_tell(version: Version, organisation_id: int) -> Sequence[Account]:
    """Who hears of a decision: the body's focal points, and the filer while still a member."""
    return session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state == MembershipState.APPROVED,
            or_(Membership.is_focal_point, Account.id == version.filed_by),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
    ).all()


def attachments_of(found: Case) -> Sequence[Attachment]:
    """The files filed with the submission that stand now."""
    return session.scalars(
        select(Attachment)
        .where(
            Attachment.submission_id == found.submission_id,
            Attachment.first_version <= found.version.number,
            Attachment.removed_at.is_(None),
        )
        .order_by(Attachment.id)
    ).all()
