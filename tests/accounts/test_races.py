"""Two people at the same moment: a body keeps its focal point, an address its one account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from consult import db
from consult.accounts.directory import other_focal_points
from consult.accounts.models import Account
from consult.db import session
from tests.conftest import SignIn
from tests.factories import a_member, an_account, an_organisation

GOOD = "four walls and a roof"


def test_two_focal_points_never_leave_together(committed: Flask, signed_in: SignIn) -> None:
    body = an_organisation()
    a_member(body)
    pair = [a_member(body, focal=True), a_member(body, focal=True)]
    tries = [(signed_in(person), f"/organisations/{body.id}/members/{person.id}/end") for person in pair]
    db.forget()
    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(lambda each: each[0].post(each[1]).status_code, tries))
    assert statuses == [303, 409]
    assert other_focal_points(body.id, 0) == 1


def test_one_address_registered_twice_at_once(committed: Flask) -> None:
    form = {"name": "Ada Sample", "email": "ada@test.example", "password": GOOD}
    browsers = [committed.test_client() for _browser in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda browser: browser.post("/register", data=form), browsers))
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/sign-in")}
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_one_request_to_join_at_once(committed: Flask, signed_in: SignIn) -> None:
    body, person = an_organisation(), an_account()
    browsers, url = [signed_in(person) for _browser in range(3)], f"/api/v1/organisations/{body.id}/members"
    db.forget()
    with ThreadPoolExecutor(3) as pool:
        statuses = sorted(pool.map(lambda browser: browser.post(url).status_code, browsers))
    assert statuses == [201, 409, 409]
