"""Cases begin with screening and end when their version no longer stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pycountry
from sqlalchemy import func, select, update
from sqlalchemy.orm import defer, joinedload, selectinload

from consult.accounts.models import Organisation
from consult.actor import Actor
from consult.audit import record
from consult.db import clock, session
from consult.moderation import fairness
from consult.moderation.models import Case, Finding
from consult.moderation.queries import is_open
from consult.moderation.screening import pipeline
from consult.moderation.screening.findings import AreaLength, Evidence, Passage, ScreeningInput
from consult.permissions import Can, require
from consult.submissions.models import Paragraph, Submission, Version
from consult.submissions.transitions import advance
from consult.vocabulary import CaseStage, FindingKind, SubmissionState, SubmissionVerb

# A finding names this many senders of the same text; the campaign panel finds all of them.
MOST_NAMED = 20

Wording = tuple[int, str]


@dataclass(frozen=True)
class Senders:
    """Standing submissions of one consultation with one and the same text: how many, and the first few."""

    count: int
    submissions: tuple[int, ...]

    def besides(self, submission_id: int) -> tuple[str, ...]:
        """References of the others."""
        others = [number for number in self.submissions if number != submission_id]
        return tuple(f"S-{number:04d}" for number in others[:MOST_NAMED])


def open_cases(*, actor: Actor, version_ids: Sequence[int]) -> list[Case]:
    """Screen filed versions and open their cases; what has a case, or stands no longer, is passed over.

    A fixed number of queries for any number of versions. The submissions move on to moderation, older cases
    of theirs close, and earlier cases with the same text are marked too. Records `submission.screened`.
    """
    require(actor, Can.SCREEN)
    versions = _unscreened(version_ids)
    if not versions:
        return []
    _close_older(versions)
    senders = _senders(versions)
    now = clock()
    opened = [_opened(version, senders[_wording(version)], now) for version in versions]
    session.add_all(opened)
    session.flush()
    _mark_earlier(opened, senders)
    for case in opened:
        kinds = sorted(str(finding.kind) for finding in case.findings)
        record(
            actor,
            "submission.screened",
            case.submission,
            version=case.version.number,
            case=case.id,
            findings=kinds,
        )
    return opened


def close_cases(*, actor: Actor, submission_id: int) -> None:
    """Close what is open of a withdrawn submission. Records `case.closed` for each."""
    require(actor, Can.SCREEN)
    closed = session.scalars(
        update(Case)
        .where(Case.submission_id == submission_id, is_open())
        .values(stage=CaseStage.CLOSED, claimed_by=None, claimed_until=None)
        .returning(Case)
    ).all()
    for case in closed:
        record(actor, "case.closed", case)


def _unscreened(version_ids: Sequence[int]) -> Sequence[Version]:
    """Standing, unscreened versions, in the order in which they came; their submissions' rows are held."""
    screened = select(Case.id).where(Case.version_id == Version.id)
    return session.scalars(
        select(Version)
        .join(Version.submission)
        .where(
            Version.id.in_(version_ids),
            Version.number == Submission.version,
            Submission.state == SubmissionState.SUBMITTED,
            ~screened.exists(),
        )
        .options(
            defer(Version.canonical),
            joinedload(Version.submission).joinedload(Submission.consultation),
            joinedload(Version.submission).joinedload(Submission.organisation),
            selectinload(Version.paragraphs).joinedload(Paragraph.area),
        )
        .order_by(Version.submission_id)
        .with_for_update(of=Submission)
        .execution_options(populate_existing=True)
    ).all()


def _close_older(versions: Iterable[Version]) -> None:
    session.execute(
        update(Case)
        .where(Case.submission_id.in_([version.submission_id for version in versions]), is_open())
        .values(stage=CaseStage.CLOSED, claimed_by=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
    )


def _wording(version: Version) -> Wording:
    return version.submission.consultation_id, version.text_fingerprint


def _senders(versions: Sequence[Version]) -> Mapping[Wording, Senders]:
    """Who else sent these texts, by consultation and fingerprint, themselves included."""
    first = func.array_agg(Submission.id.op("order by")(Submission.id))
    rows = session.execute(
        select(Submission.consultation_id, Version.text_fingerprint, func.count(), first)
        .join(Version.submission)
        .where(
            Version.number == Submission.version,
            Version.text_fingerprint.in_({version.text_fingerprint for version in versions}),
            Submission.state != SubmissionState.WITHDRAWN,
        )
        .group_by(Submission.consultation_id, Version.text_fingerprint)
    ).all()
    found: dict[Wording, Senders] = defaultdict(lambda: Senders(0, ()))
    for consultation_id, fingerprint, count, ids in rows:
        found[consultation_id, fingerprint] = Senders(count, tuple(ids[: MOST_NAMED + 1]))
    return found


def _opened(version: Version, senders: Senders, now: datetime) -> Case:
    submission = version.submission
    advance(submission, SubmissionVerb.SCREEN)
    findings = [
        Finding(kind=found.kind, evidence=[_place(item) for item in found.evidence], facts=dict(found.facts))
        for found in pipeline.screen(_screening_input(version, senders))
    ]
    for finding in findings:
        if finding.kind == FindingKind.DUPLICATE:
            finding.facts = {**finding.facts, "count": senders.count - 1}
    consultation = submission.consultation
    due = fairness.due_at(version.received_at, consultation.closes_at, consultation.service_days)
    return Case(
        version=version,
        submission=submission,
        consultation=consultation,
        organisation_id=submission.organisation_id,
        language=version.language,
        stakeholder_group=submission.organisation.stakeholder_group,
        areas=list(dict.fromkeys(paragraph.area.code for paragraph in version.paragraphs)),
        readers=[],
        stage=CaseStage.FIRST,
        opened_at=now,
        due_at=due,
        fair_at=fairness.fair_at(due, [finding.kind for finding in findings]),
        findings=findings,
    )


def _place(evidence: Evidence) -> dict[str, Any]:
    """Where a finding rests. The words themselves stay in the sealed paragraph, and nowhere else."""
    return {"paragraph": evidence.paragraph, "start": evidence.start, "end": evidence.end}


def _screening_input(version: Version, senders: Senders) -> ScreeningInput:
    words: dict[str, int] = defaultdict(int)
    limits: dict[str, int | None] = {}
    for paragraph in version.paragraphs:
        words[paragraph.area.code] += paragraph.words
        limits[paragraph.area.code] = paragraph.area.word_limit
    return ScreeningInput(
        language=version.language,
        paragraphs=tuple(Passage(part.number, part.area.code, part.text) for part in version.paragraphs),
        lengths=tuple(AreaLength(area, count, limits[area]) for area, count in words.items()),
        duplicates=senders.besides(version.submission_id),
        regions=_regions(version.submission.organisation),
    )


def _regions(organisation: Organisation) -> tuple[str, ...]:
    country = pycountry.countries.get(alpha_3=organisation.country)
    return (country.alpha_2,) if country else ()


def _mark_earlier(opened: Sequence[Case], senders: Mapping[Wording, Senders]) -> None:
    """Give earlier open cases with the same text the finding that they could not have had when they came."""
    shared = {_wording(case.version) for case in opened if senders[_wording(case.version)].count > 1}
    if not shared:
        return
    marked = select(Finding.id).where(Finding.case_id == Case.id, Finding.kind == FindingKind.DUPLICATE)
    earlier = session.execute(
        select(Case.id, Case.submission_id, Case.consultation_id, Version.text_fingerprint)
        .join(Case.version)
        .where(Version.text_fingerprint.in_({text for _, text in shared}), is_open(), ~marked.exists())
    ).all()
    for case_id, submission_id, consultation_id, fingerprint in earlier:
        group = senders.get((consultation_id, fingerprint))
        if group is not None and group.count > 1:
            facts = {"references": list(group.besides(submission_id)), "count": group.count - 1}
            session.add(Finding(case_id=case_id, kind=FindingKind.DUPLICATE, evidence=[], facts=facts))
    session.flush()
