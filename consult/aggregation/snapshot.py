"""One moment of the database, held still while files are written from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine

from consult import db

_FROZEN = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


@contextmanager
def snapshot() -> Iterator[datetime]:
    """Within the block `db.session` reads one moment, which is given, whatever others commit meanwhile.

    It is a session of its own: what the caller has begun stays open beside it. Nothing can be written in it.
    """
    if not isinstance(db.session.get_bind(), Engine):
        # Bound to one connection in one transaction, as tests are, there is no second one to hold still.
        with db.transaction():
            yield db.clock()
        return
    with apart():
        db.session.connection(execution_options=_FROZEN)
        yield db.clock()


@contextmanager
def apart() -> Iterator[None]:
    """A second session in this thread, and the first one back afterwards."""
    held = db.session.registry()
    db.session.registry.clear()
    try:
        yield
    finally:
        db.session.remove()
        db.session.registry.set(held)
