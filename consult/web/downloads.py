"""Kept files on their way down: streamed, named, and opened by no browser inside our pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from flask import Response, current_app, stream_with_context

from consult.errors import Missing
from consult.storage import CHUNK, Storage


class Kept(Protocol):
    """A file at rest (an Attachment): what a download needs to know of it."""

    @property
    def sha256(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...


def storage() -> Storage:
    return current_app.extensions["storage"]  # type: ignore[no-any-return]


def as_download(file: Kept) -> Response:
    """A kept file as a download that no browser will open inside our pages."""
    try:
        stream = storage().open(file.sha256)
    except FileNotFoundError as fault:
        raise Missing from fault

    def chunks() -> Iterator[bytes]:
        with stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    response = Response(stream_with_context(chunks()), mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.filename)
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
