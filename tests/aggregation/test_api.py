"""The routes of the contract: shapes, cursors, refusals."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask

from consult.accounts.models import Account
from consult.aggregation.formats import media_type
from consult.aggregation.operator_actions import report_now
from consult.aggregation.report_files import STEPS
from consult.audit import AuditEntry
from consult.consultations.models import Consultation
from consult.db import session
from consult.storage import Storage
from consult.vocabulary import Publication, Role, Scope
from tests import factories as make
from tests.aggregation.made import an_input

ROOT = "/api/v1"


@pytest.fixture
def consultation(app: Flask) -> Consultation:
    return make.a_consultation()


def test_coverage(consultation: Consultation, client: Any, officer: Account) -> None:
    an_input(consultation, publication=Publication.RESTRICTED)
    path = f"{ROOT}/consultations/{consultation.slug}/coverage"
    shown = client.get(f"{path}?rows=area&columns=group").get_json()
    assert (shown["rows"], shown["columns"]) == ("area", "group")
    assert shown["row_keys"][0] == {"code": "rt1", "label": "Round table 1"}
    assert len(shown["cells"]) == len(shown["row_keys"]) * len(shown["column_keys"]) == 26
    hidden = {
        "row": "rt1",
        "column": "civil_society",
        "organisations": None,
        "submissions": None,
        "suppressed": True,
    }
    assert hidden in shown["cells"]
    full = client.get(path, headers=make.bearer(officer, Scope.READ)).get_json()
    assert full["totals"]["all"] == {"organisations": 1, "submissions": 1, "suppressed": False}
    assert full["totals"]["rows"][0]["row"] == "rt1"
    assert full["totals"]["columns"][1]["column"] == "civil_society"
    # A secretariat's token without the right to read sees what everybody sees.
    assert hidden in client.get(path, headers=make.bearer(officer, Scope.WRITE)).get_json()["cells"]


@pytest.mark.parametrize("query", ["rows=area&columns=area", "rows=colour", "columns=", "rows=area&more=1"])
def test_coverage_refuses(consultation: Consultation, client: Any, query: str) -> None:
    answer = client.get(f"{ROOT}/consultations/{consultation.slug}/coverage?{query}")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["errors"]


def test_nothing_of_an_unpublished_consultation_is_open(client: Any, officer: Account) -> None:
    hidden = make.a_consultation(published=False)
    for route in ("coverage", "inputs", "inputs/S-0001"):
        assert client.get(f"{ROOT}/consultations/{hidden.slug}/{route}").status_code == 404
    answer = client.get(f"{ROOT}/consultations/{hidden.slug}/coverage", headers=make.bearer(officer))
    assert answer.status_code == 200


def test_inputs_page_by_page(consultation: Consultation, client: Any) -> None:
    made = [an_input(consultation, texts={"rt1": "Wages.\n\nPorts."}).reference for _ in range(3)]
    path = f"{ROOT}/consultations/{consultation.slug}/inputs"
    first = client.get(f"{path}?q=ports&limit=2")
    assert [one["reference"] for one in first.get_json()["items"]] == made[:0:-1]
    assert 'rel="next"' in first.headers["Link"]
    second = client.get(f"{path}?q=ports&limit=2&cursor={first.get_json()['next']}").get_json()
    assert [one["reference"] for one in second["items"]] == made[:1]
    assert second["next"] is None
    [one] = second["items"]
    assert one["matches"] == [2]
    assert one["areas"] == ["rt1"]
    assert one["paragraphs"][1] == {
        "number": 2, "citation": f"{made[0]} v1 ¶2", "area": "rt1", "text": "Ports.", "words": 1
    }  # fmt: skip
    assert client.get(f"{path}/{made[0]}").get_json() == {**one, "matches": []}
    assert client.get(f"{path}/S-9999").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "area=rt9",
        "group=nobody",
        "objective=0",
        "objective=x",
        "region=ECA1",
        "limit=0",
        "cursor=zzz",
        "q=a%00b",
        "x=1",
    ],
)
def test_inputs_refuse(consultation: Consultation, client: Any, query: str) -> None:
    answer = client.get(f"{ROOT}/consultations/{consultation.slug}/inputs?{query}")
    assert answer.status_code == 422, answer.text


def test_a_report_is_asked_for_once(consultation: Consultation, client: Any, officer: Account) -> None:
    path, headers = f"{ROOT}/consultations/{consultation.slug}/reports", make.bearer(officer)
    key = {**headers, "Idempotency-Key": "one"}
    asked = client.post(path, headers=key)
    assert asked.status_code == 202
    shown = asked.get_json()
    assert (shown["state"], shown["progress"]) == ("queued", {"done": 0, "total": STEPS})
    assert asked.headers["Location"] == f"{ROOT}/reports/{shown['id']}"
    assert client.post(path, headers=key).get_json() == shown
    assert client.post(path, headers=headers).status_code == 409
    assert client.get(asked.headers["Location"], headers=headers).get_json() == shown
    assert client.get(path, headers=headers).get_json()["items"] == [shown]


def test_a_reports_files(consultation: Consultation, client: Any, officer: Account, storage: Storage) -> None:
    an_input(consultation)
    report = report_now(consultation.slug, storage)
    headers = make.bearer(officer, Scope.READ)
    shown = client.get(f"{ROOT}/reports/{report.id}", headers=headers).get_json()
    assert shown["state"] == "ready"
    assert shown["counts"]["filed"] == 1
    for file in shown["files"]:
        answer = client.get(file["url"], headers=headers)
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"]
        assert int(answer.headers["Content-Length"]) == file["size"]
        assert answer.mimetype == media_type(file["name"])
        assert answer.headers["Content-Disposition"].startswith("attachment")
    noted = session.query(AuditEntry).filter_by(act="report.downloaded", subject_id=report.id).all()
    assert [entry.detail["file"] for entry in noted] == [file["name"] for file in shown["files"]]
    for missing in (f"reports/{report.id}/files/other.csv", f"reports/{2**80}", f"reports/{report.id + 1}"):
        assert client.get(f"{ROOT}/{missing}", headers=headers).status_code == 404


def test_reports_are_the_secretariats(
    consultation: Consultation, client: Any, signed_in: Any, storage: Storage
) -> None:
    report = report_now(consultation.slug, storage)
    reads = [
        f"consultations/{consultation.slug}/reports",
        f"reports/{report.id}",
        f"reports/{report.id}/files/inputs.csv",
        f"reports/{report.id + 1}",
    ]
    others = [signed_in(make.an_account(role=role)) for role in set(Role) - {Role.SECRETARIAT}]
    for path in reads:
        assert client.get(f"{ROOT}/{path}").status_code == 401
        assert {browser.get(f"{ROOT}/{path}").status_code for browser in others} == {403}
    assert {browser.post(f"{ROOT}/{reads[0]}").status_code for browser in others} == {403}


def test_a_fixed_number_of_queries(
    consultation: Consultation, client: Any, queries: Any, storage: Storage, officer: Account
) -> None:
    here, headers = f"{ROOT}/consultations/{consultation.slug}", make.bearer(officer)

    def cost(path: str) -> int:
        client.get(f"{here}/{path}", headers=headers)
        session.expire_all()
        with queries() as seen:
            assert client.get(f"{here}/{path}", headers=headers).status_code == 200
        return len(seen)

    paths = ("inputs?q=wages", "coverage", "reports")
    an_input(consultation)
    report_now(consultation.slug, storage)
    few = [cost(path) for path in paths]
    for _ in range(8):
        an_input(consultation)
    report_now(consultation.slug, storage)
    assert [cost(path) for path in paths] == few
    assert max(few) <= 8
