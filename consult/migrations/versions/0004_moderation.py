"""Campaigns, cases, findings, decisions, appeals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _create_campaign()
    _create_moderation_case()
    _create_finding()
    _create_decision()
    _create_appeal()


def _create_campaign() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("called_by", sa.BigInteger(), nullable=False),
        sa.Column(
            "called_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["called_by"], ["account.id"], name="fk_campaign_called_by"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name="fk_campaign_consultation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
    )
    op.create_index("ix_campaign_consultation_id", "campaign", ["consultation_id"], unique=False)


def _create_moderation_case() -> None:
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("readers", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("stage", sa.String(), server_default="first", nullable=False),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("fair_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "stage in ('first', 'second', 'escalated', 'appeal', 'decided', 'closed')",
            name=op.f("ck_moderation_case_stage"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_moderation_case_campaign_id"),
        sa.ForeignKeyConstraint(["claimed_by"], ["account.id"], name="fk_moderation_case_claimed_by"),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name="fk_moderation_case_consultation_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_moderation_case_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_moderation_case_submission_id"
        ),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_moderation_case_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_case"),
        sa.UniqueConstraint("version_id", name="uq_moderation_case_version_id"),
    )
    op.create_index(
        "ix_case_claimed_by",
        "moderation_case",
        ["claimed_by"],
        unique=False,
        postgresql_where=sa.text(
            "claimed_by is not null and stage in ('appeal', 'escalated', 'first', 'second')"
        ),
    )
    op.create_index(
        "ix_case_consultation", "moderation_case", ["consultation_id", "stage", "fair_at"], unique=False
    )
    op.create_index(
        "ix_case_decided",
        "moderation_case",
        ["decided_at", "id"],
        unique=False,
        postgresql_where=sa.text("stage = 'decided'"),
    )
    op.create_index(
        "ix_case_next",
        "moderation_case",
        ["fair_at", "id"],
        unique=False,
        postgresql_where=sa.text("stage = 'first'"),
    )
    op.create_index(
        "ix_case_next_senior",
        "moderation_case",
        ["fair_at", "id"],
        unique=False,
        postgresql_where=sa.text("stage in ('appeal', 'escalated', 'first', 'second')"),
    )
    op.create_index("ix_moderation_case_campaign_id", "moderation_case", ["campaign_id"], unique=False)
    op.create_index("ix_moderation_case_submission_id", "moderation_case", ["submission_id"], unique=False)


def _create_finding() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name="fk_finding_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
    )
    op.create_index("ix_finding_case", "finding", ["case_id"], unique=False)
    op.create_index("ix_finding_kind", "finding", ["kind", "case_id"], unique=False)


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("message", sa.String(), server_default="", nullable=False),
        sa.Column("internal_note", sa.String(), server_default="", nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=False),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "reason in ('late', 'too_long', 'language', 'off_topic', 'refugee_matter', 'unidentified', "
            "'annexed_report', 'abusive', 'personal_data', 'duplicate', 'other')",
            name=op.f("ck_decision_reason"),
        ),
        sa.CheckConstraint(
            "verdict in ('accept', 'return', 'reject', 'escalate')", name=op.f("ck_decision_verdict")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name="fk_decision_case_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name="fk_decision_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_case_id", "decision", ["case_id"], unique=False)
    op.create_index("ix_decision_decided_by", "decision", ["decided_by"], unique=False)


def _create_appeal() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["moderation_case.id"], name="fk_appeal_case_id"),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name="fk_appeal_made_by"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_appeal_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.UniqueConstraint("case_id", name="uq_appeal_case_id"),
    )
    op.create_index("ix_appeal_submission_id", "appeal", ["submission_id"], unique=False)
