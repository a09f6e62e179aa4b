"""Foundations."""

from alembic import op

from consult.db import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())
    op.execute(
        """
        create function refuse_change() returns trigger language plpgsql as $$
        begin raise exception 'the audit record is append-only'; end $$
        """
    )
    op.execute(
        """
        create trigger append_only before update or delete or truncate on audit_entry
        for each statement execute function refuse_change()
        """
    )
