"""Names that were promised to operators and integrators: routes, commands, settings, codes, files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click
import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult import vocabulary
from consult.aggregation.report_files import FILES
from consult.config import Config
from consult.instruments.loader import instrument
from consult.web.api import ApiBlueprint
from consult.web.idempotency import idempotent
from tests.house.tree import ROOT

API = "/api/v1"
ROUTES = {
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    f"GET {API}/openapi.json",
    f"GET {API}/docs",
    f"GET {API}/instruments",
    f"GET {API}/instruments/*",
    f"GET {API}/consultations",
    f"GET {API}/consultations/*",
    f"POST {API}/consultations",
    f"PATCH {API}/consultations/*",
    f"POST {API}/consultations/*/publication",
    f"POST {API}/organisations",
    f"GET {API}/organisations/*",
    f"POST {API}/organisations/*/confirmation",
    f"POST {API}/organisations/*/members",
    f"POST {API}/organisations/*/members/*/approval",
    f"POST {API}/consultations/*/submissions",
    f"GET {API}/submissions/*",
    f"PATCH {API}/submissions/*",
    f"POST {API}/submissions/*/attachments",
    f"POST {API}/submissions/*/submission",
    f"POST {API}/submissions/*/amendment",
    f"POST {API}/submissions/*/withdrawal",
    f"POST {API}/submissions/*/appeal",
    f"GET {API}/submissions/*/receipt",
    f"GET {API}/moderation/cases",
    f"POST {API}/moderation/claims",
    f"DELETE {API}/moderation/claims/*",
    f"POST {API}/moderation/cases/*/decisions",
    f"POST {API}/moderation/cases/*/redactions",
    f"POST {API}/moderation/campaigns/*/decisions",
    f"GET {API}/consultations/*/coverage",
    f"GET {API}/consultations/*/inputs",
    f"POST {API}/consultations/*/reports",
    f"GET {API}/reports/*",
    f"GET {API}/reports/*/files/*",
    f"GET {API}/consultations/*/export.csv",
    f"GET {API}/consultations/*/export.jsonl",
    f"GET {API}/consultations/*/export.xlsx",
    f"GET {API}/consultations/*/export.parquet",
}

# Every POST that creates something takes `Idempotency-Key`; a token's secret alone cannot be repeated.
CREATING = {
    f"POST {API}/consultations",
    f"POST {API}/organisations",
    f"POST {API}/organisations/*/members",
    f"POST {API}/consultations/*/submissions",
    f"POST {API}/submissions/*/attachments",
    f"POST {API}/submissions/*/submission",
    f"POST {API}/submissions/*/amendment",
    f"POST {API}/submissions/*/withdrawal",
    f"POST {API}/submissions/*/appeal",
    f"POST {API}/moderation/claims",
    f"POST {API}/moderation/cases/*/decisions",
    f"POST {API}/moderation/cases/*/redactions",
    f"POST {API}/moderation/campaigns/*/decisions",
    f"POST {API}/consultations/*/reports",
}

# Filters and other parts of a query that were promised.
QUERIES = {
    f"{API}/moderation/cases": {"state", "area", "group", "language", "finding", "mine", "overdue"},
    f"{API}/consultations/{{slug}}/coverage": {"rows", "columns"},
    f"{API}/consultations/{{slug}}/inputs": {"q", "area", "group", "objective", "limit", "cursor"},
    f"{API}/consultations": {"limit", "cursor"},
    f"{API}/organisations": {"limit", "cursor"},
    f"{API}/submissions": {"limit", "cursor"},
}

COMMANDS = {
    "migrate": set(),
    "demo": set(),
    "user add": {"EMAIL", "--name", "--role", "--password-stdin"},
    "token issue": {"EMAIL"},
    "organisation add": {"NAME", "--group", "--country", "--focal-point", "--confirmed"},
    "submissions import": {"FILE", "--consultation", "--dry-run", "--keep-good"},
    "report build": {"SLUG"},
    "export": {"SLUG", "--format", "--output"},
    "doctor": set(),
}

SETTINGS = {
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "SECRET_KEY",
    "BASE_URL",
    "HOST",
    "PORT",
    "WEB_PROCESSES",
    "WORKERS",
    "STORAGE_URL",
    "SMTP_URL",
    "DEMO",
    "LOG_FORMAT",
}

ROLES = "contributor moderator senior_moderator secretariat focal_point auditor administrator"
REASONS = (
    "late too_long language off_topic refugee_matter unidentified annexed_report abusive personal_data"
    " duplicate other"
)
REPORT_FILES = (
    "summary.docx summary.pdf inputs.csv inputs.jsonl inputs.xlsx inputs.parquet coverage.csv codebook.csv"
    " manifest.json"
)
DIMENSIONS = "area group region country language objective month"
VERDICTS = "accept return reject escalate"
STATES = "draft submitted in_moderation accepted returned rejected withdrawn"


def plain(rule: str) -> str:
    """A rule with `*` for each of its parts."""
    parts = ["*" if "<" in part else part for part in rule.split("/")]
    return "/".join(parts)


def views(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            yield f"{method} {plain(rule.rule)}", rule.endpoint


def test_routes(application: Flask) -> None:
    assert ROUTES - {name for name, _endpoint in views(application)} == set()


def test_what_creates_can_be_repeated(application: Flask) -> None:
    answering = ApiBlueprint("any", __name__, "").response(204)(lambda: None)
    code = idempotent(answering).__code__
    unkept = set()
    for name, endpoint in views(application):
        if name in CREATING and not wraps(application.view_functions[endpoint], code):
            unkept.add(name)
    assert unkept == set()


def wraps(view: object, code: object) -> bool:
    """Whether a decorator with this code stands anywhere around the view."""
    while view is not None:
        if getattr(view, "__code__", None) is code:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


@pytest.mark.parametrize("path", QUERIES)
def test_parts_of_queries(client: FlaskClient, path: str) -> None:
    spec = client.get(f"{API}/openapi.json").get_json()
    given = {part["name"] for part in spec["paths"][path]["get"]["parameters"] if part["in"] == "query"}
    assert QUERIES[path] - given == set()


def commands(app: Flask) -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": each for inner, each in command.commands.items()}
        else:
            found[name] = command
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_commands(application: Flask, name: str) -> None:
    command = commands(application)[name]
    given = {one for part in command.params for one in part.opts} | {
        str(part.name).upper() for part in command.params if isinstance(part, click.Argument)
    }
    assert COMMANDS[name] - given == set()


def test_make_targets() -> None:
    text = (ROOT / "Makefile").read_text()
    assert [name for name in ("run", "test", "check", "bench", "faults") if f"\n{name}:" not in text] == []


class Noting(dict[str, str]):
    """An environment that remembers what was asked for."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.asked: set[str] = set()

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


def test_settings() -> None:
    environment = Noting({"SECRET_KEY": "sixteen characters or more"})
    Config.from_env(environment)
    assert SETTINGS - environment.asked == set()


def words(vocabulary_of: type) -> set[str]:
    return {str(word) for word in vocabulary_of}  # type: ignore[attr-defined]


def test_codes() -> None:
    assert words(vocabulary.Role) == set(ROLES.split())
    assert words(vocabulary.Reason) == set(REASONS.split())
    assert words(vocabulary.Dimension) == set(DIMENSIONS.split())
    assert words(vocabulary.Verdict) == set(VERDICTS.split())
    assert words(vocabulary.SubmissionState) == set(STATES.split())


def test_stakeholder_groups_are_those_of_the_agreement() -> None:
    codes = {category.code for category in instrument("gcm").stakeholder_categories}
    # National human rights institutions stand apart from every other category.
    assert words(vocabulary.StakeholderGroup) == codes | {"nhri"}


def test_report_files() -> None:
    assert set(FILES) == set(REPORT_FILES.split())
