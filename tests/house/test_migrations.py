"""The schema that migrations build is the schema that the models describe."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import CheckConstraint, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from consult.db import Base, constraint_problems


@pytest.fixture
def found(application: Flask, test_engine: Engine) -> Any:
    with test_engine.connect() as connection:
        yield connection


def test_migrations_build_what_the_models_describe(found: Any) -> None:
    context = MigrationContext.configure(
        found, opts={"compare_type": True, "compare_server_default": False, "target_metadata": Base.metadata}
    )
    assert compare_metadata(context, Base.metadata) == []


def test_check_constraints_too(found: Any) -> None:
    """Alembic does not compare these."""
    inspector, missing = inspect(found), []
    for table in Base.metadata.sorted_tables:
        named = {constraint["name"] for constraint in inspector.get_check_constraints(table.name)}
        wanted = {
            str(constraint.name)
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint)
        }
        missing += sorted(f"{table.name}: {name}" for name in wanted - named)
        missing += sorted(f"{table.name}: {name} is not in the models" for name in named - wanted)
    assert missing == []


def test_every_friendly_refusal_names_a_constraint(found: Any) -> None:
    rows = found.execute(
        text(
            "select conname from pg_constraint where connamespace = 'public'::regnamespace"
            " union select indexname from pg_indexes where schemaname = 'public'"
        )
    )
    assert set(constraint_problems) - {name for (name,) in rows} == set()


def test_names_are_given_by_us_and_fit(found: Any) -> None:
    """PostgreSQL cuts names at 63 bytes: two long ones would become one."""
    names = [
        str(part.name)
        for table in Base.metadata.sorted_tables
        for part in [*table.constraints, *table.indexes]
    ]
    assert [name for name in names if name in ("None", "") or len(name.encode()) > 63] == []


@pytest.mark.parametrize("statement", ["update audit_entry set act = ''", "delete from audit_entry"])
def test_the_record_cannot_be_changed(found: Any, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        found.execute(text(statement))
