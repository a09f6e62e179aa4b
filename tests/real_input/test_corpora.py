"""Real recommendations and proposals through the whole house; counts add up at every step."""

from __future__ import annotations

import csv
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pycountry
import pytest
from flask import Flask
from redis import Redis
from rq import SimpleWorker
from sqlalchemy import func, select

from consult import db
from consult.accounts import queries as people
from consult.accounts.models import Account
from consult.actor import Actor
from consult.aggregation import operator_actions as aggregates
from consult.aggregation.coverage import coverage
from consult.aggregation.dimensions import Audience
from consult.aggregation.queries import tally
from consult.config import Config
from consult.consultations.models import Consultation, ThematicArea
from consult.embedded import Services
from consult.moderation.actions import Opinion, decide
from consult.moderation.claims import claim_next
from consult.moderation.models import Case
from consult.moderation.queries import locked_case
from consult.storage import Storage
from consult.submissions.models import Paragraph, Submission, Version
from consult.vocabulary import Dimension, Reason, Role, Verdict
from tests import factories as make
from workers import keeping
from workers.queues import PROMPT
from workers.relay import JsonJobs, carry

pytestmark = pytest.mark.real_input

CORPORA = Path(__file__).parents[3] / "shared" / "data"
ROWS = 5_000
AREAS = 6


@pytest.fixture
def recommendations(tmp_path: Path) -> Path:
    """UPR recommendations as an import file: the recommending State writes, the issue chooses the area."""
    source = CORPORA / "upr" / "upr_recommendations_part1.csv"
    if not source.exists():
        pytest.skip("No corpora beside the repository: ../shared/data/upr is absent.")
    target = tmp_path / "recommendations.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "organisation", "group", "country", "language", "area", "text"])
        for count, (row, country) in enumerate(_with_country(source)):
            if count == ROWS:
                break
            area = f"t{sum(map(ord, row['issues'])) % AREAS + 1}"
            body = f"Delegation of {row['recommending_state']}"
            writer.writerow([row["id"], body, "other", country, "en", area, row["text"]])
    return target


def _with_country(source: Path) -> Iterator[tuple[dict[str, str], str]]:
    known: dict[str, str | None] = {}
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            state = row["recommending_state"]
            if state not in known:
                try:
                    known[state] = pycountry.countries.lookup(state).alpha_3
                except LookupError:
                    known[state] = None
            if (country := known[state]) and row["text"].strip():
                yield row, country


@pytest.fixture
def consultation(committed: Flask) -> Consultation:
    areas = [
        ThematicArea(code=f"t{n}", title=f"Thematic session {n}", position=n, objectives=[n], word_limit=300)
        for n in range(1, AREAS + 1)
    ]
    return make.a_consultation(slug="real-input", areas=areas)


def as_actor(person: Account) -> Actor:
    found = people.account_with_bodies(person.id)
    assert found is not None
    return people.actor_of(found)


def test_five_thousand_recommendations(  # type: ignore[no-untyped-def]
    committed: Flask,
    config: Config,
    services: Services,
    consultation: Consultation,
    recommendations: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(keeping._ready_in, os.getpid(), replace(config, redis_url=f"{services.redis_url}/2"))
    steps: dict[str, float] = {}
    with _timed(steps, "import"):
        said = committed.test_cli_runner().invoke(
            args=["submissions", "import", str(recommendations), "--consultation", consultation.slug]
        )
    assert said.exit_code == 0, said.output
    assert f"{ROWS} submissions with {ROWS} contributions entered" in said.output
    assert tally(consultation.id).waiting == tally(consultation.id).filed == ROWS
    with _timed(steps, "screen"):
        _screen(f"{services.redis_url}/2")
    assert db.session.scalar(select(func.count()).select_from(Case)) == ROWS
    with _timed(steps, "decide 600"):
        _decide(600)
    counts = tally(consultation.id)
    assert (counts.filed, counts.accepted, counts.returned) == (ROWS, 500, 100)
    assert counts.accepted + counts.returned + counts.rejected + counts.withdrawn + counts.waiting == ROWS
    _coverage_equals_recount(consultation, counts.accepted)
    _search_finds(committed, consultation)
    with _timed(steps, "export"):
        exported = tmp_path / "inputs.csv"
        rows = aggregates.export_to(consultation.slug, "csv", exported)
    assert rows == _accepted_paragraphs()
    with _timed(steps, "report"):
        report = aggregates.report_now(consultation.slug, Storage(config.storage_url))
    assert report.state == "ready"
    assert report.counts["accepted"] == 500
    with capsys.disabled():
        largest = max(report.files, key=lambda file: file.size)
        print(
            f"\nreal input: {ROWS} rows, seconds by step {steps}, largest file {largest.name} {largest.size}"
        )


@contextmanager
def _timed(steps: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    steps[name] = round(time.perf_counter() - began, 1)


def _screen(redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    redis.flushdb()
    while carry(redis):
        SimpleWorker([PROMPT], connection=redis, serializer=JsonJobs).work(burst=True, logging_level="ERROR")
    db.session.rollback()


def _decide(count: int) -> None:
    """Two moderators take what fairness gives them; every sixth case is returned."""
    readers = [as_actor(make.an_account(Role.MODERATOR)) for _ in range(2)]
    for turn in range(count):
        actor = readers[turn % 2]
        with db.transaction():
            case = claim_next(actor=actor)
            assert case is not None
            opinion = (
                Opinion(Verdict.RETURN, Reason.OTHER, "Say which objective you speak to.")
                if turn % 6 == 0
                else Opinion(Verdict.ACCEPT)
            )
            decide(actor=actor, case=locked_case(actor, case.id), opinion=opinion)
    db.session.remove()


def _coverage_equals_recount(consultation: Consultation, accepted: int) -> None:
    table = coverage(consultation, Dimension.AREA, Dimension.COUNTRY, audience=Audience.SECRETARIAT)
    rows = db.session.execute(
        select(Submission.organisation_id, Version.areas)
        .join(Version, (Version.submission_id == Submission.id) & (Version.number == Submission.version))
        .where(Submission.state == "accepted")
    ).all()
    assert len(rows) == accepted
    by_area = Counter(area for _body, areas in rows for area in areas)
    ids = {area.code: area.id for area in consultation.areas}
    counted = {key.code: cell.submissions for key, cell in zip(table.row_keys, table.row_totals, strict=True)}
    assert counted == {code: by_area[number] for code, number in ids.items()}
    assert table.total.submissions == accepted
    assert table.total.organisations == len({body for body, _areas in rows})


def _search_finds(committed: Flask, consultation: Consultation) -> None:
    """A phrase of an accepted text finds it, for the public."""
    slug = consultation.slug
    words, reference = db.session.execute(
        select(Paragraph.disclosed_text, Submission.id)
        .join(Version, Version.id == Paragraph.version_id)
        .join(Submission, Submission.id == Version.submission_id)
        .where(Submission.state == "accepted", func.length(Paragraph.disclosed_text) > 80)
        .limit(1)
    ).one()
    phrase = " ".join(words.replace('"', " ").split()[2:9])
    found = committed.test_client().get(
        f"/api/v1/consultations/{slug}/inputs", query_string={"q": f'"{phrase}"'}
    )
    assert found.status_code == 200
    assert f"S-{reference:04d}" in [item["reference"] for item in found.json["items"]]
    db.session.rollback()


def _accepted_paragraphs() -> int:
    return int(
        db.session.scalar(
            select(func.count())
            .select_from(Paragraph)
            .join(Version)
            .join(Submission, Submission.id == Version.submission_id)
            .where(Submission.state == "accepted", Version.number == Submission.version)
        )
        or 0
    )


def test_the_madrid_proposals_and_every_faulty_row_named(
    committed: Flask, consultation: Consultation, tmp_path: Path
) -> None:
    source = CORPORA / "decide_madrid" / "proposals_es.csv"
    if not source.exists():
        pytest.skip("No corpora beside the repository: ../shared/data/decide_madrid is absent.")
    slug, number = consultation.slug, consultation.id
    spoiled = tmp_path / "spoiled.csv"
    lines = source.read_text(encoding="utf-8-sig")
    spoiled.write_text(
        lines + '90001,01/01/2024,1,Sin texto,""\n90002,01/01/2024,1,Nulo,"a\0b"\n', encoding="utf-8"
    )
    common = [
        "--consultation",
        slug,
        "--column",
        "key=id",
        "--set",
        "organisation=Vecinos de Madrid",
    ]
    common += [
        "--set",
        "area=t1",
        "--set",
        "group=civil_society",
        "--set",
        "country=ESP",
        "--set",
        "language=es",
    ]
    runner = committed.test_cli_runner()
    refused = runner.invoke(args=["submissions", "import", str(spoiled), *common])
    assert refused.exit_code == 1
    assert refused.output.count("text:") == 2
    assert "Nothing was entered" in refused.output
    assert tally(number).filed == 0
    db.session.rollback()
    dry = runner.invoke(args=["submissions", "import", str(spoiled), *common, "--dry-run", "--keep-good"])
    assert "1071 submissions with 1071 contributions would be entered" in dry.output
    assert tally(number).filed == 0
    db.session.rollback()
    kept = runner.invoke(args=["submissions", "import", str(spoiled), *common, "--keep-good"])
    assert kept.exit_code == 0
    assert tally(number).filed == 1071
    db.session.rollback()
    again = runner.invoke(args=["submissions", "import", str(source), *common])
    assert again.exit_code == 1
    assert again.output.count("imported before") == 1071
