"""Alembic's environment: one connection, one lock, every feature's tables."""

from __future__ import annotations

from importlib import import_module

from alembic import context
from sqlalchemy import create_engine, text

from consult.db import Base

for feature in ("accounts", "consultations", "submissions", "moderation", "aggregation"):
    import_module(f"consult.{feature}.models")
for module in ("outbox", "audit", "heartbeat", "web.idempotency"):
    import_module(f"consult.{module}")

# Any constant that nothing else in this database uses: two starting servers migrate one after the other.
MIGRATION_LOCK = 73_195


def run() -> None:
    """Upgrade within one transaction, so that a failed migration leaves nothing."""
    engine = create_engine(context.config.attributes["database_url"])
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
        with context.begin_transaction():
            connection.execute(text(f"select pg_advisory_xact_lock({MIGRATION_LOCK})"))
            context.run_migrations()
    engine.dispose()


run()
