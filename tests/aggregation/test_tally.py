"""Filed = accepted + returned + rejected + withdrawn + waiting, whatever happens."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from consult.aggregation.queries import tally
from consult.db import session
from consult.submissions.models import Submission
from consult.vocabulary import SubmissionState
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

filed = st.lists(st.tuples(st.sampled_from(SubmissionState), st.integers(0, 3)), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filed)
def test_counts_add_up(app: object, found: list[tuple[SubmissionState, int]]) -> None:
    consultation, body = make.a_consultation(), make.an_organisation()
    rows = [
        {
            "state": state,
            "version": version,
            "consultation_id": consultation.id,
            "organisation_id": body.id,
            "language": "en",
        }
        for state, version in found
        # A draft that was never filed may be withdrawn; nothing filed is a draft again.
        if version == 0 or state != SubmissionState.DRAFT
    ]
    if rows:
        session.execute(insert(Submission), rows)
    counts = tally(consultation.id)
    kept = [row["state"] for row in rows if row["version"]]
    assert (
        counts.filed
        == len(kept)
        == counts.accepted + counts.returned + counts.rejected + counts.withdrawn + counts.waiting
    )
    assert counts.accepted == kept.count(SubmissionState.ACCEPTED)
    assert counts.waiting == sum(
        kept.count(s) for s in (SubmissionState.SUBMITTED, SubmissionState.IN_MODERATION)
    )
    session.execute(delete(Submission).where(Submission.consultation_id == consultation.id))


def test_a_state_that_nobody_counts_is_noticed() -> None:
    consultation, body = make.a_consultation(), make.an_organisation()
    session.add(
        Submission(
            consultation_id=consultation.id,
            organisation_id=body.id,
            language="en",
            state=SubmissionState.DRAFT,
            version=1,
        )
    )
    session.flush()
    with pytest.raises(ValueError, match="do not add up"):
        tally(consultation.id)
