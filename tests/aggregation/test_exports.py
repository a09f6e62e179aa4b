"""Exports are for the secretariat, noted each time, and hold what readers may see."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from flask import Flask

from consult.accounts.models import Account
from consult.aggregation.exports.records import InputRecord
from consult.aggregation.formats import FORMS, MEDIA_TYPES
from consult.aggregation.operator_actions import export_to
from consult.audit import AuditEntry
from consult.consultations.models import Consultation
from consult.db import session
from consult.errors import Invalid, Missing
from consult.vocabulary import Publication, Role, Scope
from tests import factories as make
from tests.aggregation.made import an_input, redact

COLUMNS = list(InputRecord._fields)


@pytest.fixture
def consultation(app: Flask) -> Consultation:
    found = make.a_consultation()
    partner = make.an_organisation(name="Partner Body")
    an_input(found, make.an_organisation(name="=Sum Body"), {"rt1": "One.\n\n=1+1"}, signed_by=(partner,))
    an_input(
        found, make.an_organisation(country="KEN"), publication=Publication.ANONYMOUS, signed_by=(partner,)
    )
    an_input(found, publication=Publication.RESTRICTED, texts={"rt2": "Only for the secretariat."})
    return found


def rows_of(form: str, body: bytes) -> list[dict[str, str]]:
    """The records of a file, every value as text."""
    if form == "csv":
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    if form == "jsonl":
        return [json.loads(line) for line in body.splitlines()]
    if form == "parquet":
        return pq.read_table(io.BytesIO(body)).to_pylist()
    sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True)["Inputs"]
    head, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rest]


@pytest.mark.parametrize("form", FORMS)
def test_what_readers_may_see(consultation: Consultation, officer: Account, signed_in, form: str) -> None:  # type: ignore[no-untyped-def]
    browser = signed_in(officer)
    answer = browser.get(f"/api/v1/consultations/{consultation.slug}/export.{form}")
    assert answer.status_code == 200
    assert answer.mimetype == MEDIA_TYPES[form]
    assert answer.headers["Content-Disposition"].startswith(
        f'attachment; filename="{consultation.slug}-inputs-'
    )
    rows = rows_of(form, answer.data)
    assert [list(row) for row in rows] == [COLUMNS] * 3
    joint, _second, hidden = rows
    assert "Partner Body" in str(joint["cosignatories"])
    assert joint["sha256"]
    assert not any(
        hidden[name] for name in ("organisation", "country", "cosignatories", "accreditation", "sha256")
    )
    assert str(hidden["joint"]).lower() == "true"
    with_all = browser.get(f"/api/v1/consultations/{consultation.slug}/export.{form}?restricted=include")
    rows = rows_of(form, with_all.data)
    assert [row["publication"] for row in rows] == ["public", "public", "anonymous", "restricted"]
    assert not rows[-1]["organisation"]
    noted = session.query(AuditEntry).filter_by(act="consultation.exported").order_by(AuditEntry.id).all()
    assert [entry.detail for entry in noted] == [
        {"format": form, "restricted": False},
        {"format": form, "restricted": True},
    ]


def test_formulas_are_text(consultation: Consultation, officer: Account, signed_in) -> None:  # type: ignore[no-untyped-def]
    body = signed_in(officer).get(f"/api/v1/consultations/{consultation.slug}/export.csv").data
    [first, second, _hidden] = rows_of("csv", body)
    assert first["organisation"] == "'=Sum Body"
    assert second["text"] == "'=1+1"


def test_redacted_words_and_the_fingerprint_over_them_stay_in(
    consultation: Consultation, officer: Account, signed_in
) -> None:  # type: ignore[no-untyped-def]
    submission = an_input(consultation, texts={"rt1": "Call Amalqz now.\n\nSecond."})
    redact(submission, "Amalqz")
    body = signed_in(officer).get(f"/api/v1/consultations/{consultation.slug}/export.jsonl").data
    # A word that no reference or hash can hold by chance.
    assert b"Amalqz" not in body
    last = rows_of("jsonl", body)[-2:]
    assert [row["redacted"] for row in last] == [True, False]
    assert {row["sha256"] for row in last} == {""}


def test_who_may_export(consultation: Consultation, client, signed_in) -> None:  # type: ignore[no-untyped-def]
    path = f"/api/v1/consultations/{consultation.slug}/export"
    for form in FORMS:
        assert client.get(f"{path}.{form}").status_code == 401
        for role in set(Role) - {Role.SECRETARIAT}:
            assert signed_in(make.an_account(role=role)).get(f"{path}.{form}").status_code == 403
    officer = make.an_account(role=Role.SECRETARIAT)
    assert client.get(f"{path}.csv", headers=make.bearer(officer, Scope.WRITE)).status_code == 403
    assert client.get(f"{path}.csv", headers=make.bearer(officer, Scope.READ)).status_code == 200
    assert client.get(f"{path}.ods", headers=make.bearer(officer)).status_code == 404
    assert client.get(f"{path}.csv?restricted=yes", headers=make.bearer(officer)).status_code == 422
    assert (
        client.get("/api/v1/consultations/none/export.csv", headers=make.bearer(officer)).status_code == 404
    )


def test_a_reader_who_goes_away_leaves_nothing_open(
    consultation: Consultation, officer: Account, signed_in
) -> None:  # type: ignore[no-untyped-def]
    held = session.registry()
    answer = signed_in(officer).get(f"/api/v1/consultations/{consultation.slug}/export.csv")
    next(answer.response)
    answer.close()
    assert session.registry() is held


@pytest.mark.parametrize("form", FORMS)
def test_from_the_command_line(consultation: Consultation, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"out.{form}"
    assert export_to(consultation.slug, form, path) == 3
    assert len(rows_of(form, path.read_bytes())) == 3
    assert list(tmp_path.iterdir()) == [path]


def test_the_command_line_refuses_what_is_not_there(consultation: Consultation, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        export_to(consultation.slug, "ods", tmp_path / "out.ods")
    with pytest.raises(Missing):
        export_to("no-such", "csv", tmp_path / "out.csv")
    assert not list(tmp_path.iterdir())
