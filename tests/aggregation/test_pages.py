"""The pages without JavaScript: read, search, write statements, ask for reports."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts.models import Account
from consult.aggregation import building
from consult.aggregation.models import Report, Statement
from consult.aggregation.operator_actions import report_now
from consult.consultations.models import Consultation
from consult.db import session
from consult.storage import Storage
from consult.vocabulary import Publication, ReportState, Role, StakeholderGroup
from tests import factories as make
from tests.aggregation.made import an_input, redact


@pytest.fixture
def consultation(app: Flask) -> Consultation:
    return make.a_consultation()


@pytest.fixture
def desk(officer: Account, signed_in: Any) -> FlaskClient:
    return signed_in(officer)  # type: ignore[no-any-return]


def place(consultation: Consultation) -> str:
    return f"/consultations/{consultation.slug}"


def test_empty_pages_say_what_will_be_there(
    consultation: Consultation, client: FlaskClient, desk: FlaskClient
) -> None:
    for path, words in (
        ("coverage", "Nothing has been accepted yet"),
        ("inputs", "Nothing to read yet"),
        ("inputs?q=ports", "Nothing found"),
    ):
        assert words in client.get(f"{place(consultation)}/{path}").text
    assert "No report yet" in desk.get(f"{place(consultation)}/reports").text
    assert "No statement yet" in desk.get(f"{place(consultation)}/summary").text


def test_coverage_in_any_two_dimensions(
    consultation: Consultation, client: FlaskClient, desk: FlaskClient
) -> None:
    for _ in range(6):
        an_input(consultation, make.an_organisation(stakeholder_group=StakeholderGroup.ACADEMIA))
    an_input(consultation, publication=Publication.ANONYMOUS)
    path = f"{place(consultation)}/coverage?rows=group&columns=area&count=submissions"
    page = client.get(path).text
    assert "Submissions by stakeholder group and thematic area" in page
    assert "“&lt;5” stands for" in page
    full = desk.get(path).text
    assert f'href="{place(consultation)}/inputs?group=academia&amp;area=rt1">6</a>' in full
    assert "stands for one to four organisations" not in full
    wrong = client.get(f"{place(consultation)}/coverage?rows=area&columns=area")
    assert wrong.status_code == 422
    assert "Choose two different dimensions." in wrong.text
    assert client.get(f"{place(consultation)}/coverage?rows=colour").status_code == 422


def test_input_is_found_and_read(consultation: Consultation, client: FlaskClient) -> None:
    text = "Ports need desks.\n\n<script>alert(1)</script> & wages, says Amina."
    submission = an_input(consultation, texts={"rt1": text}, title="<b>Desks</b>")
    redact(submission, "Amina", 2)
    listed = client.get(f"{place(consultation)}/inputs?q=wages").text
    assert "<mark>wages</mark>" in listed
    assert "<script>alert" not in listed
    assert "&lt;b&gt;Desks&lt;/b&gt;" in listed
    assert f"inputs/{submission.reference}#p2" in listed
    page = client.get(f"{place(consultation)}/inputs/{submission.reference}").text
    assert 'id="p1"' in page
    assert f"{submission.reference} v1 ¶1" in page
    assert "[█████]" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; wages" in page
    assert "The working draft" not in listed + page
    assert client.get(f"{place(consultation)}/inputs/S-9999").status_code == 404
    assert client.get(f"{place(consultation)}/inputs?area=rt9").status_code == 422


def test_more_input_than_a_page_holds(consultation: Consultation, client: FlaskClient) -> None:
    body = make.an_organisation()
    for _ in range(21):
        an_input(consultation, body)
    page = client.get(f"{place(consultation)}/inputs?region=ECE").text
    assert "21 inputs" in page
    [following] = re.findall(r'href="([^"]+)" rel="next"', page)
    rest = client.get(following.replace("&amp;", "&")).text
    assert rest.count('class="case"') == 1
    assert "Back to the start" in rest


def test_a_statement_is_written_changed_moved_and_deleted(
    consultation: Consultation, desk: FlaskClient
) -> None:
    submission = an_input(consultation, texts={"rt1": "Wages follow the worker.\n\nPorts need desks."})
    first, second = [paragraph.id for paragraph in submission.versions[-1].paragraphs]
    summary = f"{place(consultation)}/summary"
    given = {"area": "rt1", "q": "wages"}
    refused = desk.post(summary, data={**given, "text": "Kept in the form.", "paragraph": []})
    assert refused.status_code == 422
    assert "Choose at least one paragraph" in refused.text
    refused = desk.post(summary, data={**given, "text": "wages", "is_quote": "1", "paragraph": [first]})
    assert refused.status_code == 422
    assert "word for word" in refused.text
    assert f'value="{first}" checked' in refused.text
    for text, paragraphs in (("Desks were asked for.", [first, second]), ("Wages follow", [first])):
        sent = desk.post(summary, data={**given, "text": text, "paragraph": paragraphs})
        assert sent.status_code == 303
    one, other = session.query(Statement).order_by(Statement.id).all()
    page = desk.get(f"{summary}?area=rt1").text
    assert page.index("Desks were asked for.") < page.index("Wages follow<")
    assert desk.post(f"{summary}/{other.id}/place", data={"way": "up"}).status_code == 303
    page = desk.get(f"{summary}?area=rt1").text
    assert page.index("Desks were asked for.") > page.index("Wages follow<")
    assert "Desks were asked for." in desk.get(f"{summary}/{one.id}").text
    changed = {"text": "A desk was asked for.", "paragraph": [second], "revision": 1}
    assert desk.post(f"{summary}/{one.id}", data=changed).status_code == 303
    clash = desk.post(f"{summary}/{one.id}", data={**changed, "text": "Mine"})
    assert clash.status_code == 412
    assert "Mine" in clash.text
    assert desk.post(f"{summary}/{other.id}/deletion").status_code == 303
    assert [left.text for left in session.query(Statement).all()] == ["A desk was asked for."]
    for unknown in (f"{summary}/{2**70}", f"{summary}/{other.id}"):
        assert desk.get(unknown).status_code == 404


def test_what_no_longer_holds_is_pointed_out(consultation: Consultation, desk: FlaskClient) -> None:
    submission = an_input(consultation, texts={"rt1": "Ask Amina about wages."})
    [cited] = [paragraph.id for paragraph in submission.versions[-1].paragraphs]
    summary = f"{place(consultation)}/summary"
    desk.post(summary, data={"area": "rt1", "text": "Somebody was asked.", "paragraph": [cited]})
    assert "To be looked at again" not in desk.get(summary).text
    redact(submission, "Amina")
    assert "To be looked at again" in desk.get(summary).text
    assert "It will be left out." in desk.get(f"{place(consultation)}/reports").text
    submission.publication = Publication.RESTRICTED
    session.commit()
    [statement] = session.query(Statement).all()
    page = desk.get(f"{summary}/{statement.id}").text
    assert "can no longer be cited" in page
    assert "about wages" not in page


def test_a_report_is_asked_for_and_followed(
    consultation: Consultation, desk: FlaskClient, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_input(consultation)
    asked = desk.post(f"{place(consultation)}/reports")
    assert asked.status_code == 303
    there = asked.headers["Location"]
    assert desk.post(f"{place(consultation)}/reports").headers["Location"] == there
    waiting = desk.get(there).text
    assert "Waiting for a worker" in waiting
    assert "progress.js" in waiting
    assert desk.get(f"{there}/progress.json").get_json() == {
        "state": "queued",
        "progress": {"done": 0, "total": 10},
    }
    assert "see how far it is" in desk.get(f"{place(consultation)}/reports").text
    report = session.query(Report).one()
    building.build(report.id, storage)
    session.expire_all()
    ready = desk.get(there).text
    assert "summary.docx" in ready
    assert "progress.js" not in ready
    assert report.files[0].sha256 in ready
    assert desk.get(f"{there}/files/inputs.csv").data.startswith(b"\xef\xbb\xbfreference,")
    assert desk.get(f"{there}/files/none.csv").status_code == 404
    report.state, report.failure = ReportState.FAILED, "No room."
    session.commit()
    assert "No room." in desk.get(there).text


def test_who_may_see_what(
    consultation: Consultation, client: FlaskClient, signed_in: Any, storage: Storage
) -> None:
    report = report_now(consultation.slug, storage)
    closed = [
        f"{place(consultation)}/reports",
        f"{place(consultation)}/summary",
        f"/reports/{report.id}",
        f"/reports/{report.id}/progress.json",
        f"/reports/{report.id}/files/inputs.csv",
    ]
    others = [signed_in(make.an_account(role=role)) for role in set(Role) - {Role.SECRETARIAT}]
    for path in closed:
        assert client.get(path).status_code == 303
        assert {browser.get(path).status_code for browser in others} == {403}
    hidden = make.a_consultation(published=False)
    for route in ("coverage", "inputs", "inputs/S-0001"):
        assert client.get(f"{place(hidden)}/{route}").status_code == 404


def test_a_fixed_number_of_queries(consultation: Consultation, desk: FlaskClient, queries: Any) -> None:
    here = place(consultation)

    def cost(path: str) -> int:
        session.expire_all()
        with queries() as seen:
            assert desk.get(f"{here}/{path}").status_code == 200
        return len(seen)

    def write() -> None:
        submission = an_input(consultation)
        cited = submission.versions[-1].paragraphs[0].id
        desk.post(
            f"{place(consultation)}/summary", data={"area": "rt1", "text": "Said.", "paragraph": [cited]}
        )

    write()
    paths = ("inputs", "inputs?q=wages", "coverage", "summary", "reports")
    few = [cost(path) for path in paths]
    for _ in range(8):
        write()
    assert [cost(path) for path in paths] == few
    assert max(few) <= 12
