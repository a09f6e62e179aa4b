"""What readers see, at a steady number of queries, and who may see more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from consult.vocabulary import Role, StakeholderGroup
from tests.conftest import SignIn
from tests.factories import a_consultation, an_account, an_organisation

Queries = Callable[[], AbstractContextManager[list[str]]]
HOME_QUERIES = 4


def test_home_sorts_by_phase_and_hides_drafts(client: FlaskClient) -> None:
    for title, opens, closes in (("Now", -1, 1), ("Later", 1, 2), ("Once", -9, -1)):
        a_consultation(title=title, opens=opens, closes=closes)
    a_consultation(title="Secret", published=False)
    page = client.get("/").text
    assert page.index("Open now") < page.index(">Now<") < page.index("Opening later") < page.index(">Later<")
    assert page.index(">Later<") < page.index("Past consultations") < page.index(">Once<")
    assert "Secret" not in page


def test_home_says_so_when_nothing_is_there(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "No consultation is open at the moment" in page
    assert "Past consultations" not in page


@pytest.mark.parametrize("each", [1, 10])
def test_home_asks_as_often_for_three_as_for_thirty(client: FlaskClient, queries: Queries, each: int) -> None:
    for _number in range(each):
        a_consultation()
        a_consultation(opens=2)
        a_consultation(opens=-9, closes=-2)
    with queries() as seen:
        assert client.get("/").status_code == 200
    assert len(seen) == HOME_QUERIES, seen


def test_past_consultations_come_in_pages(client: FlaskClient) -> None:
    titles = {a_consultation(title=f"Past {day:02}", opens=-99, closes=-day).title for day in range(1, 24)}
    first = client.get("/").text
    link = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = client.get(link.replace("&amp;", "&")).text
    assert all((f">{title}<" in first) != (f">{title}<" in second) for title in titles)
    assert "Open now" not in second


@pytest.mark.parametrize("cursor", ["x", "WzEsMl0", "WyJub3QiLDJd", "WyIyMDI2LTAxLTAxIiwieCJd", "W10"])
def test_a_forged_cursor_is_refused(client: FlaskClient, cursor: str) -> None:
    assert client.get("/", query_string={"cursor": cursor}).status_code == 422


def test_a_consultation_tells_all_there_is_to_know(client: FlaskClient) -> None:
    found = a_consultation(
        mandate="A/RES/73/326, para. 28",
        groups=[StakeholderGroup.ACADEMIA],
        languages=["en", "pt"],
        closes_at=datetime(2031, 3, 31, 16, 0, tzinfo=UTC),
        time_zone="America/New_York",
    )
    found.areas[0].questions = ["What has worked?"]
    page = client.get(f"/consultations/{found.slug}").text
    for words in (
        "A/RES/73/326, para. 28",
        "Academia",
        "English, Portuguese",
        "18:00 (Geneva time)",
        "What has worked?",
        "500 words",
        "Sign in to write",
        f"/consultations/{found.slug}/inputs",
    ):
        assert words in page, words
    assert f"/consultations/{found.slug}/edit" not in page


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [(-1, 1, "Open for input"), (1, 2, "Opens later"), (-2, -1, "marked late")],
)
def test_each_phase_says_what_to_do(client: FlaskClient, opens: int, closes: int, words: str) -> None:
    assert words in client.get(f"/consultations/{a_consultation(opens=opens, closes=closes).slug}").text


def test_writers_get_a_button_and_staff_none(signed_in: SignIn) -> None:
    place = f"/consultations/{a_consultation().slug}"
    button = f'href="{place}/submissions/new"'
    assert button in signed_in(an_account()).get(place).text
    assert button not in signed_in(an_account(Role.MODERATOR)).get(place).text


@pytest.mark.parametrize("slug", ["nothing", "NUL%00", "%F0%9F%98%80"])
def test_nothing_there(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/consultations/{slug}").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 404),
        (Role.CONTRIBUTOR, 404),
        (Role.MODERATOR, 404),
        (Role.SECRETARIAT, 200),
        (Role.AUDITOR, 200),
    ],
)
def test_a_draft_is_for_those_who_prepare_it(
    client: FlaskClient, signed_in: SignIn, role: Role | None, status: int
) -> None:
    draft = a_consultation(published=False)
    browser = signed_in(an_account(role)) if role else client
    assert browser.get(f"/consultations/{draft.slug}").status_code == status
    assert browser.get(f"/api/v1/consultations/{draft.slug}").status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [(None, 303), (Role.CONTRIBUTOR, 403), (Role.AUDITOR, 403), (Role.SECRETARIAT, 200)]
)
def test_the_secretariat_has_its_own_pages(
    client: FlaskClient, signed_in: SignIn, role: Role | None, status: int
) -> None:
    browser: Any = signed_in(an_account(role)) if role else client
    place = f"/consultations/{a_consultation().slug}"
    for path in ("/secretariat", "/consultations/new", f"{place}/edit"):
        assert browser.get(path).status_code == status, path
    if status != 200:
        assert browser.post(f"{place}/publication").status_code == status


def test_the_dashboard_counts_who_waits(signed_in: SignIn, queries: Queries) -> None:
    an_organisation(state="pending")
    draft = a_consultation(published=False, opens=0, closes=5)
    browser = signed_in(an_account(Role.SECRETARIAT))
    page = browser.get("/secretariat").text
    assert "1 organisation awaits confirmation" in page
    assert f"/consultations/{draft.slug}/edit" in page
    assert "Look at the timetable" in page
    with queries() as few:
        browser.get("/secretariat")
    for _number in range(12):
        a_consultation()
    with queries() as many:
        browser.get("/secretariat")
    assert len(few) == len(many)
