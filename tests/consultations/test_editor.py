"""The editor's form, as a browser without JavaScript sends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from consult.consultations import editor, queries
from consult.consultations.models import Consultation
from consult.db import session
from consult.vocabulary import Role
from tests.conftest import SignIn
from tests.factories import a_consultation, an_account


@pytest.fixture
def browser(signed_in: SignIn) -> FlaskClient:
    return signed_in(an_account(Role.SECRETARIAT))


def filled(**facts: Any) -> dict[str, Any]:
    usual = {
        "title": "Review forum",
        "instrument": "gcm",
        "slug": "",
        "mandate": "",
        "summary": "",
        "guidance": "One.\r\nTwo.",
        "time_zone": "Europe/Zurich",
        "opens_at": "2031-01-13T09:00",
        "closes_at": "2031-03-31T18:00",
        "service_days": "10",
        "appeal_days": "30",
        "max_files": "5",
        "max_file_mb": "10",
        "languages": ["en", "fr"],
        "other_languages": "pt, SW",
        "accepted_files": ["pdf"],
        "areas.0.title": "Pathways",
        "areas.0.objectives": "2, 5",
        "areas.0.questions": "What worked?\r\n\r\nWhat did not?",
        "areas.0.word_limit": "500",
        "areas.2.title": "Rights",
        "areas.2.code": "rights",
    }
    return usual | {key.replace("__", "."): value for key, value in facts.items()}


def of(found: Consultation, **facts: Any) -> dict[str, Any]:
    """The form as the editor shows it."""
    shown = editor.values_of(found) | editor.ticked(None, found) | {"revision": str(found.revision)}
    return shown | facts


def test_a_form_makes_a_consultation(browser: FlaskClient) -> None:
    answer = browser.post("/consultations/new", data=filled())
    assert (answer.status_code, answer.location) == (303, "/consultations/review-forum/edit")
    made = session.scalars(select(Consultation)).one()
    assert made.opens_at == datetime(2031, 1, 13, 8, 0, tzinfo=UTC)
    assert made.closes_at == datetime(2031, 3, 31, 16, 0, tzinfo=UTC)
    assert made.languages == ["en", "fr", "pt", "sw"]
    assert made.guidance == "One.\nTwo."
    first, second = made.areas
    assert (first.code, first.objectives, first.word_limit) == ("pathways", [2, 5], 500)
    assert first.questions == ["What worked?", "What did not?"]
    assert (second.code, second.title, second.word_limit) == ("rights", "Rights", None)


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"title": ""}, "title", "Fill this in."),
        ({"opens_at": ""}, "opens_at", "Fill this in."),
        ({"opens_at": "2031-03-30T02:30"}, "opens_at", "write 03:30"),
        ({"closes_at": "2031-01-01T10:00"}, "closes_at", "Closing must come after opening."),
        ({"time_zone": "Atlantis"}, "time_zone", "IANA"),
        ({"languages": [], "other_languages": ""}, "languages", "at least one language"),
        ({"other_languages": "klingon"}, "other_languages", "BCP 47"),
        ({"max_files": "many"}, "max_files", "integer"),
        ({"areas__0__objectives": "2, 99"}, "areas.0.objectives", "no objective 99"),
        ({"areas__0__objectives": "2, x"}, "areas.0.objectives", "integer"),
        ({"areas__2__word_limit": "0"}, "areas.2.word_limit", "greater"),
        ({"areas__2__title": ""}, "areas.2.title", "Fill this in."),
        ({"areas__2__code": "pathways", "areas__0__code": "pathways"}, "areas.2.code", "has this code"),
        ({"guidance": "x" * 20_001}, "guidance", "20000"),
        ({"slug": "new"}, "slug", "taken"),
    ],
)
def test_a_form_comes_back_with_each_message_beside_its_field(
    browser: FlaskClient, facts: dict[str, Any], field: str, words: str
) -> None:
    answer = browser.post("/consultations/new", data=filled(mandate="Kept as typed", **facts))
    assert answer.status_code == 422
    beside = answer.text.split(f'id="e-{field}"')[1].split("</p>")[0]
    assert words in beside
    assert f'href="#f-{field}"' in answer.text
    assert 'value="Kept as typed"' in answer.text
    assert session.scalars(select(Consultation)).all() == []


def test_an_address_that_is_taken_is_said_beside_its_field(browser: FlaskClient) -> None:
    a_consultation(slug="taken")
    answer = browser.post("/consultations/new", data=filled(slug="taken"))
    assert answer.status_code == 422
    assert 'id="e-slug"' in answer.text


def test_saving_what_is_shown_changes_nothing(browser: FlaskClient) -> None:
    # Seconds, and the hour that comes twice, do not survive a datetime-local field; the moment must.
    twice = datetime(2031, 10, 26, 0, 30, 59, 123456, tzinfo=UTC)
    assert twice.astimezone(ZoneInfo("Europe/Zurich")).hour == 2
    found = a_consultation(closes_at=twice)
    assert browser.post(f"/consultations/{found.slug}/edit", data=of(found)).status_code == 303
    assert (found.revision, found.closes_at) == (1, twice)
    assert queries.deadline_changes(found) == []


def test_the_deadline_moves_with_its_reason(browser: FlaskClient) -> None:
    found = a_consultation()
    later = of(found, closes_at="2031-03-31T18:00", deadline_reason="Holidays.")
    assert browser.post(f"/consultations/{found.slug}/edit", data=later).status_code == 303
    (change,) = queries.deadline_changes(found)
    assert (change.after, change.reason) == (datetime(2031, 3, 31, 16, 0, tzinfo=UTC), "Holidays.")
    assert "Holidays." in browser.get(f"/consultations/{found.slug}").text


def test_an_open_deadline_is_not_shortened(browser: FlaskClient) -> None:
    found = a_consultation()
    sooner = (found.closes_at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = browser.post(f"/consultations/{found.slug}/edit", data=of(found, title="Kept", closes_at=sooner))
    assert answer.status_code == 409
    assert "never shortened" in answer.text
    assert 'value="Kept"' in answer.text
    session.expire_all()
    assert found.title != "Kept"


def test_two_editors_do_not_overwrite_each_other_unseen(browser: FlaskClient) -> None:
    found = a_consultation()
    mine, theirs = of(found, title="Mine"), of(found, title="Theirs")
    assert browser.post(f"/consultations/{found.slug}/edit", data=theirs).status_code == 303
    answer = browser.post(f"/consultations/{found.slug}/edit", data=mine)
    assert answer.status_code == 412
    assert 'value="Mine"' in answer.text
    assert 'name="revision" value="2"' in answer.text
    session.expire_all()
    assert found.title == "Theirs"
    assert (
        browser.post(f"/consultations/{found.slug}/edit", data={**mine, "revision": "2"}).status_code == 303
    )


def test_an_area_is_removed_by_its_box_and_added_by_a_spare_one(browser: FlaskClient) -> None:
    found = a_consultation()
    page = browser.get(f"/consultations/{found.slug}/edit").text
    assert 'name="areas.4.title"' in page
    assert 'name="areas.5.title"' not in page
    sent = of(found) | {"areas.0.remove": "1", "areas.4.title": "Data"}
    assert browser.post(f"/consultations/{found.slug}/edit", data=sent).status_code == 303
    session.expire_all()
    assert [area.code for area in found.areas] == ["rt2", "data"]


def test_publishing_by_the_button(browser: FlaskClient) -> None:
    found = a_consultation(published=False)
    found.areas.clear()
    session.commit()
    place = f"/consultations/{found.slug}"
    assert browser.post(f"{place}/publication").location == f"{place}/edit"
    assert "add a thematic area first" in browser.get(f"{place}/edit").text
    sent = of(found) | {"areas.0.title": "Data"}
    browser.post(f"{place}/edit", data=sent)
    assert browser.post(f"{place}/publication").location == place
    assert found.published_at is not None


def test_a_forged_form_asks_for_no_endless_page() -> None:
    assert editor.shown_areas(MultiDict({"areas.999.title": "x"})) == 43
    assert editor.shown_areas(MultiDict({"areas.99999999.title": "x", "areas.x.title": "y"})) == 0
