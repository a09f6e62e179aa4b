"""The reckoning: what clients were told beside what the database, the letters and the files hold."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from consult.storage import Storage
from tests.faults.filers import Tale
from tests.faults.house import House


@dataclass(frozen=True)
class Line:
    """One thing that was promised, how often it was looked at, and where it did not hold."""

    what: str
    looked_at: int
    broken: list[str]

    @property
    def kept(self) -> bool:
        return not self.broken

    def cells(self) -> tuple[str, ...]:
        return self.what, f"{self.looked_at:,}", str(len(self.broken)), "0", "kept" if self.kept else "BROKEN"


HEADINGS = ("what", "looked at", "broken", "target", "verdict")

_FILED = """
select 'S-' || lpad(s.id::text, 4, '0'), s.title, v.sha256, encode(sha256(v.canonical), 'hex'), s.state,
  (select count(*) from paragraph p where p.version_id = v.id),
  (select count(*) from moderation_case c where c.version_id = v.id),
  (select count(*) from audit_entry a where a.subject_type = 'submission' and a.subject_id = s.id
     and a.act = 'submission.filed'),
  (select count(*) from audit_entry a where a.subject_type = 'submission' and a.subject_id = s.id
     and a.act = 'submission.screened')
from submission s join version v on v.submission_id = s.id
"""


def reckoned(house: House, tale: Tale) -> list[Line]:
    """Every line of the reckoning. The house must have been stopped, its PostgreSQL be running."""
    with psycopg.connect(house.database) as connection:
        filed = connection.execute(_FILED).fetchall()
        titles = connection.execute("select title from submission").fetchall()
        promises = connection.execute(
            "select id, kind, done_at, last_error, attempts from promise"
        ).fetchall()
        attachments = connection.execute("select sha256 from attachment where removed_at is null").fetchall()
    return [
        *_receipts(tale, filed),
        *_doubles(tale, titles),
        *_moderation(filed),
        _promises(promises),
        *_letters(house.config.data_dir / "mail", promises, filed),
        _files(Storage(house.config.storage_url), tale, {row[0] for row in attachments}),
        Line("requests that a right client was refused", tale.done, tale.refused),
        Line("submissions that found no answer in time", tale.done, tale.given_up),
    ]


def _receipts(tale: Tale, filed: list[Any]) -> list[Line]:
    by_reference: dict[str, list[Any]] = {}
    for row in filed:
        by_reference.setdefault(row[0], []).append(row)
    lost, altered, torn = [], [], []
    for receipt in tale.receipts:
        rows = by_reference.get(receipt.reference, [])
        if [row[1] for row in rows] != [receipt.title]:
            lost.append(f"{receipt.reference} {receipt.title}: found {len(rows)}")
            continue
        if not receipt.sha256 == rows[0][2] == rows[0][3]:
            altered.append(receipt.reference)
        if rows[0][5] != receipt.paragraphs:
            torn.append(f"{receipt.reference}: {rows[0][5]} paragraphs")
    number = len(tale.receipts)
    return [
        Line("acknowledged receipts in the database, exactly once", number, lost),
        Line("receipts whose SHA-256 is that of the sealed content", number, altered),
        Line("receipts with every paragraph", number, torn),
        Line("answers repeated for the same Idempotency-Key", number, tale.forgotten),
    ]


def _doubles(tale: Tale, titles: list[Any]) -> list[Line]:
    counts = Counter(row[0] for row in titles)
    known = {receipt.title for receipt in tale.receipts} | set(tale.given_up)
    strays = [
        title for title in counts if title not in known and not any(title in one for one in tale.refused)
    ]
    return [
        Line(
            "submissions that are there once only",
            len(counts),
            [t for t, count in counts.items() if count > 1],
        ),
        Line("submissions that nobody was told of", len(counts), strays),
    ]


def _moderation(filed: list[Any]) -> list[Line]:
    def but(wrong: Iterable[Any]) -> list[str]:
        return [f"{row[0]}: {row[4]}, {row[6]} cases, {row[7]} filed, {row[8]} screened" for row in wrong]

    return [
        Line("filed versions with exactly one case", len(filed), but(row for row in filed if row[6] != 1)),
        Line("submissions in moderation", len(filed), but(row for row in filed if row[4] != "in_moderation")),
        Line(
            "submissions with one record of filing and one of screening",
            len(filed),
            but(row for row in filed if (row[7], row[8]) != (1, 1)),
        ),
    ]


def _promises(promises: list[Any]) -> Line:
    waiting = [
        f"{kind} {number}: {error}, {tries} tries"
        for number, kind, done, error, tries in promises
        if not done
    ]
    return Line("promises kept", len(promises), waiting)


def _letters(folder: Path, promises: list[Any], filed: list[Any]) -> list[Line]:
    wanted = {f"{row[0]:09d}.eml" for row in promises if row[1] == "mail" and row[2]}
    written = {path.name for path in folder.glob("*.eml")}
    told: Counter[str] = Counter()
    for path in folder.glob("*.eml"):
        # One letter a submission: its filer is the body's only focal point.
        told.update({word for word in path.read_text(errors="replace").split() if word.startswith("S-")})
    wrong = [row[0] for row in filed if told[row[0]] != 1]
    return [
        Line("letters written, one for each promise", len(wanted), sorted(wanted ^ written)),
        Line("submissions told of in exactly one letter", len(filed), wrong),
    ]


def _files(storage: Storage, tale: Tale, known: set[str]) -> Line:
    given = [receipt.file for receipt in tale.receipts if receipt.file]
    broken = []
    for sha256 in given:
        try:
            with storage.open(sha256) as file:
                whole = hashlib.sha256(file.read()).hexdigest() == sha256
        except OSError:
            whole = False
        if not whole or sha256 not in known:
            broken.append(sha256)
    return Line("acknowledged files whole on disk", len(given), broken)
