"""The row that every tabular export writes, and the table its data dictionary is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple


class InputRecord(NamedTuple):
    """One accepted paragraph, already disclosed and redacted for the reader of the file.

    The field names are the column names of inputs.csv, .jsonl, .xlsx and .parquet, in this order. A named
    tuple and not a frozen dataclass: as immutable and as typed, but made in an eighth of the time, and making
    the dataclass would cost as much as writing it.
    """

    reference: str
    version: int
    paragraph: int
    citation: str
    consultation: str
    area: str
    area_title: str
    objectives: tuple[int, ...]
    organisation: str  # '' when anonymous
    organisation_id: int | None  # None when anonymous
    group: str
    country: str  # ISO 3166-1 alpha-3, '' when anonymous
    region: str
    accreditation: str
    joint: bool
    cosignatories: tuple[str, ...]
    language: str
    publication: str
    title: str
    text: str
    words: int
    received_at: datetime  # aware, UTC
    late: bool
    redacted: bool
    sha256: str


class Column(NamedTuple):
    """What a reader must know of a column: type, meaning, and the list its codes come from ('' if none)."""

    name: str
    type: str
    description: str
    code_list: str = ""


def _(message: str) -> str:
    """Marks a message for the catalogues; the data dictionary translates it."""
    return message


COLUMNS: tuple[Column, ...] = (
    Column("reference", "text", _("Reference of the submission, the same in all its versions.")),
    Column("version", "integer", _("Version of the submission that was accepted, counted from 1.")),
    Column("paragraph", "integer", _("Number of the paragraph in this version; never given to another one.")),
    Column(
        "citation", "text", _("How to cite the paragraph: reference, version, number. Unique in the file.")
    ),
    Column("consultation", "text", _("Short name of the consultation.")),
    Column("area", "code", _("Thematic area that the paragraph was filed under."), "area"),
    Column("area_title", "text", _("Title of the thematic area.")),
    Column(
        "objectives",
        "list of integers",
        _("Objectives of the agreement that the area maps to; in CSV and Excel joined by semicolons (5;6)."),
        "objective",
    ),
    Column("organisation", "text", _("Name of the organisation that filed; empty when anonymous.")),
    Column("organisation_id", "integer", _("Stable identifier of the organisation; empty when anonymous.")),
    Column("group", "code", _("Stakeholder group of the organisation."), "group"),
    Column("country", "code", _("Country of the organisation (ISO 3166-1 alpha-3) or empty."), "country"),
    Column("region", "code", _("Region of the organisation."), "region"),
    Column("accreditation", "code", _("How the organisation is accredited, if at all."), "accreditation"),
    Column("joint", "true or false", _("True for a joint submission: a lead and its co-signatories.")),
    Column(
        "cosignatories",
        "list of text",
        _("Co-signatories that confirmed a joint submission; in CSV and Excel joined by semicolons."),
    ),
    Column("language", "code", _("Language of the text (BCP 47)."), "language"),
    Column(
        "publication", "code", _("What the contributor chose: who may see the submission."), "publication"
    ),
    Column("title", "text", _("Title of the submission.")),
    Column(
        "text",
        "text",
        _(
            "The paragraph in full, after redaction. In CSV a cell that a spreadsheet would run as a "
            "formula starts with an apostrophe. In Excel a text over 32,767 characters ends with a note and "
            "stands in full in the sheet Continued."
        ),
    ),
    Column("words", "integer", _("Number of words of the paragraph.")),
    Column(
        "received_at", "time (UTC)", _("When this version was received, by the server's clock (RFC 3339).")
    ),
    Column("late", "true or false", _("True when received after the deadline; late input is kept.")),
    Column("redacted", "true or false", _("True when a span of this paragraph is hidden.")),
    Column(
        "sha256",
        "text",
        _(
            "SHA-256 of the canonical content of this version, the same as on the receipt; empty where it "
            "could be used to guess at a hidden name or at hidden words."
        ),
    ),
)


def batches(records: Iterable[InputRecord], size: int) -> Iterator[list[InputRecord]]:
    """Cut a stream into lists of at most *size* records, so that memory stays flat whatever the length."""
    stream = iter(records)
    while batch := list(islice(stream, size)):
        yield batch
