"""What the pages show: as many inputs, cases, bodies, people, calls and entries as a list is tried with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts.models import Account, Organisation
from consult.actor import Actor
from consult.consultations.models import Consultation
from consult.db import session
from consult.moderation.models import Case
from consult.submissions.actions import start_draft
from consult.vocabulary import CaseStage, Role
from tests import factories as make
from tests.load import synthetic

_MORE = """
insert into account (email, name, role, email_confirmed_at)
  select 'synthetic' || n || '@test.example', 'Synthetic person ' || n, 'contributor', now()
  from generate_series(1, %(rows)s) n;
insert into membership (account_id, organisation_id, state)
  select id, %(body)s, 'approved' from account where email like 'synthetic%%';
insert into consultation (slug, instrument, title, languages, opens_at, closes_at, published_at)
  select 'past-' || n, 'gcm', 'Past consultation ' || n, array['en','fr'], now() - interval '400 days',
  now() - interval '100 days' - n * interval '1 hour', now() - interval '400 days'
  from generate_series(1, %(rows)s) n;
insert into audit_entry (actor_id, actor_role, act, subject_type, subject_id, detail)
  select null, 'system', 'submission.screened', 'submission', n, '{"case": 1}'
  from generate_series(1, %(rows)s) n;
insert into report (consultation_id, state, as_of, finished_at, counts)
  select %(consultation)s, 'failed', now(), now(), '{}' from generate_series(1, %(rows)s) n;
"""


@dataclass(frozen=True)
class Page:
    """A page, who looks at it, and its address."""

    name: str
    person: str
    path: str


@dataclass
class World:
    """The people, each with a browser, and the pages to look at."""

    browsers: dict[str, FlaskClient]
    pages: list[Page]


def build(app: Flask, connection: psycopg.Connection, rows: int) -> World:
    """A world with `rows` of everything that a page lists; everything that one page shows is the same."""
    accepted = synthetic.fill(connection, "accepted", inputs=rows, organisations=rows, protected=False)
    synthetic.fill(connection, "waiting", inputs=rows, organisations=rows, state="in_moderation")
    own = synthetic.fill(connection, "own", inputs=rows, organisations=1, protected=False)
    facts = {"rows": rows, "body": own.first_body, "consultation": accepted.id}
    psycopg.ClientCursor(connection).execute(_MORE, facts)
    connection.execute("vacuum analyze")
    connection.execute("checkpoint")
    people = {str(role): make.an_account(role) for role in Role}
    body = session.get_one(Organisation, own.first_body)
    make.join(people["contributor"], body, focal=True)
    reference, shown = _newest(connection, own.id), _newest(connection, accepted.id)
    draft = _draft(people["contributor"], body, own.id)
    case = _held_case(people["moderator"])
    browsers = {name: _signed_in(app, person) for name, person in people.items()}
    session.remove()
    return World(
        {"public": app.test_client(), **browsers},
        [
            *_of_readers(accepted.slug, shown),
            *_of_members(own.slug, reference, draft, body.id),
            *_of_staff(accepted.slug, case, people["contributor"].id),
        ],
    )


def _of_readers(slug: str, shown: str) -> list[Page]:
    call = f"/consultations/{slug}"
    return [
        Page("home", "public", "/"),
        Page("home", "contributor", "/"),
        Page("consultation", "public", call),
        Page("agreement", "public", "/instruments/gcm"),
        Page("inputs", "public", f"{call}/inputs"),
        Page("inputs searched", "public", f"{call}/inputs?q=kd"),
        Page("one input", "public", f"{call}/inputs/{shown}"),
        Page("verify a receipt", "public", "/receipts"),
        Page("sign in", "public", "/sign-in"),
    ]


def _of_members(slug: str, reference: str, draft: str, body: int) -> list[Page]:
    return [
        Page("my submissions", "contributor", "/submissions"),
        Page("submission", "contributor", f"/submissions/{reference}"),
        Page("receipt", "contributor", f"/submissions/{reference}/receipt"),
        Page("editor", "contributor", f"/submissions/{draft}/edit"),
        Page("begin a draft", "contributor", f"/consultations/{slug}/submissions/new"),
        Page("organisations", "contributor", "/organisations"),
        Page("organisation", "contributor", f"/organisations/{body}"),
        Page("account", "contributor", "/account"),
        Page("tokens", "contributor", "/account/tokens"),
    ]


def _of_staff(slug: str, case: int, person: int) -> list[Page]:
    call = f"/consultations/{slug}"
    return [
        Page("queue", "moderator", "/moderation"),
        Page("case", "moderator", f"/moderation/cases/{case}"),
        Page("desk", "secretariat", "/secretariat"),
        Page("edit a consultation", "secretariat", f"{call}/edit"),
        Page("coverage", "secretariat", f"{call}/coverage"),
        Page("summary", "secretariat", f"{call}/summary"),
        Page("reports", "secretariat", f"{call}/reports"),
        Page("organisations", "secretariat", "/organisations?state=confirmed"),
        Page("record", "auditor", "/audit"),
        Page("people", "administrator", "/people"),
        Page("person", "administrator", f"/people/{person}"),
    ]


def _newest(connection: psycopg.Connection, consultation: int) -> str:
    row = connection.execute(
        "select max(id) from submission where consultation_id = %s", [consultation]
    ).fetchone()
    assert row
    return f"S-{row[0]:04d}"


def _draft(person: Account, body: Organisation, consultation: int) -> str:
    actor = Actor(account_id=person.id, organisations=frozenset({body.id}))
    draft = start_draft(
        actor=actor,
        consultation=session.get_one(Consultation, consultation),
        organisation=body,
        language="en",
        title="A draft",
        contributions=[{"area": "rt1", "text": make.TEXT}],
    )
    session.commit()
    return draft.reference


def _held_case(moderator: Account) -> int:
    """A filed case with findings, held by the moderator."""
    text = f"{make.TEXT} Write to somebody@test.example or call +41 22 917 12 34, see https://test.example/."
    case = make.a_case(texts={"rt1": text, "rt2": make.TEXT}, filed_by=None)
    held = session.get_one(Case, case.id)
    assert held.stage == CaseStage.FIRST
    held.claimed_by, held.claimed_until = moderator.id, datetime.now(UTC) + timedelta(minutes=30)
    session.commit()
    return held.id


def _signed_in(app: Flask, person: Account) -> FlaskClient:
    browser = app.test_client()
    with browser.session_transaction(base_url=app.extensions["consult"].base_url) as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"{person.id}.{person.session_epoch}", True
    return browser
