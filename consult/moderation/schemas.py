"""What moderation takes in and gives out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from consult.fields import Code, Line, Strict, Text
from consult.moderation.queue import QueueState
from consult.vocabulary import CaseStage, FindingKind, Publication, Reason, StakeholderGroup, Verdict

# Above it JSON numbers lose their exactness in many programs.
_NUMBER = validate.Range(1, 2**53)
_OFFSET = validate.Range(0, 10_000_000)
_LONGEST = 5000


class QueueFilters(Schema):
    """Filters of the queue; together they narrow."""

    state = Code(
        QueueState,
        load_default=QueueState.OPEN,
        metadata={
            "description": "A stage, or takable: what you may claim now. Decided ones come newest first."
        },
    )
    mine = fields.Boolean(
        load_default=False, metadata={"description": "Held by you; with state=decided, read by you."}
    )
    overdue = fields.Boolean(load_default=False)
    consultation = Line(most=100, load_default=None, metadata={"description": "Its slug"})
    area = Line(most=60, load_default=None, metadata={"example": "rt1"})
    group = Code(StakeholderGroup, load_default=None)
    language = Line(most=35, load_default=None, metadata={"example": "en"})
    finding = Code(FindingKind, load_default=None)


class ClaimIn(Strict):
    """`{}` claims the fairest next case."""

    case = fields.Integer(strict=True, validate=_NUMBER, metadata={"example": 12})


class OpinionIn(Strict):
    """A verdict. A return or a rejection needs its reason and a message."""

    verdict = Code(Verdict, required=True)
    reason = Code(Reason, load_default=None, allow_none=True)
    message = Text(
        most=_LONGEST, load_default="", metadata={"description": "To the contributor, in plain words."}
    )
    internal_note = Text(
        most=_LONGEST, load_default="", metadata={"description": "For moderators; never leaves moderation."}
    )


class RedactionIn(Strict):
    """Characters (code points) of the paragraph's text, from `start` up to, not including, `end`."""

    paragraph = fields.Integer(required=True, strict=True, validate=_NUMBER, metadata={"example": 1})
    start = fields.Integer(required=True, strict=True, validate=_OFFSET, metadata={"example": 9})
    end = fields.Integer(required=True, strict=True, validate=_OFFSET, metadata={"example": 32})
    reason = Code(Reason, load_default=Reason.PERSONAL_DATA)


class WordsIn(Strict):
    """The same by a form: the words themselves, which of their occurrences, and why."""

    paragraph = fields.Integer(required=True, validate=_NUMBER)
    words = Text(most=_LONGEST, least=1, required=True)
    occurrence = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))
    why = Code(Reason, load_default=Reason.PERSONAL_DATA)


class CampaignIn(Strict):
    name = Line(most=200, required=True, metadata={"example": "Model letter on wages"})
    cases = fields.List(
        fields.Integer(strict=True, validate=_NUMBER), required=True, validate=validate.Length(2, 2000)
    )


class FindingOut(Schema):
    """What automatic screening noticed; it decides nothing."""

    kind = Code(FindingKind, required=True)
    evidence = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "Places {paragraph, start, end}; on the case itself with their text."},
    )
    facts = fields.Dict(required=True)


class CaseRow(Schema):
    """A case in the queue."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True, metadata={"example": "S-0123"})
    version = fields.Integer(required=True)
    consultation = fields.String(required=True)
    title = fields.String(required=True)
    stage = Code(CaseStage, required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "claimed", "decided", "closed"]))
    language = fields.String(required=True)
    group = Code(StakeholderGroup, required=True)
    publication = Code(Publication, required=True)
    areas = fields.List(fields.String(), required=True)
    received_at = fields.AwareDateTime(required=True)
    opened_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True)
    overdue = fields.Boolean(required=True)
    late = fields.Boolean(required=True)
    claimed = fields.Boolean(required=True)
    claimed_by_me = fields.Boolean(required=True)
    claimed_until = fields.AwareDateTime(allow_none=True)
    campaign = fields.Integer(allow_none=True)
    findings = fields.List(fields.Nested(FindingOut), required=True)


class RedactionOut(Schema):
    id = fields.Integer(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    reason = Code(Reason, required=True)


class ParagraphOut(Schema):
    """The sealed text, and what readers see of it."""

    number = fields.Integer(required=True)
    area = fields.String(required=True)
    text = fields.String(required=True)
    disclosed_text = fields.String(required=True)
    redactions = fields.List(fields.Nested(RedactionOut), required=True)


class DecisionOut(Schema):
    """One reader's verdict; while a second reading is open, only one's own is shown."""

    id = fields.Integer(required=True)
    case = fields.Integer(required=True)
    stage = Code(CaseStage, required=True)
    verdict = Code(Verdict, required=True)
    reason = Code(Reason, allow_none=True)
    message = fields.String(required=True)
    internal_note = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True)
    final = fields.Boolean(required=True)
    mine = fields.Boolean(required=True)


class DecisionMade(DecisionOut):
    """With where it leads."""

    case_stage = Code(CaseStage, required=True)
    submission_state = fields.String(required=True)


class AppealSeen(Schema):
    grounds = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)


class CaseOut(CaseRow):
    """A case with its text."""

    paragraphs = fields.List(fields.Nested(ParagraphOut), required=True)
    decisions = fields.List(fields.Nested(DecisionOut), required=True)
    appeal = fields.Nested(AppealSeen, allow_none=True)


class RedactionMade(RedactionOut):
    paragraph = fields.Integer(required=True)
    disclosed_text = fields.String(required=True)


class MemberOut(Schema):
    case = fields.Integer(required=True)
    reference = fields.String(required=True)
    stage = Code(CaseStage, required=True)
    state = fields.String(required=True)


class CampaignOut(Schema):
    """Shared wording that a person called a campaign, with the members that exist for the reader."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    called_at = fields.AwareDateTime(required=True)
    cases = fields.List(fields.Nested(MemberOut), required=True)


class LeftOut(Schema):
    case = fields.Integer(required=True)
    reference = fields.String(required=True)
    why = fields.String(required=True)


class CampaignDecided(Schema):
    """Which cases were decided, and which were left out and why."""

    campaign = fields.Integer(required=True)
    decided = fields.List(fields.Nested(MemberOut), required=True)
    left_out = fields.List(fields.Nested(LeftOut), required=True)


class AppealOut(Schema):
    reference = fields.String(required=True)
    version = fields.Integer(required=True)
    made_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True, metadata={"description": "When it should be judged."})
    state = fields.String(required=True)
