"""Filing by the API under load, beside pgbench doing the same inserts on the same server."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from consult import db
from tests.load.client import Outcome, drive
from tests.load.peers import isso
from tests.load.processes import cpu_seconds
from tests.load.roundtrips import CountingProxy
from tests.load.settings import CLIENTS, SECONDS, WARM_UP
from tests.load.stand import Stand, Web
from tests.load.table import Row, percentile
from tests.load.writers import PARAGRAPHS, Writer, prose, ready, requests, writers

COUNTED = 20  # requests whose round trips are counted
WRITERS = 64


@dataclass(frozen=True)
class Filed:
    """What one run under load found; processor milliseconds a request by part."""

    outcome: Outcome
    web_ms: float
    database_ms: float
    queue_ms: float


def rows(stand: Stand) -> list[Row]:
    """Rate, time, processor time and round trips of filing one submission of 400 words in two areas."""
    url = stand.scratch("filing")
    stand.app_on(url)
    given = writers(WRITERS)
    with stand.web(url) as web:
        filed = _under_load(stand, web, given)
    bare = stand.pgbench(url, inserts(), clients=CLIENTS, seconds=max(5, SECONDS // 2))
    trips, peer = _round_trips(stand, url, given), isso(stand)
    times = [seconds * 1000 for seconds in filed.outcome.latencies]
    facts = {
        "clients": CLIENTS,
        "seconds": round(filed.outcome.seconds, 1),
        "filed": len(times),
        "web_ms": filed.web_ms,
        "database_ms": filed.database_ms,
        "queue_ms": filed.queue_ms,
        "pgbench_p99_ms": percentile(bare.milliseconds, 0.99),
    }
    cpu = filed.web_ms + filed.database_ms
    rate = filed.outcome.rate
    return [
        Row(
            "filing: rate",
            rate,
            "/s",
            least=0.15,
            of_ratio=True,
            beside=bare.rate,
            beside_what="pgbench",
            facts=facts,
        ),
        Row("filing: CPU a request, web + database", cpu, "ms", most=2.5, facts=facts),
        Row("filing: p50", percentile(times, 0.5), "ms"),
        Row("filing: p99", percentile(times, 0.99), "ms", most=60, facts=facts),
        Row("filing: round trips to the database", trips, "", most=4),
        *([_beside_isso(rate, peer)] if peer else []),
    ]


def _beside_isso(rate: float, peer: float) -> Row:
    what = "filing: rate beside a comment server"
    return Row(what, rate, "/s", least=1.5, of_ratio=True, beside=peer, beside_what="isso")


def _under_load(stand: Stand, web: Web, given: list[Writer]) -> Filed:
    """Drive the server for SECONDS; every answer must be a receipt. Raises AssertionError."""
    host = f"{web.address[0]}:{web.address[1]}"
    drive(web.address, requests(given, host), clients=CLIENTS, most=WARM_UP)
    prepared = ready(given, host, 1_000 * SECONDS)
    parts = (web.processes(), stand.database_processes(), stand.queue_process())
    before = [cpu_seconds(part) for part in parts]
    outcome = drive(web.address, iter(prepared), clients=CLIENTS, seconds=SECONDS)
    # Backends are never replaced in this time: the same processes are read again.
    used = [cpu_seconds(part) - start for part, start in zip(parts, before, strict=True)]
    assert set(outcome.statuses) == {201}, (outcome.statuses, outcome.sample)
    assert json.loads(outcome.sample)["receipt"]["sha256"]
    return Filed(outcome, *(seconds * 1000 / len(outcome.latencies) for seconds in used))


def _round_trips(stand: Stand, url: str, given: list[Writer]) -> float:
    """Turns on the wire for one request, counted over some after a warm start."""
    chance = random.Random(3)
    with CountingProxy(url) as proxy:
        client = stand.app_on(proxy.url).test_client()

        def file_one() -> None:
            head, _parting, body = given[0].request("127.0.0.1", chance).partition(b"\r\n\r\n")
            fields = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
            answer = client.post(
                given[0].path, data=body, headers=fields, base_url=stand.config(url).base_url
            )
            assert answer.status_code == 201, answer.text

        for _each in range(10):  # psycopg prepares a statement when it comes back
            file_one()
        before = proxy.turns
        for _each in range(COUNTED):
            file_one()
        counted = (proxy.turns - before) / COUNTED
        db.session.remove()
        db.engine().dispose()
    return counted


def inserts() -> str:
    """The rows that filing writes, as bare statements in one transaction."""
    chance = random.Random(2)
    texts = [[prose(chance) for _each in range(PARAGRAPHS)] for _area in range(2)]
    whole = ["\n\n".join(parts) for parts in texts]
    paragraphs = ", ".join(
        f"(:version, {area + 1}, {area * PARAGRAPHS + n + 1}, '{part}', '{part}', '{'c' * 64}', 50)"
        for area, parts in enumerate(texts)
        for n, part in enumerate(parts)
    )
    canonical = json.dumps({"contributions": whole}).encode().hex()
    answer = json.dumps({"contributions": whole, "receipt": "d" * 64})
    return f"""
\\set body random(1, {WRITERS})
begin;
insert into submission (consultation_id, organisation_id, title, language, publication, state, version,
  revision, late, source, created_by, edited_by, received_at)
  values (1, :body, 'Fair recruitment', 'en', 'public', 'submitted', 1, 2, false, 'api', :body, :body,
  clock_timestamp()) returning id as submission \\gset
insert into contribution (submission_id, area_id, text)
  values (:submission, 1, '{whole[0]}'), (:submission, 2, '{whole[1]}');
insert into version (submission_id, number, title, language, publication, canonical, sha256, text_fingerprint,
  received_at, late, areas, filed_by)
  values (:submission, 1, 'Fair recruitment', 'en', 'public', decode('{canonical}', 'hex'), '{"a" * 64}',
  '{"b" * 64}', clock_timestamp(), false, '{{1,2}}', :body) returning id as version \\gset
insert into paragraph (version_id, area_id, number, text, disclosed_text, sha256, words) values {paragraphs};
insert into audit_entry (actor_id, actor_role, act, subject_type, subject_id, detail) values
  (:body, 'contributor', 'submission.started', 'submission', :submission,
    '{{"consultation": "consultation-1"}}'),
  (:body, 'contributor', 'submission.filed', 'submission', :submission,
    '{{"version": 1, "sha256": "{"a" * 64}"}}');
insert into promise (kind, args) values ('screen', '{{"version_ids": [1]}}'),
  ('mail', '{{"to": "person1@test.example", "subject": "Receipt", "body": "{"e" * 500}"}}');
insert into idempotency_key (account_id, key, asked, status, body)
  values (:body, gen_random_uuid()::text, '{"f" * 64}', 201, '{answer}');
commit;
"""
