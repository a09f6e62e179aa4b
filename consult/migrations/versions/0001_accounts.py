"""People, organisations, memberships and tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_account()
    _create_organisation()
    _create_organisation_identifier()
    _create_membership()
    _create_api_token()
    _create_idempotency_key()


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("role", sa.String(), server_default="contributor", nullable=False),
        sa.Column("language", sa.String(), server_default="en", nullable=False),
        sa.Column("session_epoch", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_index("uq_account_email", "account", [sa.literal_column("lower(email)")], unique=True)


def _create_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("acronym", sa.String(), server_default="", nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("accreditation", sa.String(), server_default="none", nullable=False),
        sa.Column("ecosoc_status", sa.String(), nullable=True),
        sa.Column("website", sa.String(), server_default="", nullable=False),
        sa.Column("name_key", sa.String(), server_default="", nullable=False),
        sa.Column("site", sa.String(), server_default="", nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("state", sa.String(), server_default="pending", nullable=False),
        sa.Column("state_reason", sa.String(), server_default="", nullable=False),
        sa.Column("registered_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "registered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("judged_by", sa.BigInteger(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("country ~ '^[A-Z]{3}$'", name=op.f("ck_organisation_country")),
        sa.CheckConstraint(
            "ecosoc_status is null or accreditation = 'ecosoc'", name=op.f("ck_organisation_ecosoc")
        ),
        sa.CheckConstraint(
            "stakeholder_group in ('migrants', 'civil_society', 'migrant_diaspora_orgs', 'faith_based', "
            "'local_authorities', 'private_sector', 'trade_unions', 'parliamentarians', 'nhri', "
            "'red_cross_red_crescent', 'academia', 'media', 'other')",
            name=op.f("ck_organisation_group"),
        ),
        sa.ForeignKeyConstraint(["judged_by"], ["account.id"], name="fk_organisation_judged_by"),
        sa.ForeignKeyConstraint(["registered_by"], ["account.id"], name="fk_organisation_registered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
    )
    op.create_index("ix_organisation_name_key", "organisation", ["name_key"], unique=False)
    op.create_index(
        "ix_organisation_site", "organisation", ["site"], unique=False, postgresql_where=sa.text("site <> ''")
    )
    op.create_index("ix_organisation_state", "organisation", ["state"], unique=False)
    op.create_index(
        "uq_organisation_name_country",
        "organisation",
        [sa.literal_column("lower(name)"), "country"],
        unique=True,
        postgresql_where=sa.text("state <> 'declined'"),
    )


def _create_organisation_identifier() -> None:
    op.create_table(
        "organisation_identifier",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("is_live", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "scheme in ('icso', 'ror', 'lei', 'national')", name=op.f("ck_organisation_identifier_scheme")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_organisation_identifier_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_identifier"),
    )
    op.create_index(
        "ix_organisation_identifier_organisation_id",
        "organisation_identifier",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_organisation_identifier_scheme_value",
        "organisation_identifier",
        ["scheme", "value"],
        unique=True,
        postgresql_where=sa.text("is_live"),
    )


def _create_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), server_default="requested", nullable=False),
        sa.Column("is_focal_point", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state_reason", sa.String(), server_default="", nullable=False),
        sa.Column(
            "requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("judged_by", sa.BigInteger(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_membership_account_id"),
        sa.ForeignKeyConstraint(["judged_by"], ["account.id"], name="fk_membership_judged_by"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_membership_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
    )
    op.create_index("ix_membership_organisation_id", "membership", ["organisation_id"], unique=False)
    op.create_index(
        "uq_membership_live",
        "membership",
        ["account_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("state in ('requested', 'approved')"),
    )


def _create_api_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_api_token_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
    )
    op.create_index("ix_api_token_account_id", "api_token", ["account_id"], unique=False)


def _create_idempotency_key() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_idempotency_key_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_key"),
        sa.UniqueConstraint("account_id", "key", name="uq_idempotency_key_account_id_key"),
    )
    op.create_index("ix_idempotency_key_created_at", "idempotency_key", ["created_at"], unique=False)
