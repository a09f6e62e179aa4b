"""No word leaks: everybody reads everything they are given, and no sealed word stands in it."""

from __future__ import annotations

import re
from io import StringIO

import pytest
import structlog
from sqlalchemy import select

from consult.aggregation.report_files import FILES
from consult.audit import AuditEntry
from consult.db import session
from consult.outbox import Promise
from consult.submissions import disclosure
from consult.submissions.models import Paragraph, Submission, Version
from consult.web import problems
from consult.web.identity import open_to_all
from tests.security.canaries import BODIES, FILES_GIVEN, MODERATION, TABLE, TEXTS, Sealed
from tests.security.conftest import PUBLIC, Place
from tests.security.crawl import addresses, answers, text_of
from tests.security.world import World, canary


def filled(path: str, world: World) -> str:
    shelves = {**world.references, **world.numbers}
    shelves |= {f"{name} case": number for name, number in world.cases.items()}
    shelves |= {f"{name} body": number for name, number in world.bodies.items()}
    for name, value in shelves.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


@pytest.mark.parametrize("sealed", [one for one in TABLE if one.seen], ids=lambda one: one.words[0])
def test_the_words_are_there_for_those_who_may_read_them(place: Place, sealed: Sealed) -> None:
    assert sealed.seen
    who, path = sealed.seen
    with place.undone():
        answer = place.browser(who).get(filled(path, place.world))
    assert answer.status_code == 200
    missing = [word for word in sealed.words if word not in answer.text.lower()]
    assert missing == []


def leaks(who: str, path: str, text: str) -> list[str]:
    small = text.lower()
    return [
        f"{word} to {who} at {path}"
        for sealed in TABLE
        if who not in sealed.known_to and not (sealed.where and sealed.where.match(path))
        for word in sealed.words
        if word in small
    ]


# Whom the whole world is shown to, and those of whom the reading of cases is the question.
READERS = {
    PUBLIC: "/",
    "stranger": "/",
    "member": "/",
    "moderator": "/",
    "secretariat": "/",
    "another senior": "/moderation",
    "recused": "/moderation",
}


@pytest.mark.parametrize("who", READERS)
def test_nobody_is_given_a_sealed_word(place: Place, who: str) -> None:
    found: list[str] = []
    everything = addresses(place.app, place.world, all_doors=who in (PUBLIC, "stranger"))
    doors = (path for path in everything if path.removeprefix("/api/v1").startswith(READERS[who]))
    for path, text in answers(place, who, doors):
        found += leaks(who, path, text)
    assert not found, "\n" + "\n".join(found[:60])


# Files: what the secretariat takes away travels further than it thinks.

EXPORTS = tuple(
    f"/api/v1/consultations/open-call/export.{form}" for form in ("csv", "jsonl", "xlsx", "parquet")
)


def taken(place: Place, path: str) -> str:
    with place.undone():
        answer = place.browser("secretariat").get(filled(path, place.world))
        assert answer.status_code == 200, path
        return text_of(answer).lower()


def sealed_in(path: str, text: str) -> list[str]:
    """What the public may not know. The summary holds its statements, and a dictionary every country."""
    allowed = set()
    if "summary" in path:
        allowed.add(canary("statement text"))
    if path.partition("?")[0].endswith((".xlsx", "codebook.csv")):
        allowed.add("tuvalu")
    return [leak for leak in leaks(PUBLIC, path, text) if leak.split()[0] not in allowed]


@pytest.mark.parametrize("path", [*EXPORTS, *(f"/api/v1/reports/{{report}}/files/{name}" for name in FILES)])
def test_files_hold_what_every_reader_may_see(place: Place, path: str) -> None:
    text = taken(place, path)
    assert sealed_in(path, text) == []
    if "inputs" in path or "export" in path:
        assert canary("accepted text") in text
        assert canary("anonymous text") in text


@pytest.mark.parametrize("path", EXPORTS)
def test_restricted_input_leaves_only_when_asked_for(place: Place, path: str) -> None:
    text = taken(place, f"{path}?restricted=include")
    assert canary("restricted text") in text
    for part in ("text", "title"):
        text = text.replace(canary(f"restricted {part}"), "")
    assert sealed_in(path, text) == []


# Search: what may not be read is not found either.

HIDDEN_WORDS = sorted(
    {word for sealed in (*TEXTS, *FILES_GIVEN, *MODERATION, *BODIES) for word in sealed.words}
)


def test_no_sealed_word_is_found(place: Place) -> None:
    found = []
    with place.undone():
        for who in (PUBLIC, "secretariat"):
            browser = place.browser(who)
            for word in HIDDEN_WORDS:
                answer = browser.get("/api/v1/consultations/open-call/inputs", query_string={"q": word})
                if answer.get_json()["items"]:
                    found.append(f"{word} by {who}")
        seen = browser.get("/api/v1/consultations/open-call/inputs?q=" + canary("accepted text")).get_json()
    assert found == []
    assert [item["reference"] for item in seen["items"]] == [place.world.references["accepted"]]


@pytest.mark.parametrize("name", ["redacted text", "restricted text", "rejected text", "withdrawn text"])
def test_a_page_says_the_same_of_a_sealed_word_as_of_nonsense(place: Place, name: str) -> None:
    """Not even a count may tell."""
    pages = []
    with place.undone():
        for word in (canary(name), "zq" + "x" * (len(canary(name)) - 4) + "qz"):
            page = place.browser().get("/consultations/open-call/inputs", query_string={"q": word}).text
            pages.append(re.sub(r'name="csrf_token" value="[^"]+"', "", page.replace(word, "")))
    assert pages[0] == pages[1]


def test_the_index_holds_what_is_published_and_no_more(place: Place) -> None:
    """Behind every list: whatever a query forgets, there is nothing to find."""
    with place.undone():
        rows = session.execute(
            select(Submission.id, Version.number, Paragraph.search.is_not(None), disclosure.published())
            .join(Paragraph.version)
            .join(Version.submission)
        ).all()
        standing = dict(session.execute(select(Submission.id, Submission.version)).all())  # type: ignore[arg-type]
    wrong = [
        f"S-{number:04d} v{version}"
        for number, version, indexed, published in rows
        if indexed != (published and standing[number] == version)
    ]
    assert wrong == []


def test_search_knows_no_body_that_may_not_be_known(place: Place) -> None:
    with place.undone():
        for name in ("pending body", "declined body"):
            answer = place.browser("stranger").get("/api/v1/organisations", query_string={"q": canary(name)})
            assert answer.get_json()["items"] == []


# Letters, record, logs.


def test_letters_tell_their_readers_nothing_sealed(place: Place) -> None:
    with place.undone():
        names = {canary(f"{name} person") + "@canary.example": name for name in place.world.people}
        letters = session.scalars(select(Promise).where(Promise.kind == "mail")).all()
        assert len(letters) > 20
        # Who was asked to sign was told what, before declining.
        asked = {f"{canary(f'{name} title')} to quiet member at a letter" for name in ("joint", "signed")}
        found = {
            leak
            for letter in letters
            for leak in leaks(
                names[letter.args["to"]], "a letter", letter.args["subject"] + letter.args["body"]
            )
        }
    assert found - asked == set()


def test_the_record_holds_no_words(place: Place) -> None:
    with place.undone():
        entries = session.scalars(select(AuditEntry)).all()
        written = " ".join(f"{entry.act} {entry.actor_role} {entry.detail}" for entry in entries)
    assert len(entries) > 100
    assert re.findall(r"zq\w+qz", written) == []


@pytest.mark.parametrize("path", ["/rules", "/reset/a-secret-token?q=zqaskedqz"])
def test_logs_hold_no_words(place: Place, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is told by kind and place in the code: neither message nor address nor what was asked."""

    def fault(**_parts: str) -> None:
        raise RuntimeError(canary("in a message")) from ValueError(canary("in its cause"))

    lines = StringIO()
    logger = structlog.wrap_logger(
        structlog.PrintLogger(lines), processors=structlog.get_config()["processors"]
    )
    monkeypatch.setattr(problems, "log", logger)
    monkeypatch.setattr(place.app, "testing", False)
    for endpoint in ("general.rules", "accounts.choose_password"):
        monkeypatch.setitem(place.app.view_functions, endpoint, open_to_all(fault))
    with place.undone():
        assert place.browser().get(path, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 500
    written = lines.getvalue()
    assert "RuntimeError" in written
    assert "ValueError" in written
    assert re.findall(r"zq\w+qz|a-secret-token|192\.0\.2\.7|127\.0\.0\.1", written) == []
