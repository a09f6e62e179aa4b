"""A report is whole or not there, says the same when built again, and survives what stops its building."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from consult.actor import Actor
from consult.aggregation import actions, building, queries
from consult.aggregation.building import build
from consult.aggregation.models import Report
from consult.aggregation.operator_actions import report_now
from consult.aggregation.report_files import FILES, STEPS
from consult.audit import entries_about
from consult.consultations.models import Consultation
from consult.db import session
from consult.errors import Conflict
from consult.outbox import Promise
from consult.storage import Storage
from consult.submissions.models import Submission
from consult.vocabulary import Publication, ReportState, StakeholderGroup, SubmissionState
from tests import factories as make
from tests.aggregation.made import an_input, redact
from workers.keeping import keep_promise


@pytest.fixture
def consultation(app: Flask) -> Consultation:
    """Six submissions: two named, one joint, one anonymous, one restricted, one rejected."""
    found = make.a_consultation()
    an_input(found, make.an_organisation(name="Sample Union"), {"rt1": "Wages follow the worker.\n\nSecond."})
    an_input(
        found,
        make.an_organisation(name="Sample Commission", stakeholder_group=StakeholderGroup.NHRI),
        {"rt1": "An institution speaks.", "rt2": "On data too."},
        language="fr",
    )
    partners = (make.an_organisation(name="Partner One"), make.an_organisation(name="Partner Two"))
    an_input(found, make.an_organisation(name="Lead Body"), {"rt2": "Together."}, signed_by=partners)
    an_input(found, publication=Publication.ANONYMOUS, texts={"rt1": "Nobody's name."})
    an_input(found, publication=Publication.RESTRICTED)
    an_input(found, state=SubmissionState.REJECTED)
    return found


def contents(report: Report, storage: Storage) -> dict[str, bytes]:
    return {file.name: storage.open(file.sha256).read() for file in report.files}


def requested(secretariat: Actor, consultation: Consultation) -> Report:
    report = actions.request_report(actor=secretariat, consultation=consultation)
    session.commit()
    return report


def words(docx: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return (package.read("word/document.xml") + package.read("word/endnotes.xml")).decode()


def test_every_file_and_counts_that_add_up(consultation: Consultation, storage: Storage) -> None:
    report = report_now(consultation.slug, storage)
    assert report.state == ReportState.READY
    assert (report.progress, report.step, report.failure) == (STEPS, "", "")
    assert [file.name for file in report.files] == list(FILES)
    held = contents(report, storage)
    manifest = json.loads(held["manifest.json"])
    assert manifest["counts"] == {
        "filed": 6, "accepted": 5, "returned": 0, "rejected": 1, "withdrawn": 0, "waiting": 0
    }  # fmt: skip
    assert report.counts == {**manifest["counts"], "records": 6, "inputs": 4, "left_out": 0}
    for file in manifest["files"]:
        assert hashlib.sha256(held[file["name"]]).hexdigest() == file["sha256"]
        assert len(held[file["name"]]) == file["size"]
    rows = list(csv.DictReader(io.StringIO(held["inputs.csv"].decode("utf-8-sig"))))
    assert len(rows) == len(held["inputs.jsonl"].splitlines()) == 6
    assert {row["publication"] for row in rows} == {"public", "anonymous"}
    assert [entry.act for entry in entries_about(report)] == ["report.requested", "report.built"]


def test_the_summary_names_everybody_as_they_asked(consultation: Consultation, storage: Storage) -> None:
    text = words(contents(report_now(consultation.slug, storage), storage)["summary.docx"])
    assert "Partner One; Partner Two" in text
    assert "Anonymous (Civil society, Europe and North America)" in text
    assert "selected automatically" in text
    assert "JS1" in text
    assert "Of these, 5 had been accepted" in text
    # National human rights institutions stand apart in both lists.
    assert text.count("National human rights institutions") > 2


def test_statements_take_the_place_of_automatic_quotations(
    consultation: Consultation, secretariat: Actor, storage: Storage
) -> None:
    first, second = (
        session.query(Submission)
        .order_by(Submission.id)
        .filter_by(consultation_id=consultation.id)
        .limit(2)
        .all()
    )
    given: dict[str, Any] = {
        "actor": secretariat,
        "consultation": consultation,
        "area": consultation.areas[0],
    }
    cited = [paragraph.id for paragraph in (*first.versions[0].paragraphs, second.versions[0].paragraphs[0])]
    actions.write_statement(**given, text="Wages were on all lips.", is_quote=False, paragraph_ids=cited)
    actions.write_statement(**given, text="follow the worker", is_quote=True, paragraph_ids=cited[:1])
    actions.write_statement(**given, text="It speaks.", is_quote=False, paragraph_ids=cited[2:])
    session.commit()
    text = words(contents(report_now(consultation.slug, storage), storage)["summary.docx"])
    assert "Wages were on all lips." in text
    assert "SU stated: “" in text
    assert "Sample Union (SU), S-" in text
    assert "¶¶ 1, 2" in text
    redact(second, "institution")
    report = report_now(consultation.slug, storage)
    assert report.counts["left_out"] == 2
    text = words(contents(report, storage)["summary.docx"])
    assert "It speaks." not in text
    assert "Wages were on all lips." not in text
    assert "follow the worker" in text


def test_the_same_data_gives_the_same_files(consultation: Consultation, storage: Storage) -> None:
    one, other = (
        {file.name: file.sha256 for file in report_now(consultation.slug, storage).files} for _ in range(2)
    )
    assert {name for name in one if one[name] != other[name]} == {"manifest.json"}


def test_an_empty_consultation_has_a_report_too(app: Flask, storage: Storage) -> None:
    report = report_now(make.a_consultation(areas=None).slug, storage)
    assert report.state == ReportState.READY
    assert "No input was accepted for publication" in words(contents(report, storage)["summary.docx"])


def test_a_worker_keeps_the_promise_once(
    consultation: Consultation, secretariat: Actor, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_URL", f"file://{storage.root}")
    monkeypatch.setenv("SECRET_KEY", "for this test only, nothing is signed with it")
    report = requested(secretariat, consultation)
    with pytest.raises(Conflict):
        actions.request_report(actor=secretariat, consultation=consultation)
    [promise] = session.query(Promise).filter_by(kind="build_report").all()
    assert promise.args == {"report_id": report.id}
    assert keep_promise(promise.id)
    assert queries.report(report.id).state == ReportState.READY
    finished = queries.report(report.id).finished_at
    build(report.id, storage)
    build(2**40, storage)
    assert queries.report(report.id).finished_at == finished
    assert len(queries.report(report.id).files) == len(FILES)


class Interrupted(BaseException):
    """A worker's death."""


def test_what_was_interrupted_is_begun_again(
    consultation: Consultation, secretariat: Actor, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = requested(secretariat, consultation)

    def die(*_given: object) -> Iterator[object]:
        raise Interrupted

    with monkeypatch.context() as patched:
        patched.setattr(building, "write_files", die)
        with pytest.raises(Interrupted):
            build(report.id, storage)
    session.expire_all()
    assert (report.state, report.files) == (ReportState.BUILDING, [])
    build(report.id, storage)
    session.expire_all()
    assert report.state == ReportState.READY
    assert len(report.files) == len(FILES)


def test_failures_are_said_in_a_sentence(
    consultation: Consultation, secretariat: Actor, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = requested(secretariat, consultation)

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(storage, "keep", full)
        build(report.id, storage)
    session.expire_all()
    assert report.state == ReportState.FAILED
    assert report.failure == "The files could not be written: No space left on device."
    with monkeypatch.context() as patched:
        patched.setattr(building, "write_files", lambda *_given: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            build(report.id, storage)
    session.expire_all()
    assert report.state == ReportState.FAILED
    assert "tried again" in report.failure
    build(report.id, storage)
    session.expire_all()
    assert (report.state, report.failure) == (ReportState.READY, "")


def test_progress_is_told_before_each_file(
    consultation: Consultation, secretariat: Actor, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = requested(secretariat, consultation)
    told: list[tuple[int, str]] = []
    honest = building.write_files

    def listening(number: int, gathered: Any, folder: Any, tell: Any) -> Any:
        def hear(done: int, step: str) -> None:
            tell(done, step)
            session.expire_all()
            fresh = queries.report(number)
            told.append((fresh.progress, fresh.step))

        return honest(number, gathered, folder, hear)

    monkeypatch.setattr(building, "write_files", listening)
    build(report.id, storage)
    assert told == list(enumerate(FILES, start=1))
