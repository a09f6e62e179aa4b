"""The only place where a submission's state changes."""

from __future__ import annotations

from consult.errors import Conflict
from consult.i18n import gettext as _
from consult.submissions.models import TRANSITIONS, Submission
from consult.vocabulary import SubmissionVerb
from consult.wording import label


def advance(submission: Submission, verb: SubmissionVerb) -> None:
    """Apply one verb by the table of transitions. Raises Conflict when the state knows no such verb."""
    after = TRANSITIONS.get((submission.state, verb))
    if after is None:
        raise Conflict(
            _(
                "A submission in the state “%(state)s” cannot do this.",
                state=label(submission.state),
            ),
            state=str(submission.state),
        )
    submission.state = after
