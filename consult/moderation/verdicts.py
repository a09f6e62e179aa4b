"""What a verdict leads to: the next reading, or the end."""

from __future__ import annotations

from consult.errors import Conflict
from consult.i18n import gettext as _
from consult.moderation.models import STAGE_AFTER
from consult.vocabulary import CaseStage, SubmissionVerb, Verdict

SUBMISSION_VERB = {
    Verdict.ACCEPT: SubmissionVerb.ACCEPT,
    Verdict.RETURN: SubmissionVerb.RETURN,
    Verdict.REJECT: SubmissionVerb.REJECT,
}

# What the contributor is told a reason and a message for.
EXPLAINED = frozenset({Verdict.RETURN, Verdict.REJECT})


def stage_after(stage: CaseStage, verdict: Verdict, *, another_rejects: bool) -> CaseStage:
    """The stage that follows `verdict` given at `stage`.

    `another_rejects`: somebody else's vote to reject this version is on record. Two people's votes reject, so
    a rejection after an escalation is final only with it. Raises Conflict for what the table does not know.
    """
    after = STAGE_AFTER.get((stage, verdict))
    if after is None:
        raise Conflict(_("This verdict cannot be given at this reading; decide the case yourself."))
    if stage == CaseStage.ESCALATED and verdict == Verdict.REJECT and another_rejects:
        return CaseStage.DECIDED
    return after
