"""Drafts, sealed versions, paragraphs, redactions, attachments, signatures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _create_submission()
    _create_contribution()
    _create_version()
    _create_paragraph()
    _create_redaction()
    _create_attachment()
    _create_signature()


def _create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("consultation_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("publication", sa.String(), server_default="public", nullable=False),
        sa.Column("next_publication", sa.String(), nullable=True),
        sa.Column("state", sa.String(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("amending", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("source", sa.String(), server_default="web", nullable=False),
        sa.Column("external_key", sa.String(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("edited_by", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "publication in ('public', 'anonymous', 'restricted')", name=op.f("ck_submission_publication")
        ),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'in_moderation', 'accepted', 'returned', 'rejected', "
            "'withdrawn')",
            name=op.f("ck_submission_state"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name="fk_submission_consultation_id"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_submission_created_by"),
        sa.ForeignKeyConstraint(["edited_by"], ["account.id"], name="fk_submission_edited_by"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_submission_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
    )
    op.create_index(
        "ix_submission_consultation_state", "submission", ["consultation_id", "state", "id"], unique=False
    )
    op.create_index("ix_submission_organisation_id", "submission", ["organisation_id", "id"], unique=False)
    op.create_index(
        "uq_submission_external_key",
        "submission",
        ["consultation_id", "external_key"],
        unique=True,
        postgresql_where=sa.text("external_key is not null"),
    )


def _create_contribution() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["thematic_area.id"], name="fk_contribution_area_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_contribution_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contribution"),
        sa.UniqueConstraint("submission_id", "area_id", name="uq_contribution_submission_id_area_id"),
    )


def _create_version() -> None:
    op.create_table(
        "version",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("canonical", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("text_fingerprint", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("filed_by", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_reason", sa.String(), nullable=True),
        sa.Column("outcome_message", sa.String(), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["filed_by"], ["account.id"], name="fk_version_filed_by"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_version_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_version"),
        sa.UniqueConstraint("submission_id", "number", name="uq_version_submission_id_number"),
    )
    op.create_index("ix_version_text_fingerprint", "version", ["text_fingerprint"], unique=False)


def _create_paragraph() -> None:
    op.create_table(
        "paragraph",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("disclosed_text", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("search", postgresql.TSVECTOR(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["thematic_area.id"], name="fk_paragraph_area_id"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_paragraph_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_paragraph"),
        sa.UniqueConstraint("version_id", "number", name="uq_paragraph_version_id_number"),
    )
    op.create_index("ix_paragraph_area_id", "paragraph", ["area_id"], unique=False)
    op.create_index("ix_paragraph_search", "paragraph", ["search"], unique=False, postgresql_using="gin")


def _create_redaction() -> None:
    op.create_table(
        "redaction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("paragraph_id", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint('start >= 0 and "end" > start', name=op.f("ck_redaction_span")),
        sa.ForeignKeyConstraint(["lifted_by"], ["account.id"], name="fk_redaction_lifted_by"),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name="fk_redaction_made_by"),
        sa.ForeignKeyConstraint(["paragraph_id"], ["paragraph.id"], name="fk_redaction_paragraph_id"),
        sa.PrimaryKeyConstraint("id", name="pk_redaction"),
    )
    op.create_index("ix_redaction_paragraph_id", "redaction", ["paragraph_id"], unique=False)


def _create_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("first_version", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name="fk_attachment_added_by"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_attachment_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_submission_id", "attachment", ["submission_id"], unique=False)


def _create_signature() -> None:
    op.create_table(
        "signature",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "invited_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name="fk_signature_confirmed_by"),
        sa.ForeignKeyConstraint(["invited_by"], ["account.id"], name="fk_signature_invited_by"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_signature_organisation_id"
        ),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_signature_submission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signature"),
        sa.UniqueConstraint(
            "submission_id", "organisation_id", name="uq_signature_submission_id_organisation_id"
        ),
    )
    op.create_index("ix_signature_organisation_id", "signature", ["organisation_id"], unique=False)
