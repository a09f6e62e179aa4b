"""What becomes of each of the demonstration's submissions: drafted, filed, read, answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from consult.consultations.models import Consultation
from consult.db import at, session
from consult.demonstration.cast import Cast
from consult.moderation import appeals, claims, jobs
from consult.moderation.actions import Opinion, decide
from consult.moderation.models import Case
from consult.moderation.redactions import redact
from consult.submissions import actions, filing, signatures
from consult.submissions.models import Submission, Version
from consult.submissions.queries import version_of
from consult.vocabulary import Publication, Reason, Role, SubmissionState, Verdict

Entry = dict[str, Any]

READING_TAKES = timedelta(days=3)
# Left in the state in which a worker finds it, so that a first look at the demonstration shows it at work.
UNREAD = (SubmissionState.SUBMITTED, SubmissionState.IN_MODERATION)


class Story:
    """Tells the submissions of one consultation in the order of their days."""

    def __init__(self, cast: Cast, consultation: Consultation, now: datetime) -> None:
        self.cast, self.consultation, self.now = cast, consultation, now
        self.moderators = cycle(cast.all(Role.MODERATOR))
        self.seniors = cycle(cast.all(Role.SENIOR_MODERATOR))
        self.told: dict[str, Submission] = {}

    def tell(self, entry: Entry) -> Submission:
        """One submission from its first word to where the content says that it ends."""
        moment = self._moment(entry["day"])
        begun = min(moment, self.consultation.closes_at - timedelta(hours=1)) - timedelta(hours=5)
        writer = self.cast.actor(entry["filed_by"])
        with at(begun):
            submission = actions.start_draft(
                actor=writer,
                consultation=self.consultation,
                organisation=self.cast.organisations[entry["organisation"]],
                language=entry["language"],
                title=entry["title"],
                publication=Publication(entry["publication"]),
                contributions=_texts(entry["versions"][0]),
            )
            self._gather_signatures(submission, entry)
        if entry["state"] != SubmissionState.DRAFT:
            self._file_and_read(submission, entry, moment)
        self.told[entry["key"]] = submission
        return submission

    def _moment(self, day: int) -> datetime:
        hours = 9 + (day * 7) % 9
        moment = self.consultation.opens_at + timedelta(days=day, hours=hours - 9, minutes=(day * 13) % 60)
        return min(moment, self.now - timedelta(minutes=30))

    def _gather_signatures(self, submission: Submission, entry: Entry) -> None:
        lead = self.cast.actor(entry["filed_by"])
        for partner in entry.get("joint_with", ()):
            body = self.cast.organisations[partner["organisation"]]
            signatures.invite(actor=lead, submission=submission, organisation=body)
            if partner["confirmed"]:
                signer = self.cast.actor(f"{partner['organisation']}-focal-point")
                signatures.answer(actor=signer, submission=submission, organisation_id=body.id, signs=True)

    def _file_and_read(self, submission: Submission, entry: Entry, moment: datetime) -> None:
        writer = self.cast.actor(entry["filed_by"])
        versions = entry["versions"]
        for number, version in enumerate(versions, start=1):
            with at(moment):
                if number > 1:
                    if submission.state != SubmissionState.RETURNED:
                        actions.reopen(actor=writer, submission=submission)
                    changes = {"contributions": _texts(version)}
                    actions.edit_draft(
                        actor=writer, submission=submission, changes=changes, expected=submission.revision
                    )
                filing.file_submission(actor=writer, submission=submission)
            last = number == len(versions)
            if version.get("decision") or last:
                self._read(submission, entry, version.get("decision"), moment, last=last)
            moment = min(moment + READING_TAKES + timedelta(days=1), self.now - timedelta(minutes=20))
        if entry["state"] == SubmissionState.WITHDRAWN:
            with at(moment):
                actions.withdraw(actor=writer, submission=submission)

    def _read(
        self, submission: Submission, entry: Entry, decision: Entry | None, moment: datetime, *, last: bool
    ) -> None:
        if last and entry["state"] == SubmissionState.SUBMITTED:
            return
        version = version_of(submission)
        with at(min(moment + timedelta(minutes=1), self.now)):
            jobs.screen(version_ids=[version.id])
        if last and entry["state"] in (*UNREAD, SubmissionState.WITHDRAWN):
            return
        opinion = _opinion(decision)
        with at(min(moment + READING_TAKES, self.now - timedelta(minutes=10))):
            self._one_reading(version, opinion, next(self.moderators), entry if last else {})
            if opinion.verdict == Verdict.REJECT:
                self._one_reading(version, opinion, next(self.seniors), {})
        if last and entry.get("appeal"):
            with at(min(moment + 2 * READING_TAKES, self.now - timedelta(minutes=5))):
                appeals.open_appeal(
                    actor=self.cast.actor(entry["filed_by"]), submission=submission, grounds=entry["appeal"]
                )

    def _one_reading(self, version: Version, opinion: Opinion, reader: str, entry: Entry) -> None:
        actor = self.cast.actor(reader)
        case = session.query(Case).filter_by(version_id=version.id).one()
        claims.claim_case(actor=actor, case=case)
        for hidden in entry.get("redactions", ()):
            paragraph = next(p for p in version.paragraphs if hidden["text"] in p.text)
            start = paragraph.text.index(hidden["text"])
            redact(
                actor=actor,
                case=case,
                paragraph_number=paragraph.number,
                start=start,
                end=start + len(hidden["text"]),
                reason=Reason(hidden["reason"]),
            )
        decide(actor=actor, case=case, opinion=opinion)


def _texts(version: Entry) -> list[dict[str, str]]:
    return [
        {"area": piece["area"], "text": "\n\n".join(piece["paragraphs"])}
        for piece in version["contributions"]
    ]


def _opinion(decision: Entry | None) -> Opinion:
    if decision is None:
        return Opinion(Verdict.ACCEPT)
    return Opinion(Verdict(decision["verdict"]), Reason(decision["reason"]), decision["message"])
