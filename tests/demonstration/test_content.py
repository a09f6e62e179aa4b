"""The demonstration's content: whole, consistent, in the languages it says, and clearly invented."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from consult import demonstration
from consult.instruments.loader import instrument
from consult.moderation.screening.language import detect
from consult.places import region_of
from consult.submissions.intake.canonical import text_fingerprint
from consult.submissions.intake.paragraphs import split_paragraphs
from consult.submissions.intake.words import count_words
from consult.vocabulary import (
    UN_LANGUAGES,
    Accreditation,
    FindingKind,
    OrganisationState,
    Publication,
    Reason,
    Region,
    Role,
    StakeholderGroup,
    SubmissionState,
    Verdict,
)

CONTENT = Path(str(demonstration.__file__)).parent / "content"
INVENTED = re.compile(
    r"example|fictional|imaginary|invented|sample|placeholder|exemple|ficti[fv]|imaginaire|ejemplo|ficticia"
    r"|imaginario|مثال|خيالي|вымышленн|示例|虚构",
    re.IGNORECASE,
)
# Reserved for fiction by the numbering plans of North America and France.
RESERVED = {"+12025550143", "+33199001234"}
EMAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")
LINK = re.compile(r"https?://([\w.-]+)")

Row = dict[str, Any]


@cache
def rows(name: str) -> tuple[Row, ...]:
    return tuple(json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8")))


def submissions() -> tuple[Row, ...]:
    return tuple(row for language in UN_LANGUAGES for row in rows(f"submissions-{language}"))


def contributions(submission: Row) -> list[Row]:
    return [part for version in submission["versions"] for part in version["contributions"]]


def paragraphs(submission: Row) -> list[str]:
    """Of the last version, in the order in which they are numbered."""
    return [text for part in submission["versions"][-1]["contributions"] for text in part["paragraphs"]]


def areas() -> dict[tuple[str, str], Row]:
    return {(c["slug"], area["code"]): area for c in rows("consultations") for area in c["areas"]}


def keys(name: str) -> set[str]:
    return {row["key"] for row in rows(name)}


def with_state(state: SubmissionState) -> list[Row]:
    return [row for row in submissions() if row["state"] == state]


def test_keys_are_unique() -> None:
    for name in ("organisations", "people"):
        assert len(keys(name)) == len(rows(name))
    assert len({row["key"] for row in submissions()}) == len(submissions()) == 60
    assert len({row["email"] for row in rows("people")}) == len(rows("people"))
    assert len({row["name"] for row in rows("people")}) == len(rows("people"))


def test_every_group_and_region_has_an_organisation() -> None:
    confirmed = [row for row in rows("organisations") if row["state"] == OrganisationState.CONFIRMED]
    assert {row["group"] for row in confirmed} == set(map(str, StakeholderGroup))
    assert {region_of(row["country"]) for row in confirmed} == set(map(str, Region))
    assert {row["accreditation"] for row in confirmed} == set(map(str, Accreditation))
    assert Counter(row["state"] for row in rows("organisations")) == {
        "confirmed": 35,
        "pending": 3,
        "declined": 1,
    }
    assert all(row.get("reason") for row in rows("organisations") if row["state"] == "declined")


def test_there_is_somebody_for_every_role() -> None:
    staff = Counter(row["role"] for row in rows("people"))
    assert set(staff) == set(map(str, Role))
    assert staff["moderator"] >= 2
    assert staff["senior_moderator"] >= 3
    assert staff["secretariat"] == 2
    focal = {row["organisation"] for row in rows("people") if row.get("focal_point")}
    assert focal == keys("organisations")


def test_names_and_addresses_are_invented() -> None:
    for row in rows("organisations"):
        assert INVENTED.search(row["name"]), row["name"]
        assert INVENTED.search(row["name_english"]), row["name_english"]
        assert row["website"].endswith(".example")
        assert all(identifier["value"].startswith("TEST-") for identifier in row["identifiers"])
    for row in rows("people"):
        assert row["name"].startswith("Demo ")
        assert row["email"].endswith(".example")


@pytest.mark.parametrize("submission", submissions(), ids=lambda row: row["key"])
def test_submission_is_consistent(submission: Row) -> None:
    people = {row["key"]: row for row in rows("people")}
    assert people[submission["filed_by"]]["organisation"] == submission["organisation"]
    Publication(submission["publication"])
    SubmissionState(submission["state"])
    for part in contributions(submission):
        area = areas()[submission["consultation"], part["area"]]
        known = {objective.number for objective in instrument("gcm").objectives}
        assert set(part["objectives"]) <= known
        text = "\n\n".join(part["paragraphs"])
        assert [paragraph.text for paragraph in split_paragraphs(text)] == part["paragraphs"]
        over = count_words(text, submission["language"]) > area["word_limit"]
        assert over == ("too_long" in submission.get("findings", []))
    for version in submission["versions"]:
        codes = [part["area"] for part in version["contributions"]]
        assert codes == [
            code for slug, code in areas() if slug == submission["consultation"] and code in codes
        ]
    for partner in submission.get("joint_with", []):
        assert partner["organisation"] in keys("organisations") - {submission["organisation"]}


def test_every_paragraph_is_in_the_language_it_says() -> None:
    for submission in submissions():
        language = submission.get("text_language", submission["language"])
        for part in contributions(submission):
            for text in part["paragraphs"]:
                assert detect(text).language == language, (submission["key"], text)


def test_states_languages_and_choices() -> None:
    states = Counter(row["state"] for row in submissions())
    assert set(states) == set(map(str, SubmissionState))
    assert states["accepted"] == 35
    assert states["rejected"] == 3
    assert states["withdrawn"] == 2
    languages = Counter(row.get("text_language", row["language"]) for row in submissions())
    assert set(languages) == set(UN_LANGUAGES)
    assert min(languages.values()) >= 6
    assert {row["publication"] for row in submissions()} == set(map(str, Publication))
    assert sum("joint_with" in row for row in submissions()) == 3
    assert sum(len(row["versions"]) == 2 for row in submissions()) == 3
    assert sum(row.get("late", False) for row in submissions()) == 1


def test_decisions_give_reason_and_message() -> None:
    for state, verdict in (
        (SubmissionState.RETURNED, Verdict.RETURN),
        (SubmissionState.REJECTED, Verdict.REJECT),
    ):
        for submission in with_state(state):
            decision = submission["versions"][-1]["decision"]
            assert decision["verdict"] == verdict
            assert Reason(decision["reason"])
            assert detect(decision["message"]).language == submission["language"]


def test_what_screening_must_find_is_there_and_nothing_else() -> None:
    fingerprints = Counter(text_fingerprint("\n".join(paragraphs(row))) for row in submissions())
    assert sorted(fingerprints.values())[-2:] == [1, 4]
    kinds: Counter[str] = Counter()
    for submission in submissions():
        text = "\n".join(paragraphs(submission))
        expected = {FindingKind(kind) for kind in submission.get("findings", [])}
        kinds.update(expected)
        assert bool(EMAIL.search(text)) == (FindingKind.EMAIL in expected)
        assert bool(LINK.search(text)) == (FindingKind.LINK in expected)
        assert bool(telephones(text)) == (FindingKind.TELEPHONE in expected)
        assert ("text_language" in submission) == (FindingKind.LANGUAGE in expected)
        assert (fingerprints[text_fingerprint(text)] == 4) == (FindingKind.DUPLICATE in expected)
    assert kinds == {"duplicate": 4, "email": 2, "telephone": 2, "link": 1, "too_long": 1, "language": 1}


def telephones(text: str) -> set[str]:
    found = phonenumbers.PhoneNumberMatcher(text, None, leniency=phonenumbers.Leniency.POSSIBLE)
    return {phonenumbers.format_number(hit.number, phonenumbers.PhoneNumberFormat.E164) for hit in found}


def test_contacts_in_texts_are_fictional() -> None:
    for submission in submissions():
        text = "\n".join(paragraphs(submission))
        assert telephones(text) <= RESERVED
        assert all(address.endswith(".example") for address in EMAIL.findall(text))
        assert all(host.endswith(".example") for host in LINK.findall(text))


def test_redactions_are_exact_slices() -> None:
    redacted = [(row, span) for row in submissions() for span in row.get("redactions", [])]
    assert redacted
    for submission, span in redacted:
        texts = [part for part in contributions(submission) if part["area"] == span["area"]]
        assert sum(span["text"] in text for part in texts for text in part["paragraphs"]) == 1


def test_statements_rest_on_accepted_and_public_paragraphs() -> None:
    found = {row["key"]: row for row in submissions()}
    (summary,) = rows("statements")
    counted = Counter(statement["area"] for statement in summary["statements"])
    assert {area for slug, area in areas() if slug == summary["consultation"]} == set(counted)
    assert all(8 <= count <= 12 for count in counted.values())
    for statement in summary["statements"]:
        assert statement["supports"]
        for support in statement["supports"]:
            submission = found[support["submission"]]
            assert submission["consultation"] == summary["consultation"]
            assert submission["state"] == SubmissionState.ACCEPTED
            assert submission["publication"] != Publication.RESTRICTED
            area, text = numbered(submission)[support["paragraph"] - 1]
            assert area == statement["area"]
            assert not statement["quote"] or statement["text"] in text


def numbered(submission: Row) -> list[tuple[str, str]]:
    parts = submission["versions"][-1]["contributions"]
    return [(part["area"], text) for part in parts for text in part["paragraphs"]]


def test_consultations_are_complete() -> None:
    for consultation in rows("consultations"):
        assert 150 <= len(consultation["guidance"].split()) <= 300
        assert consultation["languages"] == list(UN_LANGUAGES)
        assert "A/RES/73/195" in consultation["mandate"]
        assert consultation["closes"]["days"] - consultation["opens"]["days"] >= 42
        asked = [number for area in consultation["areas"] for number in area["objectives"]]
        assert sorted(asked) == list(range(1, 24))
        assert all(2 <= len(area["questions"]) <= 3 for area in consultation["areas"])
