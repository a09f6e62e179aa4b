"""Which words of the world are whose: a table of what is sealed, who may know it, and where that is seen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.security.routes import EVERYONE
from tests.security.world import canary

OURS = frozenset({"member", "focal", "recused"})
SIGNERS = frozenset({"cosigner", "related"})
JUDGES = frozenset({"moderator", "senior_moderator", "another senior"})
OFFICE = frozenset({"secretariat", "auditor"})
ALL = frozenset(EVERYONE) | SIGNERS | JUDGES | {"hidden member", "quiet member", "applicant", "refused"}
DIRECTORY = re.compile(r"/(?:api/v1/)?organisations")


@dataclass(frozen=True)
class Sealed:
    """Words that only some may read; `seen` is (who, path) where one of them does: they are really there.

    `where` allows a place to everybody: a confirmed body's name stands in the directory, and nowhere else.
    """

    words: tuple[str, ...]
    known_to: frozenset[str]
    seen: tuple[str, str] | None = None
    where: re.Pattern[str] | None = None


def _words(*names: str) -> tuple[str, ...]:
    return tuple(canary(name) for name in names)


def _text(name: str, known_to: frozenset[str], by: str = "member") -> Sealed:
    path = f"/submissions/{{{name}}}" + ("" if name in UNFILED else "/versions/1")
    return Sealed(_words(f"{name} text", f"{name} title"), known_to, (by, path))


UNFILED = {"draft", "joint", "their draft"}
# Filed, screened, and either not decided or decided against.
IN_MODERATION = ("waiting", "claimed", "escalated", "second", "returned", "rejected", "appealed", "withdrawn")

TEXTS = (
    _text("draft", OURS),
    _text("joint", OURS | SIGNERS),
    _text("their draft", frozenset({"stranger"}), "stranger"),
    _text("submitted", OURS | OFFICE),
    *(_text(name, OURS | OFFICE | JUDGES) for name in IN_MODERATION),
    _text("refiled", OURS | OFFICE | JUDGES),
    _text("signed", OURS | SIGNERS | OFFICE | JUDGES),
    _text("theirs", frozenset({"stranger", "recused", "related"}) | OFFICE | JUDGES, "stranger"),
    _text("restricted", frozenset({"quiet member", "recused", "related"}) | OFFICE | JUDGES, "quiet member"),
    Sealed(_words("refiled amendment"), OURS | OFFICE, ("member", "/submissions/{refiled}/versions/2")),
    Sealed(_words("amending amendment", "amending new title"), OURS, ("member", "/submissions/{amending}")),
    Sealed(_words("redacted text"), OURS | OFFICE | JUDGES, ("member", "/submissions/{redacted}/versions/1")),
)

FILES_GIVEN = (
    Sealed(_words("file name"), OURS, ("member", "/submissions/{draft}/edit")),
    Sealed(_words("file content"), OURS, ("member", "/submissions/{draft}/attachments/{draft file}")),
    Sealed(_words("annex name"), OURS | OFFICE | JUDGES, ("moderator", "/moderation/cases/{accepted case}")),
    Sealed(
        _words("annex content"),
        OURS | OFFICE | JUDGES,
        ("secretariat", "/submissions/{accepted}/attachments/{accepted file}"),
    ),
)

DECIDED = ("accepted", "returned", "withdrawn", "amending", "refiled", "old", "past")
MODERATION = (
    # What the contributor was told.
    *(
        Sealed(_words(f"{name} message"), OURS | OFFICE | JUDGES, ("member", f"/submissions/{{{name}}}"))
        for name in ("accepted", "returned", "old", "past")
    ),
    # A first vote to reject, and why, before and after the second.
    Sealed(
        _words("rejected message"), OURS | OFFICE | JUDGES, ("moderator", "/moderation/cases/{rejected case}")
    ),
    # The second reader is blind to the first, whoever else may know.
    Sealed(
        _words("second message", "second note"),
        frozenset({"moderator"}),
        ("moderator", "/moderation/cases/{second case}"),
    ),
    Sealed(
        _words("escalated message", "escalated note"),
        frozenset({"moderator"}),
        ("moderator", "/moderation/cases/{escalated case}"),
    ),
    *(
        Sealed(_words(f"{name} note"), JUDGES, ("moderator", f"/moderation/cases/{{{name} case}}"))
        for name in (*DECIDED, "rejected")
    ),
    Sealed(_words("appealed note"), frozenset({"moderator", "senior_moderator"})),
    Sealed(_words("appeal grounds"), OURS | JUDGES, ("another senior", "/moderation/cases/{appealed case}")),
    Sealed(_words("campaign name"), JUDGES, ("moderator", "/moderation/campaigns/{campaign}")),
)

BODIES = (
    Sealed(
        (
            *_words("hidden body", "hidden website", "hidden identifier", "hidden acronym"),
            "tuvalu",
        ),
        frozenset({"hidden member"}) | OFFICE | {"administrator"},
        ("public", "/organisations/{hidden body}"),
        DIRECTORY,
    ),
    # Its country by its code, as programs are told it.
    Sealed(
        ('"tuv"',),
        frozenset({"hidden member"}) | OFFICE | {"administrator"},
        ("public", "/api/v1/organisations/{hidden body}"),
        DIRECTORY,
    ),
    Sealed(
        _words("quiet body"),
        frozenset({"quiet member"}) | OURS | SIGNERS | OFFICE | JUDGES | {"administrator"},
        ("public", "/organisations/{quiet body}"),
        DIRECTORY,
    ),
    Sealed(
        _words("pending body"),
        frozenset({"applicant", "secretariat", "auditor", "administrator"}),
        ("applicant", "/organisations/{pending body}"),
    ),
    Sealed(
        _words("declined body"),
        frozenset({"refused", "secretariat", "auditor", "administrator"}),
        ("secretariat", "/organisations/{declined body}"),
    ),
    Sealed(
        _words("decline reason"),
        frozenset({"refused", "secretariat", "auditor"}),
        ("secretariat", "/organisations/{declined body}"),
    ),
    Sealed(_words("draft call"), OFFICE | {"administrator"}, ("secretariat", "/secretariat")),
)

_STAFF = ("moderator", "senior_moderator", "another senior", "secretariat", "focal_point", "auditor")
PEOPLE = (
    *(
        Sealed(_words(f"{name} person"), frozenset({name, "administrator"}), (name, "/account"))
        for name in (*_STAFF, "passer by")
    ),
    *(
        Sealed(_words(f"{name} person"), frozenset({name, "administrator"}) | OFFICE, (name, "/account"))
        for name in ("stranger", "hidden member", "applicant")
    ),
    Sealed(_words("administrator person"), frozenset({"administrator"}), ("administrator", "/account")),
    *(
        Sealed(
            _words(f"{name} person"),
            OURS | OFFICE | {"administrator"},
            ("focal", "/organisations/{ours body}"),
        )
        for name in ("member", "focal")
    ),
    Sealed(
        _words("asking person"),
        frozenset({"asking", "focal", "secretariat", "administrator"}),
        ("focal", "/organisations/{ours body}"),
    ),
    *(
        Sealed(_words(f"{name} token"), frozenset({name}), (name, "/account/tokens"))
        for name in ("member", "moderator", "stranger", "secretariat")
    ),
)

SUMMARY = (
    Sealed(
        _words("statement text"),
        frozenset({"secretariat"}),
        ("secretariat", "/consultations/open-call/summary"),
    ),
)

TABLE = SUMMARY + TEXTS + FILES_GIVEN + MODERATION + BODIES + PEOPLE
