"""From draft to receipt through the JSON door."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from consult.db import session
from consult.outbox import Promise
from consult.submissions.models import Paragraph, Submission, Version
from tests import factories as make

TEXT = "Wages follow the worker.\n\nRecruitment fees are returned within thirty days."


def body(organisation: int, **changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "organisation": organisation,
        "language": "en",
        "title": "Fair recruitment",
        "contributions": [{"area": "rt1", "text": TEXT}, {"area": "rt2", "text": "Save lives at sea."}],
    }
    return given | changes


@pytest.fixture
def desk(client: FlaskClient):  # type: ignore[no-untyped-def]
    """An open consultation, a body, and its member's headers."""
    consultation, organisation = make.a_consultation(), make.an_organisation()
    member = make.a_member(organisation, focal=True)
    return client, consultation, organisation, make.bearer(member)


def test_filing_at_once_gives_a_receipt_over_the_canonical_content(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    answer = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions",
        json=body(organisation.id, submit=True),
        headers=headers,
    )
    assert answer.status_code == 201, answer.text
    assert answer.json["state"] == "submitted"
    receipt = answer.json["receipt"]
    version = session.query(Version).one()
    assert receipt["sha256"] == version.sha256 == hashlib.sha256(version.canonical).hexdigest()
    assert receipt["version"] == 1
    assert receipt["late"] is False
    paragraphs = session.query(Paragraph).order_by(Paragraph.number).all()
    assert [(p.number, p.text) for p in paragraphs] == [
        (1, "Wages follow the worker."),
        (2, "Recruitment fees are returned within thirty days."),
        (3, "Save lives at sea."),
    ]
    assert sorted(p.kind for p in session.query(Promise)) == ["mail", "screen"]
    again = client.get(f"/api/v1/submissions/{answer.json['reference']}/receipt", headers=headers)
    assert again.json == receipt


def test_a_draft_is_edited_under_its_revision(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    colleague = make.bearer(make.a_member(organisation))
    made = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions", json=body(organisation.id), headers=headers
    )
    path = f"/api/v1/submissions/{made.json['reference']}"
    assert made.headers["ETag"] == '"1"'
    # One's own last edit may be written over without a header; a colleague's may not.
    assert client.patch(path, json={"title": "Mine"}, headers=headers).status_code == 200
    assert client.patch(path, json={"title": "Theirs"}, headers=colleague).status_code == 428
    stale = client.patch(path, json={"title": "Theirs"}, headers={**colleague, "If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.mimetype == "application/problem+json"
    fresh = client.patch(path, json={"title": "Theirs"}, headers={**colleague, "If-Match": '"2"'})
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] == '"3"'
    assert [c["area"] for c in fresh.json["contributions"]] == ["rt1", "rt2"]


def test_every_unmet_rule_is_named_and_nothing_is_lost(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    made = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions",
        json=body(organisation.id, title="", contributions=[]),
        headers=headers,
    )
    path = f"/api/v1/submissions/{made.json['reference']}"
    refused = client.post(f"{path}/submission", headers=headers)
    assert refused.status_code == 422
    assert set(refused.json["errors"]) == {"title", "contributions"}
    assert client.get(path, headers=headers).json["state"] == "draft"


def test_others_are_told_nothing(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    made = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions", json=body(organisation.id), headers=headers
    )
    stranger = make.bearer(make.a_member(make.an_organisation()))
    path = f"/api/v1/submissions/{made.json['reference']}"
    for answer in (
        client.get(path, headers=stranger),
        client.patch(path, json={"title": "x"}, headers=stranger),
        client.post(f"{path}/submission", headers=stranger),
        client.get("/api/v1/submissions/S-99999999", headers=stranger),
        client.get("/api/v1/submissions/S-00001", headers=stranger),
        client.get("/api/v1/submissions/99999999999999999999999", headers=stranger),
    ):
        assert answer.status_code == 404
    posing = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions", json=body(organisation.id), headers=stranger
    )
    assert posing.status_code == 403


def test_an_amendment_is_a_new_version_and_the_old_one_stays(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    made = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions",
        json=body(organisation.id, submit=True),
        headers=headers,
    )
    path = f"/api/v1/submissions/{made.json['reference']}"
    assert client.patch(path, json={"title": "New"}, headers=headers).status_code == 409
    assert client.post(f"{path}/amendment", headers=headers).json["amending"] is True
    assert client.patch(path, json={"title": "New"}, headers=headers).status_code == 200
    assert client.get(f"{path}/receipt", headers=headers).json["version"] == 1
    second = client.post(f"{path}/submission", headers=headers)
    assert second.status_code == 201
    assert second.json["version"] == 2
    titles = {v.number: v.title for v in session.query(Version)}
    assert titles == {1: "Fair recruitment", 2: "New"}


def test_late_input_is_kept_and_marked_and_new_input_is_refused(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    made = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions", json=body(organisation.id), headers=headers
    )
    consultation.closes_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()
    late = client.post(f"/api/v1/submissions/{made.json['reference']}/submission", headers=headers)
    assert late.status_code == 201
    assert late.json["late"] is True
    refused = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions", json=body(organisation.id), headers=headers
    )
    assert refused.status_code == 409
    assert "closed" in refused.json["detail"]


def test_a_repeated_key_repeats_the_answer(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    path = f"/api/v1/consultations/{consultation.slug}/submissions"
    keyed = {**headers, "Idempotency-Key": "attempt-1"}
    first = client.post(path, json=body(organisation.id), headers=keyed)
    second = client.post(path, json=body(organisation.id), headers=keyed)
    other = client.post(path, json=body(organisation.id, title="Other"), headers=keyed)
    assert first.json == second.json
    assert second.status_code == 201
    assert second.headers["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert session.query(Submission).count() == 1


def test_a_key_is_honoured_at_every_step(desk):  # type: ignore[no-untyped-def]
    """Also where a view returns a row that is still to be made an answer of."""
    client, consultation, organisation, headers = desk
    path = f"/api/v1/consultations/{consultation.slug}/submissions"
    made = client.post(path, json=body(organisation.id, submit=False), headers=headers).json["reference"]
    filed = f"/api/v1/submissions/{made}/submission"
    first, second = (
        client.post(filed, headers={**headers, "Idempotency-Key": "twice"}) for _each in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert first.json == second.json
    assert first.json["sha256"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"{", 400),
        (b'{"title": NaN}', 400),
        (b"[]", 422),
        (b'"text"', 422),
        (b'{"organisation": "one", "language": "en"}', 422),
        (b'{"organisation": 1, "language": "en", "titel": "x"}', 422),
        (b'{"organisation": 1, "language": "en", "title": "a\\u0000b"}', 422),
        (b'{"organisation": 1, "language": "en", "title": "a\\ud800b"}', 422),
        (b'{"organisation": 99999999999, "language": "en"}', 422),
        (b"[" * 100_000, 400),
    ],
)
def test_bad_input_gets_a_clear_error(desk, data, status):  # type: ignore[no-untyped-def]
    client, consultation, _organisation, headers = desk
    answer = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions",
        data=data,
        headers=headers,
        content_type="application/json",
    )
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"


def test_megabytes_of_text_are_refused_with_a_sentence(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    path = f"/api/v1/consultations/{consultation.slug}/submissions"
    long = body(organisation.id, contributions=[{"area": "rt1", "text": "word " * 200_000}])
    assert client.post(path, json=long, headers=headers).status_code == 422
    huge = body(organisation.id, contributions=[{"area": "rt1", "text": "word " * 1_000_000}])
    assert client.post(path, json=huge, headers=headers).status_code == 413


def test_an_unknown_area_is_named(desk):  # type: ignore[no-untyped-def]
    client, consultation, organisation, headers = desk
    answer = client.post(
        f"/api/v1/consultations/{consultation.slug}/submissions",
        json=body(organisation.id, contributions=[{"area": "nowhere", "text": "x"}]),
        headers=headers,
    )
    assert answer.status_code == 422
    assert "contributions.0.area" in answer.json["errors"]
