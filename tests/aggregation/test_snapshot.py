"""What is committed while a file is written does not get into it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import InternalError

from consult.aggregation.queries import tally
from consult.aggregation.snapshot import apart, snapshot
from consult.aggregation.stream import records
from consult.db import session, transaction
from consult.submissions.models import Submission
from consult.vocabulary import SubmissionState
from tests import factories as make
from tests.aggregation.made import an_input


def test_a_snapshot_holds_still_and_cannot_be_written(committed: Flask) -> None:
    consultation = make.a_consultation()
    first = an_input(consultation, texts={"rt1": "One.\n\nTwo."}).id
    assert consultation.areas
    with snapshot() as as_of:
        counts = tally(consultation.id)
        stream = records(consultation)
        assert next(stream).text == "One."
        with apart():
            an_input(consultation, texts={"rt1": "Three."})
            with transaction():
                session.get_one(Submission, first).state = SubmissionState.WITHDRAWN
        assert [record.text for record in stream] == ["Two."]
        assert tally(consultation.id) == counts
        assert as_of.tzinfo is not None
        session.add(Submission(consultation_id=consultation.id, organisation_id=1, language="en"))
        with pytest.raises(InternalError, match="read-only"):
            session.flush()
        session.rollback()
    assert [record.text for record in records(consultation)] == ["Three."]
    session.rollback()
