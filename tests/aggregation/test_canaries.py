"""No sealed word leaves by any page, answer, export or report of the aggregate."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pyarrow.parquet as pq
import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts.models import Account
from consult.actor import Actor
from consult.aggregation import actions
from consult.aggregation.formats import FORMS
from consult.aggregation.operator_actions import report_now
from consult.consultations.models import Consultation
from consult.db import session
from consult.moderation.models import Case, Decision
from consult.storage import Storage
from consult.submissions.models import Attachment, Contribution, Paragraph, Submission, Version
from consult.vocabulary import Dimension, Publication, SubmissionState, Verdict
from tests import factories as make
from tests.aggregation.made import NOW, an_input, redact

# Each stands in one sealed place; none may be seen by readers, whatever they do.
SEALED = {
    "canaryredacted": "a redacted word",
    "canaryname": "the name of an anonymous organisation",
    "canaryshort": "its acronym",
    "canarypartner": "a co-signatory of anonymous input",
    "canaryrestricted": "restricted text",
    "canarytitle": "the title of restricted input",
    "canarybody": "the name behind restricted input",
    "canarydraft": "a draft of accepted input that is being amended",
    "canaryworking": "its working title",
    "canaryold": "a version that no longer counts",
    "canaryrejected": "rejected text",
    "canarywithdrawn": "withdrawn text",
    "canarywaiting": "text that nobody has judged yet",
    "canarynote": "a moderator's internal note",
    "canarymessage": "what a contributor was told",
    "canaryfile": "the name of an attachment",
    "canaryphrase": "a statement that repeats what was redacted since",
}
# What the secretariat may see on top, where it asks for restricted input.
RESTRICTED = {"canaryrestricted", "canarytitle"}
READABLE = "everybodymayreadthis"


@pytest.fixture
def consultation(app: Flask, secretariat: Actor) -> Consultation:
    found = make.a_consultation()
    # The page of an input shows its area; the areas of a consultation are public.
    told = an_input(found, texts={"rt1": f"Ask canaryredacted about it. {READABLE}"})
    an_input(found, texts={"rt2": READABLE}, language="fr")
    unnamed = make.an_organisation(name="canaryname", acronym="canaryshort", country="TUV", region="ESCAP")
    partner = make.an_organisation(name="canarypartner")
    an_input(found, unnamed, {"rt1": READABLE}, publication=Publication.ANONYMOUS, signed_by=(partner,))
    an_input(found, unnamed, {"rt1": READABLE}, publication=Publication.ANONYMOUS)
    an_input(
        found,
        make.an_organisation(name="canarybody"),
        {"rt1": "canaryrestricted"},
        publication=Publication.RESTRICTED,
        title="canarytitle",
    )
    for state, word in (
        (SubmissionState.REJECTED, "canaryrejected"),
        (SubmissionState.WITHDRAWN, "canarywithdrawn"),
        (SubmissionState.IN_MODERATION, "canarywaiting"),
    ):
        an_input(found, texts={"rt1": word}, state=state, title=word)
    _amended(found)
    _judged(told)
    cited = [paragraph.id for paragraph in told.versions[-1].paragraphs]
    actions.write_statement(
        actor=secretariat,
        consultation=found,
        area=found.areas[0],
        text="canaryphrase was asked.",
        is_quote=False,
        paragraph_ids=cited,
    )
    redact(told, "canaryredacted")
    return found


def _amended(consultation: Consultation) -> Submission:
    """Accepted in its second version; a third one is being written."""
    submission = an_input(consultation, texts={"rt2": READABLE}, number=2)
    area = submission.versions[-1].areas[0]
    old = Version(
        submission_id=submission.id,
        number=1,
        title="canaryold",
        language="en",
        publication=Publication.PUBLIC,
        canonical=b"canaryold",
        sha256="0" * 64,
        text_fingerprint="",
        received_at=NOW,
        late=False,
        areas=[area],
    )
    old.paragraphs = [
        Paragraph(number=1, area_id=area, text="canaryold", disclosed_text="canaryold", sha256="", words=1)
    ]
    session.add(old)
    submission.title, submission.amending = "canaryworking", True
    submission.contributions.append(Contribution(area_id=area, text="canarydraft"))
    submission.attachments.append(
        Attachment(sha256="0" * 64, filename="canaryfile.pdf", media_type="application/pdf", size=1)
    )
    session.commit()
    return submission


def _judged(submission: Submission) -> None:
    version, judge = submission.versions[-1], make.an_account()
    version.outcome, version.outcome_message = Verdict.ACCEPT, "canarymessage"
    case = Case(
        version_id=version.id,
        submission_id=submission.id,
        consultation_id=submission.consultation_id,
        organisation_id=submission.organisation_id,
        language="en",
        stakeholder_group=submission.organisation.stakeholder_group,
        fair_at=NOW,
        due_at=NOW,
    )
    decision = Decision(
        stage="first", verdict=Verdict.ACCEPT, message="canarymessage", internal_note="canarynote",
        decided_by=judge.id, is_final=True,
    )  # fmt: skip
    case.decisions.append(decision)
    session.add(case)
    session.commit()


def leaked(text: str, allowed: set[str] | frozenset[str] = frozenset()) -> list[str]:
    """What stands in a text that should not: canaries, and the country of who is not named."""
    lowered = text.casefold()
    found = [what for word, what in SEALED.items() if word in lowered and word not in allowed]
    return [
        *found,
        *(["the country of an anonymous organisation"] if "TUV" in text or "Tuvalu" in text else []),
    ]


def readable(name: str, body: bytes) -> str:
    """Everything that a file holds, as text."""
    form = name.rpartition(".")[2]
    if form in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            return "\n".join(package.read(part).decode() for part in package.namelist())
    if form == "pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if form == "parquet":
        return str(pq.read_table(io.BytesIO(body)).to_pylist())
    return body.decode()


def test_no_page_or_answer_tells(consultation: Consultation, client: FlaskClient, signed_in: Any) -> None:
    contributor = signed_in(make.a_member(make.an_organisation()))
    here = f"/consultations/{consultation.slug}"
    paths = [f"{here}/inputs", f"{here}/coverage", f"{here}/inputs?language=fr", f"{here}/inputs?area=rt1"]
    paths += [f"{here}/inputs?q={word}" for word in SEALED] + [f"{here}/inputs?q={READABLE}"]
    paths += [f"{here}/coverage?rows=country&columns={other}" for other in Dimension if other != "country"]
    paths += [f"{here}/inputs/{one.reference}" for one in session.query(Submission).all()]
    for path in [*paths, *(f"/api/v1{path}" for path in paths)]:
        for browser in (client, contributor):
            answer = browser.get(path)
            assert answer.status_code in (200, 404), path
            # A page repeats what was searched for in its form; its list must be empty.
            asked = path.partition("q=")[2]
            assert not leaked(answer.text, {asked}), path
            if asked in SEALED:
                assert READABLE not in answer.text, path


@pytest.mark.parametrize("form", FORMS)
def test_no_export_tells(consultation: Consultation, officer: Account, signed_in: Any, form: str) -> None:
    browser, path = signed_in(officer), f"/api/v1/consultations/{consultation.slug}/export.{form}"
    # The dictionary of a workbook lists every country there is.
    countries = "Tuvalu", "TUV"
    for query, allowed in (("", set[str]()), ("?restricted=include", RESTRICTED)):
        text = readable(f"x.{form}", browser.get(path + query).data)
        assert READABLE in text
        for name in countries if form == "xlsx" else ():
            text = text.replace(f">{name}<", "><")
        assert not leaked(text, allowed)
        assert all(word in text for word in allowed)


def test_no_report_tells(consultation: Consultation, storage: Storage) -> None:
    report = report_now(consultation.slug, storage)
    assert report.counts["left_out"] == 1
    for file in report.files:
        text = readable(file.name, storage.open(file.sha256).read())
        if file.name in ("codebook.csv", "inputs.xlsx"):
            text = text.replace("TUV", "").replace("Tuvalu", "")
        assert not leaked(text), file.name
        if file.name.startswith(("inputs.", "summary.docx")):
            assert READABLE in text, file.name


def test_the_secretariats_pages_quote_nothing_sealed(
    consultation: Consultation, officer: Account, signed_in: Any
) -> None:
    """It writes its summary from what everybody may read; its own statement is shown, to be mended."""
    browser = signed_in(officer)
    for path in ("summary", "summary?area=rt2", "summary?q=canaryredacted", "reports", "coverage", "inputs"):
        text = browser.get(f"/consultations/{consultation.slug}/{path}").text
        assert not leaked(text, {"canaryphrase", path.partition("q=")[2]}), path
