"""Files on their way out of either door: authorised at the moment, noted, streamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from flask import Response, current_app, stream_with_context

from consult.aggregation import actions, queries
from consult.aggregation.dimensions import Audience
from consult.aggregation.formats import FORMS, STREAMED, codes, facts, media_type, write_records
from consult.aggregation.models import Report
from consult.aggregation.snapshot import snapshot
from consult.aggregation.stream import records
from consult.consultations.models import Consultation
from consult.db import clock
from consult.errors import Missing
from consult.permissions import Can, permitted
from consult.storage import CHUNK
from consult.web.identity import actor

__all__ = ["FORMS", "audience", "export", "report_file"]


def audience(consultation: Consultation) -> Audience:
    """Whether whoever asks may see every number."""
    secretariat = permitted(actor(), Can.READ_AGGREGATE, consultation)
    return Audience.SECRETARIAT if secretariat else Audience.READERS


def export(consultation: Consultation, form: str, *, restricted: bool) -> Response:
    """The records of a consultation now, in one of FORMS. Raises Unidentified, Forbidden.

    CSV and JSON Lines are sent while they are read, at the pace of the reader and after the request's own
    transaction; the others are written to a temporary file first. Memory stays flat either way.
    """
    actions.take_export(actor=actor(), consultation=consultation, form=form, restricted=restricted)
    if form in STREAMED:
        body = stream_with_context(_streamed(consultation.id, form, restricted))
        response = Response(body, mimetype=media_type(form))
    else:
        response = _whole(consultation.id, form, restricted)
    kind = "all" if restricted else "inputs"
    return _attached(response, f"{consultation.slug}-{kind}-{clock():%Y-%m-%d}.{form}")


def _streamed(consultation_id: int, form: str, restricted: bool) -> Iterator[bytes]:
    with snapshot():
        consultation = queries.consultation_again(consultation_id)
        yield from STREAMED[form](records(consultation, restricted=restricted))


def _whole(consultation_id: int, form: str, restricted: bool) -> Response:
    file = NamedTemporaryFile(prefix="consult-export-", suffix=f".{form}")  # noqa: SIM115 - closed by _read
    with snapshot() as as_of:
        consultation = queries.consultation_again(consultation_id)
        about = facts(consultation, queries.tally(consultation.id), as_of, restricted=restricted)
        write_records(
            form,
            Path(file.name),
            records(consultation, restricted=restricted),
            codes=codes(consultation),
            facts=about,
            moment=as_of,
        )
    response = Response(_read(file), mimetype=media_type(form))
    response.content_length = Path(file.name).stat().st_size
    response.call_on_close(file.close)
    return response


def report_file(report: Report, name: str) -> Response:
    """One file of a report. Raises Missing, Unidentified, Forbidden."""
    file = next((file for file in report.files if file.name == name), None)
    if file is None:
        raise Missing
    actions.take_file(actor=actor(), report=report, name=name)
    stored = current_app.extensions["storage"].open(file.sha256)
    response = Response(_read(stored), mimetype=media_type(name))
    response.content_length = file.size
    response.set_etag(file.sha256)
    response.call_on_close(stored.close)
    return _attached(response, f"{report.consultation.slug}-report-{report.id}-{name}")


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _attached(response: Response, filename: str) -> Response:
    # Slugs and our own names are ASCII; the rest would need RFC 6266's other form.
    assert re.fullmatch(r"[\w.-]+", filename, re.ASCII)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
