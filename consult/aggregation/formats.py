"""The records of a consultation in every form of the contract, with the dictionary that explains them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from consult.aggregation.dimensions import keys
from consult.aggregation.exports.counts import Counts
from consult.aggregation.exports.dictionary import Codes, dictionary_rows
from consult.aggregation.exports.records import InputRecord
from consult.aggregation.exports.tables import csv_chunks, jsonl_chunks
from consult.consultations.models import Consultation
from consult.i18n import current_locale
from consult.i18n import gettext as _
from consult.places import countries
from consult.vocabulary import Accreditation, Dimension, Publication, Region, StakeholderGroup
from consult.wording import options

if TYPE_CHECKING:
    from consult.aggregation.exports.workbook import Facts

MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}
# Sent while they are read; the others have to be whole before their first byte is known.
STREAMED: dict[str, Callable[[Iterable[InputRecord]], Iterator[bytes]]] = {
    "csv": csv_chunks,
    "jsonl": jsonl_chunks,
}
FORMS = ("csv", "jsonl", "xlsx", "parquet")


def media_type(name: str) -> str:
    """By the ending of a file's name."""
    return MEDIA_TYPES[name.rpartition(".")[2]]


def write_records(
    form: str, path: Path, records: Iterable[InputRecord], *, codes: Codes, facts: Facts, moment: datetime
) -> int:
    """Write the records as one of FORMS and return their number; `facts` and `moment` go into a workbook."""
    # The libraries of these two take tens of megabytes, and most processes never write them.
    if form == "xlsx":
        from consult.aggregation.exports.workbook import write_xlsx

        return write_xlsx(path, records, dictionary_rows(codes), facts, moment=moment)
    if form == "parquet":
        from consult.aggregation.exports.parquet import write_parquet

        return write_parquet(path, records)
    counted = _Counted(records)
    with path.open("wb") as file:
        file.writelines(STREAMED[form](counted))
    return counted.number


class _Counted:
    """Passes records on and counts them."""

    def __init__(self, records: Iterable[InputRecord]) -> None:
        self.records, self.number = records, 0

    def __iter__(self) -> Iterator[InputRecord]:
        for record in self.records:
            self.number += 1
            yield record


def codes(consultation: Consultation) -> Codes:
    """Every code that the exported columns may hold, in words of the reader's language."""
    return {
        "area": list(keys(Dimension.AREA, consultation, ())),
        "objective": list(keys(Dimension.OBJECTIVE, consultation, ())),
        "group": options(StakeholderGroup),
        "country": list(countries(current_locale())),
        "region": options(Region),
        "accreditation": options(Accreditation),
        "language": list(keys(Dimension.LANGUAGE, consultation, ())),
        "publication": options(Publication),
    }


def facts(consultation: Consultation, counts: Counts, moment: datetime, *, restricted: bool) -> Facts:
    """What a workbook says of itself on its sheet About."""
    what = (
        _("All accepted input, also what is restricted to the secretariat. Not to be passed on.")
        if restricted
        else _("Accepted input that its contributors let the public read.")
    )
    balance = {
        _("Submissions filed"): counts.filed,
        _("Accepted"): counts.accepted,
        _("Returned for changes"): counts.returned,
        _("Rejected"): counts.rejected,
        _("Withdrawn"): counts.withdrawn,
        _("Waiting for a decision"): counts.waiting,
    }
    return list(
        chain(
            [
                (_("Consultation"), consultation.title),
                (_("Short name"), consultation.slug),
                (_("Contents"), what),
                (_("As at"), moment),
            ],
            balance.items(),
        )
    )
