"""Idempotency-Key: the same key and body get the same answer; the same key with another body is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, current_app, request
from sqlalchemy import ForeignKey, Index, Table, UniqueConstraint, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Identified, session
from consult.errors import Invalid
from consult.web.identity import actor

View = TypeVar("View", bound=Callable[..., Any])
REPEATED = ("Location", "ETag")


class IdempotencyKey(Identified, Base):
    """A key that was used, what was asked under it, and the answer; removed after a week."""

    __tablename__ = "idempotency_key"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str]
    asked: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[str | None]
    headers: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index("ix_idempotency_key_created_at", "created_at"),
    )


# Rows, not objects: both statements are part of every filing.
_KEYS = cast(Table, IdempotencyKey.__table__)
_CLAIMING = insert(_KEYS).on_conflict_do_nothing().returning(_KEYS.c.id)


def idempotent(view: View) -> View:
    """Honour `Idempotency-Key` on a POST that creates.

    The key's row is written in the transaction of the act itself: a second request with the same key waits
    for the first to commit, then repeats its answer. An act that was refused leaves no row. It stands above
    `@blueprint.response`, which makes an answer of what the view returns: only an answer can be kept.
    """
    if "response" not in getattr(view, "_apidoc", {}):
        raise TypeError(f"@idempotent belongs above @blueprint.response: {view.__name__}")

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key, who = request.headers.get("Idempotency-Key"), actor().account_id
        if key is None or who is None:
            return view(*args, **kwargs)
        if not 1 <= len(key) <= 200 or not key.isprintable():
            raise Invalid(fields={"Idempotency-Key": ["Give 1 to 200 printable characters."]})
        asked = _asked()
        claimed = (
            session.connection()
            .execute(_CLAIMING, {"account_id": who, "key": key, "asked": asked})
            .scalar_one_or_none()
        )
        if claimed is None:
            return _answer_again(who, key, asked)
        response = current_app.make_response(view(*args, **kwargs))
        if response.status_code < 400:
            _remember(claimed, response)
        return response

    return once  # type: ignore[return-value]


def _asked() -> str:
    """A hash of method, path and body; JSON that differs in spacing only is the same body."""
    if request.mimetype == "multipart/form-data":
        # Reading the raw body first would leave no files to parse.
        body = b"".join(sorted(_file_hash(file) for file in request.files.values()))
        body += json.dumps(request.form.to_dict(flat=False), sort_keys=True).encode()
    else:
        body = request.get_data(cache=True)
    if request.is_json:
        with suppress(ValueError):
            body = json.dumps(json.loads(body), sort_keys=True).encode()
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).hexdigest()


def _file_hash(file: Any) -> bytes:
    """Hash an uploaded file and rewind it: its multipart boundary differs from try to try."""
    digest = hashlib.file_digest(file.stream, "sha256").digest()
    file.stream.seek(0)
    return digest


def _remember(row_id: int, response: Response) -> None:
    answer = {
        "status": response.status_code,
        "body": response.get_data(as_text=True),
        "headers": {name: response.headers[name] for name in REPEATED if name in response.headers},
    }
    session.connection().execute(update(_KEYS).where(_KEYS.c.id == row_id).values(answer))


def _answer_again(who: int, key: str, asked: str) -> Response:
    row = session.scalars(
        select(IdempotencyKey).where(IdempotencyKey.account_id == who, IdempotencyKey.key == key)
    ).one()
    if row.asked != asked:
        raise Invalid(
            "This Idempotency-Key was used for another request.",
            fields={"Idempotency-Key": ["Used before with another body."]},
        )
    response = Response(row.body or "", row.status or 200, mimetype="application/json")
    response.headers.update({**row.headers, "Idempotent-Replayed": "true"})
    return response


def forget_old_keys() -> int:
    """Remove keys older than a week; returns how many."""
    old = delete(IdempotencyKey).where(IdempotencyKey.created_at < func.now() - text("interval '7 days'"))
    return session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]
