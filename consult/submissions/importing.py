"""Input that came another way, entered from a table: every row checked, all entered or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from marshmallow import Schema, ValidationError, fields
from sqlalchemy.exc import IntegrityError

from consult.accounts.models import Organisation
from consult.accounts.operator_actions import add_organisation
from consult.accounts.queries import organisation_named
from consult.actor import Actor
from consult.audit import record
from consult.consultations.models import Consultation
from consult.db import lost_race, numbered, session
from consult.errors import Invalid, Problem
from consult.fields import Code, Line, Text
from consult.outbox import promise
from consult.permissions import Can, require
from consult.submissions.actions import draft_row, write_texts
from consult.submissions.filing import file_version
from consult.submissions.intake.rows import Row
from consult.submissions.models import Version
from consult.submissions.schemas import MOST_CHARACTERS
from consult.vocabulary import Publication, StakeholderGroup

# Enough for one job to be worth its start, and little enough to be lost to a killed worker.
SCREENED_TOGETHER = 50


class ImportRow(Schema):
    """One row: a contribution. Rows in sequence with the same `key` are one submission."""

    class Meta:
        unknown = "exclude"

    key = Line(load_default="", most=200)
    organisation = Line(required=True, most=300)
    group = Code(StakeholderGroup, load_default=None)
    country = Line(load_default="", most=3)
    language = Line(required=True, most=35)
    title = Line(load_default="", most=300)
    publication = Code(Publication, load_default=Publication.PUBLIC)
    area = Line(required=True, most=60)
    text = Text(required=True, least=1, most=MOST_CHARACTERS)
    received_at = fields.AwareDateTime(load_default=None)


FIELDS = tuple(ImportRow().fields)


@dataclass
class ImportReport:
    """What became of every row: counts, and (row number, sentence) for each that was refused."""

    rows: int = 0
    submissions: int = 0
    contributions: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    entered: bool = False


@dataclass
class _Bodies:
    """Organisations by name, looked up or registered once."""

    actor: Actor
    known: dict[str, Organisation] = field(default_factory=dict)

    def find(self, row: Mapping[str, Any]) -> Organisation:
        wanted = str(row["organisation"])
        if wanted not in self.known:
            found = organisation_named(self.actor, wanted)
            self.known[wanted] = found or self._register(wanted, row)
        return self.known[wanted]

    def _register(self, name: str, row: Mapping[str, Any]) -> Organisation:
        if not row["group"] or not row["country"]:
            raise Invalid(
                fields={
                    "organisation": ["Unknown: give group and country, and it is registered as confirmed."]
                }
            )
        number = add_organisation(name=name, group=row["group"], country=row["country"], confirmed=True)
        return session.get_one(Organisation, number)


def named(row: Row, columns: Mapping[str, str], fixed: Mapping[str, str]) -> Row:
    """A row under our field names: `columns` maps fields to headers, `fixed` gives values throughout."""
    taken = {name: row.get(columns.get(name, name), "") for name in FIELDS}
    filled = {name: value for name, value in taken.items() if value != ""}
    return {**filled, **fixed}


def import_rows(
    *, actor: Actor, consultation: Consultation, rows: Iterable[tuple[int, Row]], keep_good: bool
) -> ImportReport:
    """Enter and file rows in the caller's transaction; promises screening in batches.

    A submission with a faulty row is left out whole, and every fault is reported. Unless `keep_good`, one
    fault means that the caller must roll back: `entered` says whether anything stands. Records
    `submission.imported`.
    """
    require(actor, Can.IMPORT_INPUT)
    report, bodies, versions = ImportReport(), _Bodies(actor), []
    for numbers, loaded in _submissions(rows, report):
        try:
            with session.begin_nested():
                versions.append(_enter(actor, consultation, bodies, loaded))
        except IntegrityError as fault:
            bodies.known.clear()
            _note(report, numbers, lost_race(fault))
        except Problem as problem:
            bodies.known.clear()
            _note(report, numbers, problem)
        else:
            report.submissions += 1
            report.contributions += len(loaded)
    report.entered = bool(versions) and (keep_good or not report.faults)
    if report.entered:
        for some in batched_ids(versions):
            promise("screen", version_ids=some)
    return report


def batched_ids(versions: list[int]) -> Iterator[list[int]]:
    """The ids in the portions in which they are screened."""
    for start in range(0, len(versions), SCREENED_TOGETHER):
        yield versions[start : start + SCREENED_TOGETHER]


def _submissions(
    rows: Iterable[tuple[int, Row]], report: ImportReport
) -> Iterator[tuple[list[int], list[dict[str, Any]]]]:
    """Rows that belong together, validated; faulty ones are noted and their submission left out."""
    schema = ImportRow()

    def key(numbered: tuple[int, Row]) -> tuple[int, str]:
        number, row = numbered
        return (0, row["key"]) if row.get("key") else (number, "")

    for _key, together in groupby(rows, key):
        numbers, loaded, faulty = [], [], False
        for number, row in together:
            report.rows += 1
            numbers.append(number)
            try:
                loaded.append(schema.load(row))
            except ValidationError as fault:
                messages = fault.normalized_messages()  # type: ignore[no-untyped-call]
                faulty = True
                report.faults.append((number, _sentence(messages)))
        if not faulty:
            yield numbers, loaded


def _enter(actor: Actor, consultation: Consultation, bodies: _Bodies, rows: list[dict[str, Any]]) -> int:
    first = rows[0]
    submission = draft_row(
        actor,
        consultation,
        bodies.find(first),
        language=first["language"],
        title=first["title"] or _opening(first["text"]),
        publication=first["publication"],
        source="import",
        external_key=first["key"] or None,
    )
    write_texts(submission, _by_area(rows))
    session.add(submission)
    session.flush()
    number, now = numbered(Version)
    version = file_version(actor, submission, number, first["received_at"] or now)
    record(actor, "submission.imported", submission, version=version.number)
    return version.id


def _by_area(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Rows under the same area are paragraphs of one contribution."""
    texts: dict[str, list[str]] = {}
    for row in rows:
        texts.setdefault(row["area"], []).append(row["text"])
    return [{"area": area, "text": "\n\n".join(parts)} for area, parts in texts.items()]


def _opening(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else words[:80].rsplit(" ", 1)[0] + " …"


def _note(report: ImportReport, numbers: list[int], problem: Problem) -> None:
    sentence = _sentence(problem.fields) if problem.fields else problem.detail or problem.title
    report.faults += [(number, sentence) for number in numbers]


def _sentence(messages: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in messages.items())
