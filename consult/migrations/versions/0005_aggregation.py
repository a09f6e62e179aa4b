"""Statements with their support, reports with their files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _create_statement()
    _create_support()
    _create_report()
    _create_report_file()


def _create_statement() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_quote", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["area_id"], ["thematic_area.id"], name="fk_statement_area_id"),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name="fk_statement_consultation_id"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name="fk_statement_written_by"),
        sa.PrimaryKeyConstraint("id", name="pk_statement"),
    )
    op.create_index(
        "ix_statement_area", "statement", ["consultation_id", "area_id", "position"], unique=False
    )


def _create_support() -> None:
    op.create_table(
        "support",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("paragraph_id", sa.BigInteger(), nullable=False),
        sa.Column("disclosed_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["paragraph_id"], ["paragraph.id"], name="fk_support_paragraph_id"),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name="fk_support_statement_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_support"),
        sa.UniqueConstraint("statement_id", "paragraph_id", name="uq_support_statement_id_paragraph_id"),
    )
    op.create_index("ix_support_paragraph_id", "support", ["paragraph_id"], unique=False)


def _create_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), server_default="queued", nullable=False),
        sa.Column("step", sa.String(), server_default="", nullable=False),
        sa.Column("progress", sa.Integer(), server_default="0", nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "requested_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("failure", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state in ('queued', 'building', 'ready', 'failed')", name=op.f("ck_report_state")
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name="fk_report_consultation_id"),
        sa.ForeignKeyConstraint(["requested_by"], ["account.id"], name="fk_report_requested_by"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
    )
    op.create_index("ix_report_consultation_id", "report", ["consultation_id"], unique=False)
    op.create_index(
        "uq_report_running",
        "report",
        ["consultation_id"],
        unique=True,
        postgresql_where=sa.text("state in ('queued', 'building')"),
    )


def _create_report_file() -> None:
    op.create_table(
        "report_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_report_file_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_file"),
        sa.UniqueConstraint("report_id", "name", name="uq_report_file_report_id_name"),
    )
