"""Loads the demonstration once, through the actions that real input takes."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text

from consult.accounts.models import Account
from consult.accounts.queries import account_by_email
from consult.aggregation import actions as aggregates
from consult.config import Config
from consult.consultations import actions as consultations
from consult.consultations.models import Consultation
from consult.db import at, clock, session, transaction
from consult.demonstration.cast import PASSWORD, Cast, engage
from consult.demonstration.story import Story
from consult.errors import Conflict
from consult.submissions.models import Paragraph, Submission, Version
from consult.vocabulary import Role
from consult.wording import label

CONTENT = Path(__file__).parent / "content"
LOCK = 73_196
Entry = dict[str, Any]


def load_once(config: Config) -> str:
    """Load everything in one transaction unless it is there already; says which of the two it was.

    Raises Conflict where pages are served to the open net: everybody knows the demonstration's password.
    """
    if urlsplit(config.base_url).scheme == "https":
        raise Conflict("The demonstration's password is public: it is not loaded under an https:// BASE_URL.")
    people = _read("people.json")
    with transaction():
        session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if account_by_email(people[0]["email"]) is not None:
            return "The demonstration is loaded already."
        now = clock()
        with at(now - timedelta(days=200)):
            cast = engage(people, _read("organisations.json"), config)
        for entry in _read("consultations.json"):
            _run(cast, entry, now)
        count = session.execute(select(func.count()).select_from(Submission)).scalar_one()
    return f"The demonstration is loaded: {count} submissions of {len(cast.organisations)} organisations."


def _read(name: str) -> list[Entry]:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _all_submissions() -> list[Entry]:
    entries = [entry for path in sorted(CONTENT.glob("submissions-*.json")) for entry in _read(path.name)]
    return sorted(entries, key=lambda entry: (entry["day"], entry["key"]))


def _run(cast: Cast, entry: Entry, now: datetime) -> None:
    consultation = _call(cast, entry, now)
    story = Story(cast, consultation, now)
    for told in _all_submissions():
        if told["consultation"] == entry["slug"]:
            story.tell(told)
    for summary in _read("statements.json"):
        if summary["consultation"] == entry["slug"]:
            _summarise(cast, consultation, story, summary["statements"])


def _call(cast: Cast, entry: Entry, now: datetime) -> Consultation:
    zone = ZoneInfo(entry["time_zone"])
    opens, closes = (_moment(entry[end], now, zone) for end in ("opens", "closes"))
    plain = {name: value for name, value in entry.items() if name not in ("opens", "closes")}
    with at(opens - timedelta(days=20)):
        secretariat = cast.actor(cast.first(Role.SECRETARIAT))
        consultation = consultations.create_consultation(
            actor=secretariat, terms={**plain, "opens_at": opens, "closes_at": closes}
        )
        consultations.publish_consultation(actor=secretariat, consultation=consultation)
    session.flush()
    return consultation


def _moment(when: Entry, now: datetime, zone: ZoneInfo) -> datetime:
    day = now.astimezone(zone).date() + timedelta(days=when["days"])
    return datetime.combine(day, time.fromisoformat(when["time"]), zone)


def _summarise(cast: Cast, consultation: Consultation, story: Story, statements: list[Entry]) -> None:
    secretariat = cast.actor(cast.first(Role.SECRETARIAT))
    areas = {area.code: area for area in consultation.areas}
    for entry in statements:
        aggregates.write_statement(
            actor=secretariat,
            consultation=consultation,
            area=areas[entry["area"]],
            text=entry["text"],
            is_quote=entry["quote"],
            paragraph_ids=[_paragraph_id(story, support) for support in entry["supports"]],
        )


def _paragraph_id(story: Story, support: Entry) -> int:
    submission = story.told[support["submission"]]
    return session.execute(
        select(Paragraph.id)
        .join(Version, Version.id == Paragraph.version_id)
        .where(Version.submission_id == submission.id, Version.number == submission.version)
        .where(Paragraph.number == support["paragraph"])
    ).scalar_one()


def table_of_logins() -> str:
    """One login for every role, and some contributors; all with the same password."""
    shown: list[tuple[str, str]] = []
    emails = {entry["email"] for entry in _read("people.json")}
    people = session.scalars(select(Account).where(Account.email.in_(emails)).order_by(Account.id)).all()
    for role in Role:
        some = [person for person in people if person.role == role]
        shown += [(label(role), person.email) for person in some[:3]]
    if not shown:
        return "The demonstration is not loaded."
    width = max(len(email) for _role, email in shown)
    lines = [f"  {email:<{width}}  {role}" for role, email in shown]
    return "\n".join(["Demonstration logins:", *lines, f"  password of all: {PASSWORD}"])
