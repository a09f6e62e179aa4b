"""Who may knock at which door: every route, whose thing it is about, and the people it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from tests.security.world import PASSWORD, World

PUBLIC = {"public"}
MEMBER, FOCAL, STRANGER = {"member"}, {"focal"}, {"stranger"}
# Asked to sign a draft of another organisation.
COSIGNER = {"cosigner"}
MODERATOR, SENIOR = {"moderator"}, {"senior_moderator"}
# A moderator who is also a member of the organisation that wrote: its cases do not exist for this person.
RECUSED = {"recused"}
SECRETARIAT, STATE, AUDITOR, ADMINISTRATOR = {"secretariat"}, {"focal_point"}, {"auditor"}, {"administrator"}

OURS = MEMBER | FOCAL
JUDGES = MODERATOR | SENIOR | RECUSED
SIGNED_IN = OURS | STRANGER | COSIGNER | JUDGES | SECRETARIAT | STATE | AUDITOR | ADMINISTRATOR
EVERYONE = PUBLIC | SIGNED_IN
# The recused person may still read what the own organisation wrote, as any member does.
READERS = OURS | RECUSED
FILED_READERS = READERS | SECRETARIAT | AUDITOR
# Whoever judges or audits speaks for no organisation.
MAY_JOIN = SIGNED_IN - JUDGES - AUDITOR
PREPARERS = SECRETARIAT | AUDITOR | ADMINISTRATOR
NOBODY: set[str] = set()
# Not accepted, not accepted any more, or not for readers: as readers see it, it does not exist for anybody.
UNREADABLE = ("draft", "submitted", "waiting", "rejected", "withdrawn", "refiled", "restricted", "past")

Body = Callable[[World], dict[str, Any]] | dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One method of one rule, about the named things of the world; `sends` is a form or JSON."""

    method: str
    rule: str
    may: set[str]
    of: str = ""
    sends: Body | None = None
    values: tuple[tuple[str, Any], ...] = ()
    # Where a refusal comes beside a field of a form that everybody may open.
    refusal: int | None = None


def _get(rule: str, may: set[str], of: str = "", **values: Any) -> Row:
    return Row("GET", rule, may, of, values=tuple(values.items()))


def _post(rule: str, may: set[str], sends: Body | None = None, of: str = "", **values: Any) -> Row:
    return Row("POST", rule, may, of, sends or {}, tuple(values.items()))


def _both(rule: str, may: set[str], sends: Body | None = None, of: str = "") -> tuple[Row, Row]:
    return _get(rule, may, of), _post(rule, may, sends, of)


AGREEMENT = "/api/v1/instruments/<string:code>"
BODY, API_BODY = "/organisations/<int:organisation_id>", "/api/v1/organisations/<int:organisation_id>"
CALL, API_CALL = "/consultations/<slug>", "/api/v1/consultations/<slug>"
CASE, API_CASE = "/moderation/cases/<int:case_id>", "/api/v1/moderation/cases/<int:case_id>"
CAMPAIGN = "/moderation/campaigns/<int:campaign_id>"
API_CAMPAIGN = "/api/v1/moderation/campaigns/<int:campaign_id>"
PERSON = "/people/<int:account_id>"
TEXT, API_TEXT = "/submissions/<reference>", "/api/v1/submissions/<reference>"

REGISTRATION = {"name": "New Person", "email": "new@test.example", "password": PASSWORD}
NEW_BODY = {"name": "New Body", "group": "academia", "country": "KEN"}
NEW_CALL = {
    "title": "Another call",
    "instrument": "gcm",
    "opens_at": "2031-01-01T00:00:00Z",
    "closes_at": "2031-06-01T00:00:00Z",
    "areas": [{"code": "rt1", "title": "One"}],
}
OPINION = {"verdict": "return", "reason": "too_long", "message": "Please shorten it."}
SPAN = {"paragraph": 1, "start": 0, "end": 5, "reason": "personal_data"}


def _new_input(world: World) -> dict[str, Any]:
    contributions = [{"area": "rt1", "text": "Some words."}]
    return {"organisation": world.bodies["ours"], "language": "en", "contributions": contributions}


def _beginning(world: World) -> dict[str, Any]:
    return {"organisation": world.bodies["ours"], "language": "en"}


def _asked_to_sign(world: World) -> dict[str, Any]:
    return {"cosignatory": world.bodies["theirs"], "organisation": world.bodies["theirs"]}


def _file(world: World) -> dict[str, Any]:
    return {"file": (BytesIO(b"A note of a few words, long enough to be told a text.\n"), "note.txt")}


def _cases(world: World) -> dict[str, Any]:
    return {"name": "Model letter", "cases": [world.cases["theirs"], world.cases["anonymous"]]}


OPEN: tuple[Row, ...] = (
    _get("/", EVERYONE),
    _get("/healthz", EVERYONE),
    _get("/readyz", EVERYONE),
    _get("/metrics", EVERYONE),
    _get("/rules", EVERYONE),
    _get("/problems", EVERYONE),
    _get("/problems/<slug>", EVERYONE, slug="invalid"),
    _get("/static/<path:filename>", EVERYONE, filename="css/consult.css"),
    _get("/dev/gallery", EVERYONE),
    _get("/dev/mail", EVERYONE),
    _get("/instruments/<string:code>", EVERYONE, code="gcm"),
    _get("/api/v1/openapi.json", EVERYONE),
    _get("/api/v1/docs", EVERYONE),
    _get("/api/v1/docs/schemas", EVERYONE),
    _get("/api/v1/instruments", EVERYONE),
    _get(AGREEMENT, EVERYONE, code="gcm"),
    *_both("/language", EVERYONE, {"language": "en"}),
    *_both("/receipts", EVERYONE, {"reference": "S-0001", "sha256": "0" * 64}),
    *_both("/register", EVERYONE, REGISTRATION),
    *_both("/reset", EVERYONE, {"email": "new@test.example"}),
    *_both("/sign-in", EVERYONE, {"email": "new@test.example", "password": PASSWORD}),
    _post("/sign-out", EVERYONE),
    _get("/confirm/<token>", EVERYONE, token="confirm-address"),
    _post("/confirm/<token>", EVERYONE, {"password": PASSWORD}, token="confirm-address"),
    _get("/reset/<token>", EVERYONE, token="reset-password"),
    _post("/reset/<token>", EVERYONE, {"password": PASSWORD}, token="reset-password"),
)

ACCOUNTS: tuple[Row, ...] = (
    *_both("/account", SIGNED_IN, {"name": "Another Name", "language": "en"}),
    _post("/account/password", SIGNED_IN, {"current": PASSWORD, "new": "another long passphrase"}),
    _post("/account/sign-out-everywhere", SIGNED_IN),
    *_both("/account/tokens", SIGNED_IN, {"name": "nightly", "scopes": "read"}),
    _post("/account/tokens/<int:token_id>/revoke", MEMBER, of="member token"),
    _get("/api/v1/me", SIGNED_IN),
    _get("/api/v1/tokens", SIGNED_IN),
    _post("/api/v1/tokens", SIGNED_IN, {"name": "nightly", "scopes": ["read"]}),
    Row("DELETE", "/api/v1/tokens/<int:token_id>", MEMBER, "member token"),
    _get("/organisations", SIGNED_IN),
    *_both("/organisations/new", MAY_JOIN, NEW_BODY),
    _get(BODY, EVERYONE),
    _get(BODY, PREPARERS, of="pending"),
    _get(BODY, PREPARERS, of="declined"),
    *_both(f"{BODY}/edit", FOCAL | SECRETARIAT, {"acronym": "OUR", "revision": "1"}),
    _post(f"{BODY}/confirmation", SECRETARIAT, {"verdict": "confirm"}, of="pending"),
    _post(f"{BODY}/confirmation", SECRETARIAT, {"verdict": "decline", "reason": "Unknown."}),
    _post(f"{BODY}/members", MAY_JOIN, of="partner"),
    _post(f"{BODY}/members/<int:account_id>/approval", FOCAL | SECRETARIAT, account_id="asking"),
    _post(
        f"{BODY}/members/<int:account_id>/refusal",
        FOCAL | SECRETARIAT,
        {"reason": "No."},
        account_id="asking",
    ),
    _post(f"{BODY}/members/<int:account_id>/end", OURS | SECRETARIAT, account_id="member"),
    _post(f"{BODY}/members/<int:account_id>/focal-point", FOCAL | SECRETARIAT, account_id="member"),
    _post(f"{BODY}/members/<int:account_id>/release", FOCAL | SECRETARIAT, account_id="focal"),
    _get("/api/v1/organisations", EVERYONE),
    _post("/api/v1/organisations", MAY_JOIN, NEW_BODY),
    _get(API_BODY, EVERYONE),
    _get(API_BODY, PREPARERS, of="pending"),
    Row("PATCH", API_BODY, FOCAL | SECRETARIAT, sends={"acronym": "OUR"}),
    _post(f"{API_BODY}/confirmation", SECRETARIAT, of="pending"),
    _get(f"{API_BODY}/members", FOCAL | SECRETARIAT),
    _post(f"{API_BODY}/members", MAY_JOIN, of="partner"),
    _post(f"{API_BODY}/members/<int:user>/approval", FOCAL | SECRETARIAT, user="asking"),
    Row("DELETE", f"{API_BODY}/members/<int:user>", OURS | SECRETARIAT, values=(("user", "member"),)),
    Row(
        "PUT", f"{API_BODY}/members/<int:user>/focal-point", FOCAL | SECRETARIAT, values=(("user", "member"),)
    ),
    Row(
        "DELETE",
        f"{API_BODY}/members/<int:user>/focal-point",
        FOCAL | SECRETARIAT,
        values=(("user", "focal"),),
    ),
    _get("/people", ADMINISTRATOR),
    _get(PERSON, ADMINISTRATOR, account_id="member"),
    _post(f"{PERSON}/role", ADMINISTRATOR, {"role": "secretariat"}, account_id="passer by"),
    _post(f"{PERSON}/closing", ADMINISTRATOR, account_id="passer by"),
    _post(f"{PERSON}/opening", ADMINISTRATOR, account_id="passer by"),
    _get("/audit", PREPARERS),
)

CONSULTATIONS: tuple[Row, ...] = (
    _get(CALL, EVERYONE),
    _get(CALL, PREPARERS, of="draft"),
    _get("/secretariat", SECRETARIAT),
    *_both("/consultations/new", SECRETARIAT),
    *_both(f"{CALL}/edit", SECRETARIAT, of="draft"),
    _post(f"{CALL}/publication", SECRETARIAT, of="draft"),
    _get("/api/v1/consultations", EVERYONE),
    _post("/api/v1/consultations", SECRETARIAT, NEW_CALL),
    _get(API_CALL, EVERYONE),
    _get(API_CALL, PREPARERS, of="draft"),
    Row("PATCH", API_CALL, SECRETARIAT, sends={"summary": "Shorter."}),
    _post(f"{API_CALL}/publication", SECRETARIAT, of="draft"),
)

SUBMISSIONS: tuple[Row, ...] = (
    _get("/submissions", SIGNED_IN),
    _get(f"{CALL}/submissions/new", SIGNED_IN),
    Row("POST", f"{CALL}/submissions/new", OURS, sends=_beginning, refusal=422),
    _get(TEXT, READERS, of="draft"),
    _get(TEXT, FILED_READERS, of="submitted"),
    _get(TEXT, FILED_READERS, of="accepted"),
    _get(TEXT, STRANGER | SECRETARIAT | AUDITOR, of="theirs"),
    _get(TEXT, READERS | COSIGNER, of="joint"),
    *_both(f"{TEXT}/edit", OURS, {"title": "New title", "revision": "1"}),
    *_both(f"{TEXT}/edit", OURS, {"title": "New title", "revision": "1"}, of="joint"),
    _get(f"{TEXT}/compare", OURS),
    _post(f"{TEXT}/amendment", OURS, of="accepted"),
    *_both(f"{TEXT}/withdrawal", OURS, of="accepted"),
    *_both(f"{TEXT}/appeal", OURS, {"grounds": "Read it again."}, of="rejected"),
    _post(f"{TEXT}/signatures", OURS, _asked_to_sign),
    _post(
        f"{TEXT}/signatures/<int:organisation_id>",
        COSIGNER,
        {"answer": "sign"},
        of="joint",
        organisation_id="partner",
    ),
    _get(f"{TEXT}/receipt", FILED_READERS, of="accepted"),
    _get(f"{TEXT}/versions/<int:number>", FILED_READERS, of="accepted", number=1),
    _get(f"{TEXT}/versions/<int:number>/content.json", FILED_READERS, of="accepted", number=1),
    _post(f"{TEXT}/attachments", OURS, _file),
    _get(f"{TEXT}/attachments/<int:attachment_id>", READERS, attachment_id="draft file"),
    _get(
        f"{TEXT}/attachments/<int:attachment_id>", FILED_READERS, of="accepted", attachment_id="accepted file"
    ),
    _post(f"{TEXT}/attachments/<int:attachment_id>/removal", OURS, attachment_id="draft file"),
    _get("/api/v1/submissions", SIGNED_IN),
    _post(f"{API_CALL}/submissions", OURS, _new_input),
    _get(API_TEXT, READERS),
    _get(API_TEXT, FILED_READERS, of="accepted"),
    Row("PATCH", API_TEXT, OURS, sends={"title": "New title"}),
    _post(f"{API_TEXT}/amendment", OURS, of="accepted"),
    _post(f"{API_TEXT}/withdrawal", OURS, of="accepted"),
    _post(f"{API_TEXT}/submission", OURS),
    _post(f"{API_TEXT}/appeal", OURS, {"grounds": "Read it again."}, of="rejected"),
    _get(f"{API_TEXT}/receipt", FILED_READERS, of="accepted"),
    _post(f"{API_TEXT}/signatures", OURS, lambda w: {"organisation": w.bodies["theirs"]}),
    Row(
        "PUT",
        f"{API_TEXT}/signatures/<int:organisation_id>",
        COSIGNER,
        "joint",
        {"signs": True},
        (("organisation_id", "partner"),),
    ),
    _post(f"{API_TEXT}/attachments", OURS, _file),
    Row(
        "DELETE",
        f"{API_TEXT}/attachments/<int:attachment_id>",
        OURS,
        values=(("attachment_id", "draft file"),),
    ),
)

MODERATION: tuple[Row, ...] = (
    _get("/moderation", JUDGES),
    _post("/moderation/next", JUDGES),
    _get(CASE, MODERATOR | SENIOR),
    _get(CASE, JUDGES, of="theirs"),
    _post(f"{CASE}/claim", MODERATOR | SENIOR, of="waiting"),
    _post(f"{CASE}/claim", SENIOR, of="second"),
    _post(f"{CASE}/claim", SENIOR, of="escalated"),
    _post(f"{CASE}/release", MODERATOR | SENIOR),
    _post(f"{CASE}/decision", MODERATOR | SENIOR, OPINION),
    _post(
        f"{CASE}/redactions", MODERATOR | SENIOR, {"paragraph": "1", "words": "Wages", "why": "personal_data"}
    ),
    _post(f"{CASE}/redactions/<int:redaction_id>/lifting", SENIOR, of="redacted", redaction_id="redaction"),
    _post(f"{CASE}/campaign", MODERATOR | SENIOR, {"name": "Model letter"}),
    _get(
        f"{CASE}/attachments/<int:attachment_id>",
        MODERATOR | SENIOR,
        of="accepted",
        attachment_id="accepted file",
    ),
    _get(CAMPAIGN, MODERATOR | SENIOR),
    _post(f"{CAMPAIGN}/decision", MODERATOR | SENIOR, OPINION),
    _get("/api/v1/moderation/cases", JUDGES),
    _get(API_CASE, MODERATOR | SENIOR),
    _post(f"{API_CASE}/decisions", MODERATOR | SENIOR, OPINION),
    _post(f"{API_CASE}/redactions", MODERATOR | SENIOR, SPAN),
    Row(
        "DELETE",
        f"{API_CASE}/redactions/<int:redaction_id>",
        SENIOR,
        "redacted",
        values=(("redaction_id", "redaction"),),
    ),
    _post("/api/v1/moderation/claims", JUDGES),
    _post("/api/v1/moderation/claims", MODERATOR | SENIOR, lambda w: {"case": w.cases["waiting"]}),
    _post("/api/v1/moderation/claims", SENIOR, lambda w: {"case": w.cases["second"]}),
    Row("DELETE", "/api/v1/moderation/claims/<int:case_id>", MODERATOR | SENIOR),
    _post("/api/v1/moderation/campaigns", JUDGES, _cases),
    _get(API_CAMPAIGN, MODERATOR | SENIOR),
    _post(f"{API_CAMPAIGN}/decisions", MODERATOR | SENIOR, OPINION),
)

REPORT, API_REPORT = "/reports/<int:report_id>", "/api/v1/reports/<int:report_id>"
SUMMARY = f"{CALL}/summary/<int:statement_id>"

AGGREGATION: tuple[Row, ...] = (
    _get(f"{CALL}/coverage", EVERYONE),
    _get(f"{CALL}/coverage", PREPARERS, of="draft"),
    _get(f"{CALL}/inputs", EVERYONE),
    _get(f"{CALL}/inputs", PREPARERS, of="draft"),
    _get(f"{CALL}/inputs/<reference>", EVERYONE, reference="accepted"),
    _get(f"{CALL}/inputs/<reference>", EVERYONE, reference="anonymous"),
    *(_get(f"{CALL}/inputs/<reference>", NOBODY, reference=name) for name in UNREADABLE),
    *_both(f"{CALL}/reports", SECRETARIAT),
    _get(f"{CALL}/reports", SECRETARIAT, of="draft"),
    _get(REPORT, SECRETARIAT),
    _get(f"{REPORT}/progress.json", SECRETARIAT),
    _get(f"{REPORT}/files/<name>", SECRETARIAT, name="manifest.json"),
    _get(f"{CALL}/summary", SECRETARIAT),
    _post(f"{CALL}/summary", SECRETARIAT, lambda w: {"text": "Yes.", "paragraph": w.numbers["paragraph"]}),
    *_both(SUMMARY, SECRETARIAT, {"text": "No.", "revision": "1"}),
    _post(f"{SUMMARY}/deletion", SECRETARIAT),
    _post(f"{SUMMARY}/place", SECRETARIAT, {"way": "up"}),
    _get(f"{API_CALL}/coverage", EVERYONE),
    _get(f"{API_CALL}/inputs", EVERYONE),
    _get(f"{API_CALL}/inputs/<reference>", EVERYONE, reference="accepted"),
    *(_get(f"{API_CALL}/inputs/<reference>", NOBODY, reference=name) for name in UNREADABLE),
    *(_get(f"{API_CALL}/export.{form}", SECRETARIAT) for form in ("csv", "jsonl", "xlsx", "parquet")),
    *_both(f"{API_CALL}/reports", SECRETARIAT),
    _get(API_REPORT, SECRETARIAT),
    _get(f"{API_REPORT}/files/<name>", SECRETARIAT, name="manifest.json"),
)

TABLE = OPEN + ACCOUNTS + CONSULTATIONS + SUBMISSIONS + MODERATION + AGGREGATION
