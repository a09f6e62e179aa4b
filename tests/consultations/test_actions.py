"""Consultations prepared, changed and published; the deadline rule; what goes on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.queries import actor_of
from consult.actor import PUBLIC, Actor
from consult.audit import entries_about
from consult.consultations import actions, queries
from consult.consultations.letters import tell_deadline_moved
from consult.consultations.models import Consultation, ThematicArea
from consult.db import session, transaction
from consult.errors import Conflict, Forbidden, Invalid, Stale, Unidentified
from consult.outbox import Promise
from consult.submissions.models import Contribution, Submission
from consult.vocabulary import Phase, Role
from tests.factories import a_consultation, an_account, an_organisation, keep

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


@pytest.fixture
def secretariat(app: Flask) -> Actor:
    return actor_of(an_account(Role.SECRETARIAT))


def terms(**facts: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    given = {"instrument": "gcm", "title": "Review forum", "opens_at": now, "closes_at": now + 60 * DAY}
    return given | {"areas": [{"title": "Round table 1", "objectives": [2, 5]}]} | facts


def acts(consultation: Consultation) -> list[str]:
    return [entry.act for entry in entries_about(consultation)]


def promises(kind: str) -> list[dict[str, Any]]:
    return [row.args for row in session.scalars(select(Promise).where(Promise.kind == kind))]


def test_create_gives_an_address_and_six_languages(secretariat: Actor) -> None:
    first = actions.create_consultation(actor=secretariat, terms=terms())
    second = actions.create_consultation(actor=secretariat, terms=terms())
    assert (first.slug, second.slug) == ("review-forum", "review-forum-2")
    assert first.languages == ["ar", "zh", "en", "fr", "ru", "es"]
    assert [(area.code, area.position) for area in first.areas] == [("round-table-1", 1)]
    assert first.created_by == secretariat.account_id
    assert acts(first) == ["consultation.created"]


def test_an_address_may_not_be_a_page_of_its_own(secretariat: Actor) -> None:
    assert actions.create_consultation(actor=secretariat, terms=terms(title="New")).slug == "new-2"


def test_create_names_every_fault_at_once(secretariat: Actor) -> None:
    areas = [{"title": "A", "code": "a", "objectives": [24]}, {"title": "B", "code": "a"}]
    wrong = terms(areas=areas, closes_at=datetime.now(UTC) - DAY)
    with pytest.raises(Invalid) as caught:
        actions.create_consultation(actor=secretariat, terms=wrong)
    assert set(caught.value.fields) == {"closes_at", "areas.0.objectives", "areas.1.code"}
    with pytest.raises(Invalid) as caught:
        actions.create_consultation(actor=secretariat, terms=terms(instrument="unknown"))
    assert set(caught.value.fields) == {"instrument"}


def test_only_the_secretariat_prepares() -> None:
    for actor in (
        actor_of(an_account()),
        actor_of(an_account(Role.MODERATOR)),
        actor_of(an_account(Role.AUDITOR)),
    ):
        with pytest.raises(Forbidden):
            actions.create_consultation(actor=actor, terms=terms())
    with pytest.raises(Unidentified):
        actions.create_consultation(actor=PUBLIC, terms=terms())


def test_publishing_needs_an_area_and_happens_once(secretariat: Actor) -> None:
    found = actions.create_consultation(actor=secretariat, terms=terms(areas=[]))
    with pytest.raises(Invalid) as caught:
        actions.publish_consultation(actor=secretariat, consultation=found)
    assert set(caught.value.fields) == {"areas"}
    actions.change_consultation(
        actor=secretariat, consultation=found, changes={"areas": [{"title": "A", "code": "a"}]}
    )
    actions.publish_consultation(actor=secretariat, consultation=found)
    assert found.phase(datetime.now(UTC)) == Phase.OPEN
    with pytest.raises(Conflict):
        actions.publish_consultation(actor=secretariat, consultation=found)
    assert acts(found) == ["consultation.created", "consultation.changed", "consultation.published"]


def test_a_change_counts_once_and_says_what(secretariat: Actor) -> None:
    found = a_consultation()
    changes = {"title": "Another title", "groups": []}
    actions.change_consultation(actor=secretariat, consultation=found, changes=changes, expected=1)
    assert found.revision == 2
    assert entries_about(found)[-1].detail == {"fields": ["title"], "revision": 2}
    actions.change_consultation(actor=secretariat, consultation=found, changes=changes, expected=2)
    assert found.revision == 2
    with pytest.raises(Stale):
        actions.change_consultation(actor=secretariat, consultation=found, changes=changes, expected=1)


def test_an_open_deadline_is_extended_with_notice_and_never_shortened(secretariat: Actor) -> None:
    found = a_consultation()
    before = found.closes_at
    with pytest.raises(Conflict, match="never shortened"):
        actions.change_consultation(
            actor=secretariat, consultation=found, changes={"closes_at": before - timedelta(seconds=1)}
        )
    assert queries.deadline_changes(found) == []
    actions.change_consultation(
        actor=secretariat,
        consultation=found,
        changes={"closes_at": before + 7 * DAY, "deadline_reason": "A holiday fell into the window."},
    )
    (change,) = queries.deadline_changes(found)
    assert (change.before, change.after) == (before, before + 7 * DAY)
    assert (change.reason, change.changed_by) == ("A holiday fell into the window.", secretariat.account_id)
    assert promises("announce_deadline") == [{"change_id": change.id}]
    assert acts(found) == ["consultation.deadline_moved", "consultation.changed"]


def test_a_closed_consultation_can_be_reopened(secretariat: Actor) -> None:
    found = a_consultation(opens=-50, closes=-2)
    now = datetime.now(UTC)
    with pytest.raises(Invalid) as caught:
        actions.change_consultation(actor=secretariat, consultation=found, changes={"closes_at": now - DAY})
    assert set(caught.value.fields) == {"closes_at"}
    with pytest.raises(Conflict):
        actions.change_consultation(
            actor=secretariat, consultation=found, changes={"closes_at": now - 3 * DAY}
        )
    actions.change_consultation(actor=secretariat, consultation=found, changes={"closes_at": now + DAY})
    assert found.phase(now) == Phase.OPEN
    assert len(promises("announce_deadline")) == 1


def test_a_draft_deadline_moves_in_silence_and_an_upcoming_one_both_ways(secretariat: Actor) -> None:
    draft, upcoming = a_consultation(published=False), a_consultation(opens=5, closes=90)
    for found in (draft, upcoming):
        changes = {"closes_at": found.closes_at - DAY}
        actions.change_consultation(actor=secretariat, consultation=found, changes=changes)
    assert queries.deadline_changes(draft) == []
    assert len(queries.deadline_changes(upcoming)) == 1


@pytest.mark.parametrize(
    ("opens", "changes"),
    [
        (5, {"slug": "another"}),
        (5, {"instrument": "other"}),
        (-5, {"opens_at": datetime(2030, 1, 1, tzinfo=UTC)}),
    ],
)
def test_what_others_cite_is_not_rewritten(secretariat: Actor, opens: int, changes: dict[str, Any]) -> None:
    with pytest.raises(Conflict):
        actions.change_consultation(
            actor=secretariat, consultation=a_consultation(opens=opens), changes=changes
        )


def test_areas_keep_their_rows_by_code(secretariat: Actor) -> None:
    found = a_consultation()
    ids = {area.code: area.id for area in found.areas}
    wanted = [{"code": "rt2", "title": "Now the first"}, {"code": "rt3", "title": "New"}]
    actions.change_consultation(actor=secretariat, consultation=found, changes={"areas": wanted})
    session.expire_all()
    assert [(area.code, area.position) for area in found.areas] == [("rt2", 1), ("rt3", 2)]
    assert found.areas[0].id == ids["rt2"]
    assert session.get(ThematicArea, ids["rt1"]) is None


def test_an_area_with_text_stays(secretariat: Actor) -> None:
    found = a_consultation()
    body = an_organisation()
    draft = Submission(consultation_id=found.id, organisation_id=body.id, language="en")
    draft.contributions = [Contribution(area_id=found.areas[0].id, text="Words")]
    keep(draft)
    with pytest.raises(Conflict, match="somebody has written"), transaction():
        actions.change_consultation(
            actor=secretariat, consultation=found, changes={"areas": [{"code": "rt2", "title": "Only this"}]}
        )
    assert [area.code for area in queries.consultation(secretariat, found.slug).areas] == ["rt1", "rt2"]


def test_the_letter_says_old_and_new_deadline_and_why(secretariat: Actor) -> None:
    found = a_consultation(title="Forum")
    actions.change_consultation(
        actor=secretariat,
        consultation=found,
        changes={"closes_at": datetime(2031, 3, 31, 16, tzinfo=UTC), "deadline_reason": "A storm."},
    )
    tell_deadline_moved(an_account(name="Amal"), queries.deadline_changes(found)[0])
    (letter,) = promises("mail")
    assert letter["subject"] == "New deadline: Forum"
    for words in ("Dear Amal", "now closes on 31 March 2031, 18:00 (Geneva time)", "A storm.", found.slug):
        assert words in letter["body"]
