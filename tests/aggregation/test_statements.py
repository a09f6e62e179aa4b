"""Every statement rests on what somebody said in public, and quotes are word for word."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from consult.actor import PUBLIC, Actor
from consult.aggregation import actions, queries
from consult.aggregation.models import Statement
from consult.audit import AuditEntry
from consult.consultations.models import Consultation
from consult.db import session
from consult.errors import Forbidden, Invalid, Stale, Unidentified
from consult.submissions.models import Submission
from consult.vocabulary import Publication, Role, Scope, SubmissionState
from tests import factories as make
from tests.aggregation.made import an_input, redact

pytestmark = pytest.mark.usefixtures("app")

TEXT = "Wages follow the worker.\n\nPorts need a desk for complaints."


def ids(submission: Submission) -> list[int]:
    return [paragraph.id for paragraph in submission.versions[-1].paragraphs]


def write(who: Actor, consultation: Consultation, text: str, paragraphs: list[int], **more: Any) -> Statement:
    area = more.pop("area", consultation.areas[0])
    return actions.write_statement(
        actor=who,
        consultation=consultation,
        area=area,
        text=text,
        paragraph_ids=paragraphs,
        **{"is_quote": False} | more,
    )


def test_a_statement_is_written_behind_the_others_and_recorded(secretariat: Actor) -> None:
    consultation = make.a_consultation()
    paragraphs = ids(an_input(consultation, texts={"rt1": TEXT}))
    first = write(secretariat, consultation, " Ports were asked for desks. ", paragraphs)
    second = write(secretariat, consultation, "Wages follow the worker.", paragraphs[:1], is_quote=True)
    assert first.text == "Ports were asked for desks."
    assert [one.position for one in (first, second)] == [1, 2]
    assert [support.paragraph_id for support in first.supports] == paragraphs
    [entry] = session.scalars(
        select(AuditEntry).where(AuditEntry.act == "statement.written", AuditEntry.subject_id == first.id)
    ).all()
    assert entry.detail["paragraphs"] == paragraphs
    assert "desks" not in str(entry.detail)


def test_what_cannot_be_cited(secretariat: Actor) -> None:
    consultation = make.a_consultation()
    public = ids(an_input(consultation))
    strange = [
        *ids(an_input(consultation, publication=Publication.RESTRICTED)),
        *ids(an_input(consultation, state=SubmissionState.IN_MODERATION)),
        *ids(an_input(make.a_consultation())),
        2**53,
    ]
    for paragraphs in ([], *([one] for one in strange), [*public, strange[0]]):
        with pytest.raises(Invalid) as refused:
            write(secretariat, consultation, "Something.", paragraphs)
        assert list(refused.value.fields) == ["paragraph"]
    with pytest.raises(Invalid) as refused:
        write(secretariat, consultation, "  ", public)
    assert list(refused.value.fields) == ["text"]


def test_a_quote_is_an_exact_slice_of_what_readers_see(secretariat: Actor) -> None:
    consultation = make.a_consultation()
    submission = an_input(consultation, texts={"rt1": "Ask Amina Sample about wages."})
    paragraphs = ids(submission)
    assert write(secretariat, consultation, "Amina Sample about", paragraphs, is_quote=True)
    redact(submission, "Amina Sample")
    for words in ("Amina Sample about", "about  wages", "About wages"):
        with pytest.raises(Invalid):
            write(secretariat, consultation, words, paragraphs, is_quote=True)
    other = ids(an_input(consultation, texts={"rt1": "Also about wages."}))
    assert write(secretariat, consultation, "about wages.", [*paragraphs, *other], is_quote=True)


def test_what_a_statement_rests_on_may_change(secretariat: Actor) -> None:
    consultation = make.a_consultation()
    redacted, withdrawn, amended = (
        an_input(consultation, texts={"rt1": "Ask Amina about wages."}) for _ in "abc"
    )
    for one in (redacted, withdrawn, amended):
        write(secretariat, consultation, "Amina was asked.", ids(one))
    solid = write(secretariat, consultation, "Wages were asked about.", ids(an_input(consultation)))
    redact(redacted, "Amina")
    withdrawn.state = SubmissionState.WITHDRAWN
    amended.version = 2
    session.commit()
    [those] = queries.statements(consultation).values()
    assert [queries.holds(one) for one in those] == [False, False, False, True]
    assert those[-1] is solid
    mended = actions.change_statement(
        actor=secretariat,
        statement=those[0],
        text="Somebody was asked.",
        is_quote=False,
        paragraph_ids=ids(redacted),
        expected=1,
    )
    assert queries.holds(mended)
    assert mended.revision == 2


def test_a_change_made_without_the_last_state_in_view_is_refused(secretariat: Actor) -> None:
    consultation = make.a_consultation()
    statement = write(secretariat, consultation, "Wages.", ids(an_input(consultation)))
    for expected in (None, 2):
        with pytest.raises(Stale):
            actions.change_statement(
                actor=secretariat,
                statement=statement,
                text="",
                is_quote=False,
                paragraph_ids=[],
                expected=expected,
            )


def test_order_and_deletion(secretariat: Actor) -> None:
    consultation = make.a_consultation()
    paragraphs = ids(an_input(consultation))
    made = [write(secretariat, consultation, f"Statement {n}.", paragraphs) for n in range(3)]
    order = [made[2].id, made[0].id, made[1].id]
    actions.order_statements(actor=secretariat, statements=made, order=order)
    session.flush()
    [those] = queries.statements(consultation).values()
    assert [one.id for one in those] == order
    for wrong in (order[:2], [*order, 99], [order[0], order[0], order[1]]):
        with pytest.raises(Invalid):
            actions.order_statements(actor=secretariat, statements=made, order=wrong)
    actions.delete_statement(actor=secretariat, statement=made[0])
    session.flush()
    assert len(queries.statements(consultation)[made[0].area_id]) == 2


def test_only_the_secretariat_writes() -> None:
    consultation = make.a_consultation()
    paragraphs = ids(an_input(consultation))
    others = [Actor(account_id=1, role=role) for role in set(Role) - {Role.SECRETARIAT}]
    reader = Actor(account_id=1, role=Role.SECRETARIAT, scopes=frozenset({Scope.READ}))
    for who in [*others, reader]:
        with pytest.raises(Forbidden):
            write(who, consultation, "Mine.", paragraphs)
    with pytest.raises(Unidentified):
        write(PUBLIC, consultation, "Mine.", paragraphs)
