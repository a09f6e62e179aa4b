"""A submission as its reader may see it: its own people the working text, others what was filed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.actor import Actor
from consult.permissions import Can, permitted
from consult.submissions.intake.words import count_words
from consult.submissions.models import Attachment, Submission, Version
from consult.vocabulary import Publication


@dataclass(frozen=True)
class Seen:
    """What differs between the two; `contributions` are `{area, text, words, word_limit}` with area codes."""

    is_working_text: bool
    title: str
    language: str
    publication: Publication
    contributions: Sequence[Mapping[str, Any]]
    attachments: Sequence[Attachment]


def seen_by(actor: Actor, submission: Submission, version: Version | None) -> Seen:
    """The submission for this reader, `version` being the one that stands; staff see nothing unfiled."""
    if version is None or permitted(actor, Can.READ_DRAFT, submission):
        return _working(submission)
    return _filed(submission, version)


def _working(submission: Submission) -> Seen:
    return Seen(
        is_working_text=True,
        title=submission.title,
        language=submission.language,
        publication=submission.chosen_publication,
        contributions=[
            _piece(piece.area.code, piece.text, submission.language, piece.area.word_limit)
            for piece in submission.contributions
        ],
        attachments=submission.living_attachments,
    )


def _filed(submission: Submission, version: Version) -> Seen:
    content = json.loads(version.canonical)
    limits = {area.code: area.word_limit for area in submission.consultation.areas}
    kept = {file["sha256"] for file in content["attachments"]}
    return Seen(
        is_working_text=False,
        title=version.title,
        language=version.language,
        publication=version.publication,
        contributions=[
            _piece(piece["area"], piece["text"], version.language, limits.get(piece["area"]))
            for piece in content["contributions"]
        ],
        attachments=[file for file in submission.attachments if file.first_version and file.sha256 in kept],
    )


def _piece(area: str, text: str, language: str, limit: int | None) -> dict[str, Any]:
    return {"area": area, "text": text, "words": count_words(text, language), "word_limit": limit}
