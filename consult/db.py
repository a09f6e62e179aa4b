"""Engine, session and the only commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    Enum,
    Identity,
    MetaData,
    Select,
    create_engine,
    func,
    select,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSONB, REGCLASS
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker

from consult.errors import Conflict, Problem

# Constraint names are part of the design: a lost race is told from them (see `constraint_problems`).
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table: a bigint identity, times with zone, JSON as JSONB."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        StrEnum: Enum(
            StrEnum, native_enum=False, length=None, values_callable=lambda words: [str(w) for w in words]
        ),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        int: BigInteger,
    }


class Identified:
    """Mixin: the row's number."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, sort_order=-1)


session: scoped_session[Session] = scoped_session(sessionmaker(expire_on_commit=False))

# Filled by features beside the constraint: name -> the Problem a person would have met a moment earlier.
constraint_problems: dict[str, Problem] = {}


def configure(database_url: str, *, pool_size: int = 8) -> Engine:
    """Bind the session to a database. Returns the engine.

    `pool_pre_ping` costs one round trip per check-out; a failed-over database is told by an error instead,
    and the pool is then emptied by SQLAlchemy itself.
    """
    engine = create_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=4,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s"},
    )
    session.remove()
    session.configure(bind=engine)
    return engine


def engine() -> Engine:
    """The engine in use; a streamed export opens its own connection on it."""
    bound = session.get_bind()
    assert isinstance(bound, Engine)
    return bound


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: commit at the end, roll back on any error. The only commit in the house.

    Raises Conflict (or the Problem a feature named) when a constraint caught a lost race.
    """
    try:
        yield session()
        session.commit()
    except IntegrityError as fault:
        session.rollback()
        raise lost_race(fault) from fault
    except BaseException:
        session.rollback()
        raise


def forget() -> None:
    """Give the connection back at the end of a request or job."""
    session.remove()


def lost_race(fault: IntegrityError) -> Problem:
    """The friendly Problem behind a violated constraint."""
    name = getattr(getattr(fault.orig, "diag", None), "constraint_name", None) or ""
    known = constraint_problems.get(name)
    if known is None:
        return Conflict(f"Refused by the database ({name or 'constraint'}).")
    # A new one each time: an exception that is raised again keeps every earlier traceback alive.
    return type(known)(known.detail, fields=known.fields, **known.extra)


_another_moment: ContextVar[datetime | None] = ContextVar("another_moment", default=None)


def clock() -> datetime:
    """The server's clock now, not at the start of the transaction: what lateness is judged by."""
    return _another_moment.get() or session.connection().execute(select(func.clock_timestamp())).scalar_one()


def numbered(row: type[Identified]) -> tuple[int, datetime]:
    """The number that a new row of this kind is to bear, and the server's clock as it was given.

    One question for both: nobody can be numbered after another and be timed before. A row that knows its
    number beforehand needs no flush before others speak of it.
    """
    # On the connection itself: what waits in the session is not to be written for this.
    found, now = session.connection().execute(_numbering(row.__tablename__)).one()  # type: ignore[attr-defined]
    return found, _another_moment.get() or now


@cache
def _numbering(table: str) -> Select[int, datetime]:
    sequence = sql_cast(func.pg_get_serial_sequence(table, "id"), REGCLASS)
    return select(func.nextval(sequence), func.clock_timestamp())


def told_moment() -> datetime | None:
    """The moment that `at` tells of; None in real life."""
    return _another_moment.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block things happen at `moment`: how the demonstration tells a story that has a past."""
    token = _another_moment.set(moment)
    try:
        yield
    finally:
        _another_moment.reset(token)


def migrate(database_url: str, revision: str = "head") -> None:
    """Bring the schema to a revision; concurrent callers wait for one another (advisory lock)."""
    # No process that serves people keeps these ten megabytes.
    from alembic import command
    from alembic.config import Config as AlembicConfig

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.attributes["database_url"] = database_url
    command.upgrade(settings, revision)
