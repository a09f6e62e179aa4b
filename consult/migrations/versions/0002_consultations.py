"""Calls for input, their areas and moved deadlines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _create_consultation()
    _create_thematic_area()
    _create_deadline_change()


def _create_consultation() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("mandate", sa.String(), server_default="", nullable=False),
        sa.Column("summary", sa.String(), server_default="", nullable=False),
        sa.Column("guidance", sa.String(), server_default="", nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("groups", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(), server_default="Europe/Zurich", nullable=False),
        sa.Column(
            "accepted_files", postgresql.ARRAY(sa.Text()), server_default="{pdf,docx,odt}", nullable=False
        ),
        sa.Column("max_file_mb", sa.Integer(), server_default="10", nullable=False),
        sa.Column("max_files", sa.Integer(), server_default="5", nullable=False),
        sa.Column("service_days", sa.Integer(), server_default="10", nullable=False),
        sa.Column("appeal_days", sa.Integer(), server_default="30", nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_consultation_slug")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_consultation_timetable")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_consultation_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_consultation"),
        sa.UniqueConstraint("slug", name="uq_consultation_slug"),
    )
    op.create_index("ix_consultation_published_at", "consultation", ["published_at"], unique=False)


def _create_thematic_area() -> None:
    op.create_table(
        "thematic_area",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("short_title", sa.String(), server_default="", nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("objectives", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False),
        sa.Column("questions", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("word_limit", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name="fk_thematic_area_consultation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_thematic_area"),
        sa.UniqueConstraint("consultation_id", "code", name="uq_thematic_area_consultation_id_code"),
    )


def _create_deadline_change() -> None:
    op.create_table(
        "deadline_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name="fk_deadline_change_changed_by"),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name="fk_deadline_change_consultation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deadline_change"),
    )
    op.create_index(
        "ix_deadline_change_consultation_id", "deadline_change", ["consultation_id"], unique=False
    )
