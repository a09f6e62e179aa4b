"""The table of permissions and its SQL twins agree about every thing and every person of the world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from consult.accounts.models import Organisation
from consult.accounts.queries import account_with_bodies, actor_of, visible_organisations
from consult.actor import PUBLIC, Actor
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.db import session
from consult.moderation import queries as moderation
from consult.moderation.models import Case
from consult.permissions import Can, permitted
from consult.submissions import disclosure
from consult.submissions import queries as submissions
from consult.submissions.models import Submission
from consult.vocabulary import Publication, Role, Scope, SubmissionState
from tests.security.conftest import PUBLIC as PUBLIC_READER
from tests.security.conftest import Place


@pytest.fixture
def actors(place: Place) -> Iterator[dict[str, Actor]]:
    """Everybody: the public, each person at the keyboard, and each by a token with one scope."""
    with place.undone():
        found = {"public": PUBLIC}
        for name, number in place.world.people.items():
            person = account_with_bodies(number)
            assert person is not None
            found[name] = actor_of(person)
            for scope in Scope:
                found[f"{name} with {scope}"] = replace(found[name], scopes=frozenset({scope}))
        yield found


def disagreements(actors: dict[str, Actor], model: Any, act: Can, twin: Any) -> list[str]:
    """Where the table and the SQL differ: "who: thing (table says …)"."""
    things, found = session.scalars(select(model).order_by(model.id)).all(), []
    for name, actor in actors.items():
        listed = set(session.scalars(select(model.id).where(twin(actor))))
        for thing in things:
            allowed = permitted(actor, act, thing)
            if allowed != (thing.id in listed):
                found.append(f"{name}: {model.__tablename__} {thing.id} (table says {allowed})")
    return found


def test_submissions(actors: dict[str, Actor]) -> None:
    states = set(session.scalars(select(Submission.state)))
    choices = set(session.scalars(select(Submission.publication)))
    assert (states, choices) == (set(SubmissionState), set(Publication)), "the world holds every state"
    assert disagreements(actors, Submission, Can.READ_SUBMISSION, submissions.visible_to) == []


def test_published_input(actors: dict[str, Actor]) -> None:
    assert disagreements(actors, Submission, Can.READ_PUBLISHED, lambda _actor: disclosure.published()) == []


def test_consultations(actors: dict[str, Actor]) -> None:
    assert disagreements(actors, Consultation, Can.READ_CONSULTATION, consultations.visible_to) == []


def test_cases(actors: dict[str, Actor]) -> None:
    """Recusal too: of an own body's cases, and of those that an own body signs."""
    assert disagreements(actors, Case, Can.READ_CASE, moderation.visible_to) == []
    related, case = actors["related"], session.get_one(Case, case_signed(actors))
    assert not permitted(related, Can.READ_CASE, case)
    assert not permitted(related, Can.CLAIM_CASE, case)


def case_signed(actors: dict[str, Actor]) -> int:
    """The case of a submission that the related moderator's body signs."""
    [body] = actors["related"].organisations
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    [found] = [case.id for case in cases if body in case.submission.signing_organisations]
    return found


def test_only_judges_read_cases(actors: dict[str, Actor]) -> None:
    judges = (Role.MODERATOR, Role.SENIOR_MODERATOR)
    for name, actor in actors.items():
        seen = session.scalars(select(Case.id).where(moderation.visible_to(actor))).all()
        may_read = actor.scopes is None or Scope.READ in actor.scopes
        assert bool(seen) == (actor.role in judges and may_read), name


def test_organisations(actors: dict[str, Actor], place: Place) -> None:
    """Confirmed bodies are known to all; the others to their own people and to those who keep the list."""
    others = {place.world.bodies["pending"]: "applicant", place.world.bodies["declined"]: "refused"}
    confirmed = set(place.world.bodies.values()) - others.keys()
    keepers = {Role.SECRETARIAT, Role.AUDITOR, Role.ADMINISTRATOR}
    for name, actor in actors.items():
        seen = set(session.scalars(select(Organisation.id).where(visible_organisations(actor))))
        expected = confirmed | {body for body, owner in others.items() if name.startswith(owner)}
        if actor.role in keepers and (actor.scopes is None or Scope.READ in actor.scopes):
            expected |= others.keys()
        assert seen == expected, name


def test_what_can_be_read_of_a_body_needs_its_people_or_the_secretariat(
    actors: dict[str, Actor], place: Place
) -> None:
    ours = session.get_one(Organisation, place.world.bodies["ours"])
    readers = {name for name, actor in actors.items() if permitted(actor, Can.READ_ORGANISATION_FILE, ours)}
    people = {"member", "focal", "recused", "secretariat", "auditor"}
    assert readers == people | {f"{name} with read" for name in people}


@pytest.mark.parametrize("who", [PUBLIC_READER, "member", "secretariat"])
def test_the_list_of_inputs_is_what_the_table_publishes(place: Place, who: str) -> None:
    """For everybody the same, whatever else they may read."""
    with place.undone():
        browser, listed = place.browser(who), {}
        for slug in ("open-call", "closed-call"):
            answer = browser.get(f"/api/v1/consultations/{slug}/inputs?limit=200").get_json()
            listed |= {item["reference"]: item["publication"] for item in answer["items"]}
        published = {
            one.reference: str(one.publication)
            for one in session.scalars(select(Submission))
            if permitted(PUBLIC, Can.READ_PUBLISHED, one)
        }
    assert listed == published
    assert set(published.values()) == {Publication.PUBLIC, Publication.ANONYMOUS}
