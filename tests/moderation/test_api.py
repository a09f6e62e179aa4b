"""The JSON door of moderation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult.accounts.models import Account
from consult.db import clock, session
from consult.moderation.models import Case
from consult.submissions.models import Paragraph
from consult.vocabulary import Role, Scope
from tests import factories as make

API = "/api/v1/moderation"
LEAKY = "Write to amal.haddad@example.org for the survey."
REJECTION = {"verdict": "reject", "reason": "off_topic", "message": "It speaks of tax."}


@pytest.fixture
def desk(client):
    """`desk(role)`: calls with the token of a new person of that role; `desk(person)`: of that one."""

    def calls(who=Role.MODERATOR):
        person = who if isinstance(who, Account) else make.an_account(role=who)
        headers = make.bearer(person)

        def call(method: str, path: str, **more):
            more["headers"] = headers | more.get("headers", {})
            return client.open(path, method=method, **more)

        call.person = person
        return call

    return calls


def test_claim_decide_and_nothing_left(desk):
    call = desk()
    case = make.a_case(texts={"rt1": LEAKY})
    claimed = call("POST", f"{API}/claims", json={})
    assert claimed.status_code == 201, claimed.text
    body = claimed.json
    assert body["id"] == case.id
    assert body["reference"] == case.submission.reference
    assert (body["stage"], body["state"], body["claimed_by_me"], body["areas"]) == (
        "first",
        "claimed",
        True,
        ["rt1"],
    )
    [email] = [one for one in body["findings"] if one["kind"] == "email"]
    place = {"paragraph": 1, "start": 9, "end": 32, "text": "amal.haddad@example.org"}
    assert email["evidence"] == [place]
    assert body["paragraphs"][0] == {
        "number": 1,
        "area": "rt1",
        "text": LEAKY,
        "disclosed_text": LEAKY,
        "redactions": [],
    }
    made = call("POST", f"{API}/cases/{case.id}/decisions", json={"verdict": "accept"})
    assert made.status_code == 201, made.text
    assert made.json["case_stage"] == "decided"
    assert made.json["submission_state"] == "accepted"
    assert call("POST", f"{API}/claims", json={}).status_code == 204
    assert call("POST", f"{API}/cases/{case.id}/decisions", json={"verdict": "accept"}).status_code == 409


def test_claiming_what_another_holds(desk):
    first, second = desk(), desk()
    case = make.a_case()
    assert first("POST", f"{API}/claims", json={"case": case.id}).status_code == 201
    refused = second("POST", f"{API}/claims", json={"case": case.id})
    assert refused.status_code == 409
    assert refused.json["claimed_until"]
    assert second("GET", f"{API}/cases/{case.id}").json["claimed"] is True
    assert second("DELETE", f"{API}/claims/{case.id}").status_code == 409
    assert first("DELETE", f"{API}/claims/{case.id}").status_code == 204
    assert second("POST", f"{API}/claims", json={"case": case.id}).status_code == 201


def test_deciding_without_a_claim(desk):
    case = make.a_case()
    assert desk()("POST", f"{API}/cases/{case.id}/decisions", json={"verdict": "accept"}).status_code == 409


def test_a_rejection_says_what_it_lacks(desk):
    call = desk()
    case = make.a_case()
    call("POST", f"{API}/claims", json={"case": case.id})
    refused = call("POST", f"{API}/cases/{case.id}/decisions", json={"verdict": "reject"})
    assert refused.status_code == 422
    assert set(refused.json["errors"]) == {"reason", "message"}
    assert call("POST", f"{API}/cases/{case.id}/decisions", json={"verdict": "burn"}).status_code == 422


def test_offsets_are_characters_and_stay_inside(desk):
    """Also beyond the basic plane, where other languages count two."""
    call = desk()
    text = "😀😀 Write to amal@example.org."
    case = make.a_case(texts={"rt1": text})
    call("POST", f"{API}/claims", json={"case": case.id})
    start, end = text.index("amal"), text.index("amal") + len("amal@example.org")
    span = {"paragraph": 1, "start": start, "end": end, "reason": "personal_data"}
    made = call("POST", f"{API}/cases/{case.id}/redactions", json=span)
    assert made.status_code == 201, made.text
    assert made.json["disclosed_text"] == "😀😀 Write to [█████]."
    assert session.scalars(select(Paragraph.text)).one() == text
    for wrong in ({"end": len(text) + 1}, {"start": end, "end": start}, {"start": -1}, {"paragraph": 9}):
        assert call("POST", f"{API}/cases/{case.id}/redactions", json=span | wrong).status_code == 422
    overlap = call("POST", f"{API}/cases/{case.id}/redactions", json=span | {"start": start + 2})
    assert overlap.status_code == 409
    lifting = f"{API}/cases/{case.id}/redactions/{made.json['id']}"
    assert call("DELETE", lifting).status_code == 403
    assert desk(Role.SENIOR_MODERATOR)("DELETE", lifting).status_code == 204
    assert session.scalars(select(Paragraph.disclosed_text)).one() == text


def test_the_queue_filters(desk):
    call = desk()
    consultation = make.a_consultation()
    leaky = make.a_case(consultation, texts={"rt2": LEAKY}, language="fr")
    plain = make.a_case(consultation)
    taken = make.a_case()
    overdue = make.a_case()
    overdue.fair_at = overdue.due_at = clock() - timedelta(days=1)
    session.commit()
    desk()("POST", f"{API}/claims", json={"case": taken.id})

    def ids(query: str) -> set[int]:
        answer = call("GET", f"{API}/cases?{query}")
        assert answer.status_code == 200, answer.text
        return {item["id"] for item in answer.json["items"]}

    everything = {leaky.id, plain.id, taken.id, overdue.id}
    assert ids("") == ids("state=first") == everything
    assert ids("state=waiting") == ids("state=takable") == everything - {taken.id}
    assert ids("state=claimed") == {taken.id}
    assert ids("finding=email") == ids("language=fr") == ids("area=rt2") == {leaky.id}
    assert ids("group=academia") == ids("mine=true") == ids("state=decided") == set()
    assert ids("overdue=true") == {overdue.id}
    assert ids(f"consultation={consultation.slug}") == {leaky.id, plain.id}
    call("POST", f"{API}/claims", json={"case": plain.id})
    assert ids("mine=true") == {plain.id}
    call("POST", f"{API}/cases/{plain.id}/decisions", json={"verdict": "accept"})
    assert ids("state=decided&mine=true") == {plain.id}
    assert ids("mine=true") == set()
    for wrong in ("state=x", "mine=perhaps", "finding=x", "unknown=1", "cursor=AAAA", "limit=0"):
        assert call("GET", f"{API}/cases?{wrong}").status_code == 422, wrong


def test_pages_of_the_queue_follow_one_another(desk):
    call = desk()
    consultation = make.a_consultation()
    cases = [make.a_case(consultation) for _each in range(5)]
    seen, query = [], "limit=2"
    while True:
        body = call("GET", f"{API}/cases?{query}").json
        seen += [item["id"] for item in body["items"]]
        if body["next"] is None:
            break
        query = f"limit=2&cursor={body['next']}"
    assert seen == [case.id for case in cases]
    for case in cases:
        call("POST", f"{API}/claims", json={"case": case.id})
        call("POST", f"{API}/cases/{case.id}/decisions", json={"verdict": "accept"})
    first = call("GET", f"{API}/cases?state=decided&limit=3").json
    rest = call("GET", f"{API}/cases?state=decided&limit=3&cursor={first['next']}").json
    newest_first = [item["id"] for item in first["items"] + rest["items"]]
    assert newest_first == [case.id for case in reversed(cases)]


def test_the_second_reader_is_blind(desk):
    first, senior, other = desk(), desk(Role.SENIOR_MODERATOR), desk()
    case = make.a_case()
    first("POST", f"{API}/claims", json={})
    said = {"verdict": "reject", "reason": "abusive", "message": "CANARY-1", "internal_note": "CANARY-2"}
    first("POST", f"{API}/cases/{case.id}/decisions", json=said)
    assert first("POST", f"{API}/claims", json={}).status_code == 204
    assert other("POST", f"{API}/claims", json={"case": case.id}).status_code == 403
    claimed = senior("POST", f"{API}/claims", json={})
    assert (claimed.json["id"], claimed.json["stage"]) == (case.id, "second")
    for call in (senior, other):
        for path in (f"{API}/cases/{case.id}", f"{API}/cases?state=second"):
            text = call("GET", path).text
            assert case.submission.reference in text
            assert not any(word in text for word in ("CANARY", "reject", "abusive", first.person.name))
    assert first("GET", f"{API}/cases/{case.id}").json["decisions"][0]["message"] == "CANARY-1"
    final = senior("POST", f"{API}/cases/{case.id}/decisions", json=REJECTION)
    assert (final.json["final"], final.json["submission_state"]) == (True, "rejected")
    assert len(senior("GET", f"{API}/cases/{case.id}").json["decisions"]) == 2


def test_recusal_reaches_lists_and_findings(desk):
    person = make.an_account(role=Role.MODERATOR)
    organisation = make.an_organisation()
    make.join(person, organisation)
    call = desk(person)
    consultation = make.a_consultation()
    own, other = make.a_case(consultation, organisation), make.a_case(consultation)
    session.expire_all()
    listed = call("GET", f"{API}/cases").json["items"]
    assert [item["id"] for item in listed] == [other.id]
    assert listed[0]["findings"] == []
    assert call("GET", f"{API}/cases?finding=duplicate").json["items"] == []
    assert call("GET", f"{API}/cases/{other.id}").json["findings"] == []
    for answer in (
        call("GET", f"{API}/cases/{own.id}"),
        call("POST", f"{API}/claims", json={"case": own.id}),
        call("DELETE", f"{API}/claims/{own.id}"),
        call("POST", f"{API}/cases/{own.id}/decisions", json={"verdict": "accept"}),
        call("POST", f"{API}/cases/{own.id}/redactions", json={"paragraph": 1, "start": 0, "end": 1}),
    ):
        assert answer.status_code == 404
    assert (
        call("POST", f"{API}/campaigns", json={"name": "x", "cases": [own.id, other.id]}).status_code == 422
    )
    seen = desk()("GET", f"{API}/cases?finding=duplicate").json["items"]
    assert {item["id"] for item in seen} == {own.id, other.id}
    facts = {item["id"]: item["findings"][0]["facts"] for item in seen}
    assert facts[other.id] == {"references": [own.submission.reference], "count": 1}


def test_campaigns(desk):
    call, other = desk(), desk()
    consultation = make.a_consultation()
    cases = [make.a_case(consultation) for _each in range(3)]
    ids = [case.id for case in cases]
    assert call("POST", f"{API}/campaigns", json={"name": "Wages", "cases": ids[:1]}).status_code == 422
    elsewhere = make.a_case()
    assert (
        call("POST", f"{API}/campaigns", json={"name": "W", "cases": [*ids, elsewhere.id]}).status_code == 422
    )
    made = call("POST", f"{API}/campaigns", json={"name": "Wages", "cases": ids})
    assert made.status_code == 201, made.text
    assert [member["case"] for member in made.json["cases"]] == ids
    assert call("POST", f"{API}/campaigns", json={"name": "Again", "cases": ids[:2]}).status_code == 409
    other("POST", f"{API}/claims", json={"case": ids[1]})
    path = f"{API}/campaigns/{made.json['id']}"
    assert call("POST", f"{path}/decisions", json={"verdict": "reject"}).status_code == 422
    decided = call("POST", f"{path}/decisions", json=REJECTION)
    assert decided.status_code == 201, decided.text
    assert [one["case"] for one in decided.json["decided"]] == [ids[0], ids[2]]
    assert {one["stage"] for one in decided.json["decided"]} == {"second"}
    [left] = decided.json["left_out"]
    assert (left["case"], left["why"]) == (ids[1], "Another moderator holds this case.")
    senior = desk(Role.SENIOR_MODERATOR)("POST", f"{path}/decisions", json=REJECTION)
    assert [one["stage"] for one in senior.json["decided"]] == ["decided", "decided"]
    assert call("GET", path).json["cases"][0]["state"] == "decided"
    assert call("GET", f"{API}/campaigns/{made.json['id'] + 1}").status_code == 404


def test_an_appeal(desk):
    organisation = make.an_organisation()
    member = make.a_member(organisation)
    case = make.a_case(organisation=organisation, filed_by=member)
    path = f"/api/v1/submissions/{case.submission.reference}/appeal"
    mine = desk(member)
    assert mine("POST", path, json={"grounds": "Why?"}).status_code == 409
    for call in (desk(), desk(Role.SENIOR_MODERATOR)):
        call("POST", f"{API}/claims", json={"case": case.id})
        assert call("POST", f"{API}/cases/{case.id}/decisions", json=REJECTION).status_code == 201
    assert desk(Role.CONTRIBUTOR)("POST", path, json={"grounds": "Mine."}).status_code == 404
    assert mine("POST", path, json={}).status_code == 422
    made = mine("POST", path, json={"grounds": "Tax is the subject."})
    assert made.status_code == 201, made.text
    assert made.json["state"] == "in_moderation"
    assert mine("POST", path, json={"grounds": "Again."}).status_code == 409
    judge = desk(Role.SENIOR_MODERATOR)
    claimed = judge("POST", f"{API}/claims", json={})
    assert claimed.json["appeal"]["grounds"] == "Tax is the subject."
    assert len(claimed.json["decisions"]) == 2
    final = judge("POST", f"{API}/cases/{case.id}/decisions", json={"verdict": "accept"})
    assert final.json["submission_state"] == "accepted"


def test_the_same_key_claims_once(desk):
    call = desk()
    make.a_case(), make.a_case()
    headers = {"Idempotency-Key": "one"}
    first = call("POST", f"{API}/claims", json={}, headers=headers)
    again = call("POST", f"{API}/claims", json={}, headers=headers)
    assert first.json["id"] == again.json["id"]
    assert len(session.scalars(select(Case).where(Case.claimed_by.is_not(None))).all()) == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MODERATOR, Role.SENIOR_MODERATOR}))
def test_others_are_kept_out(role, desk):
    call, case = desk(role), make.a_case()
    assert call("GET", f"{API}/cases").status_code == 403
    assert call("POST", f"{API}/claims", json={}).status_code == 403
    assert call("POST", f"{API}/campaigns", json={"name": "x", "cases": [1, 2]}).status_code == 403
    assert call("GET", f"{API}/cases/{case.id}").status_code == 404


def test_a_token_without_the_scope_reads_and_does_not_act(client):
    person, case = make.an_account(role=Role.MODERATOR), make.a_case()
    headers = make.bearer(person, Scope.READ)
    assert client.get(f"{API}/cases/{case.id}", headers=headers).status_code == 200
    assert client.post(f"{API}/claims", json={}, headers=headers).status_code == 403
    assert client.post(f"{API}/claims", json={"case": case.id}, headers=headers).status_code == 403


def test_a_program_without_identity_gets_401(client):
    assert client.get(f"{API}/cases").status_code == 401


def test_lists_cost_the_same_with_few_and_many(desk, queries):
    call = desk()
    consultation = make.a_consultation()

    def cost() -> int:
        session.expire_all()
        with queries() as seen:
            call("GET", f"{API}/cases?limit=200")
        return len(seen)

    for _each in range(2):
        make.a_case(consultation, texts={"rt1": LEAKY})
    cost()  # The first use of a token in a day is written down.
    few = cost()
    for _each in range(10):
        make.a_case(consultation, texts={"rt1": LEAKY, "rt2": LEAKY * 4})
    assert few == cost() <= 6
