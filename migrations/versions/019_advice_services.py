"""Who gives advice: providers, services, whom to write to; which service an account is of."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "019_advice_services"
down_revision = "018_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and a service for each kind of service that an account was of."""
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ods_code", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_provider"),
        sa.UniqueConstraint("name", name="uq_provider_name"),
        sa.UniqueConstraint("ods_code", name="uq_provider_ods_code"),
        sa.UniqueConstraint("public_id", name="uq_provider_public_id"),
    )
    op.create_table(
        "advice_service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("setting_id", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "replaced_by_id IS NULL OR replaced_by_id <> id",
            name=op.f("ck_advice_service_replaced_by_other"),
        ),
        sa.CheckConstraint(
            "until_day IS NULL OR until_day >= from_day",
            name=op.f("ck_advice_service_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name="fk_advice_service_provider_id_provider"
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["advice_service.id"],
            name="fk_advice_service_replaced_by_id_advice_service",
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name="fk_advice_service_setting_id_setting"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_advice_service"),
        sa.UniqueConstraint("name", name="uq_advice_service_name"),
        sa.UniqueConstraint("public_id", name="uq_advice_service_public_id"),
        sa.UniqueConstraint("setting_id", name="uq_advice_service_setting_id"),
    )
    op.create_index("ix_advice_service_kind", "advice_service", ["kind"])
    op.create_index("ix_advice_service_provider_id", "advice_service", ["provider_id"])
    op.create_table(
        "service_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "part IN ('mailbox', 'escalation', 'cover')",
            name=op.f("ck_service_contact_part_is_known"),
        ),
        sa.CheckConstraint(
            "until_day IS NULL OR until_day >= from_day",
            name=op.f("ck_service_contact_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["advice_service.id"],
            name="fk_service_contact_service_id_advice_service",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service_contact"),
        sa.UniqueConstraint("public_id", name="uq_service_contact_public_id"),
    )
    op.create_index("ix_service_contact_service_id", "service_contact", ["service_id"])
    # In plain SQL: remaking a table on SQLite would lose the keys that point at it.
    for table in ("adviser", "user"):
        op.execute(
            f'ALTER TABLE "{table}" ADD COLUMN advice_service_id INTEGER '
            f"CONSTRAINT fk_{table}_advice_service_id_advice_service REFERENCES advice_service (id)"
        )
    op.add_column("adviser", sa.Column("asks", sa.Text(), nullable=True))
    op.create_index("ix_adviser_advice_service_id", "adviser", ["advice_service_id"])
    _make_services_of_accounts()
    op.execute('ALTER TABLE "user" DROP COLUMN service')


def downgrade() -> None:
    """Let accounts be of a kind of service again, and drop the tables."""
    op.execute('ALTER TABLE "user" ADD COLUMN service VARCHAR(40)')
    op.execute(
        'UPDATE "user" SET service = (SELECT kind FROM advice_service '
        'WHERE advice_service.id = "user".advice_service_id)'
    )
    op.drop_index("ix_adviser_advice_service_id", table_name="adviser")
    _drop("adviser", "asks")
    for table in ("adviser", "user"):
        _drop_key(table)
    for table in ("service_contact", "advice_service", "provider"):
        op.drop_table(table)


def _make_services_of_accounts() -> None:
    """An account was of a kind of service: it becomes one service of that kind, which was asked."""
    bind = op.get_bind()
    kinds = bind.scalars(sa.text('SELECT DISTINCT service FROM "user" WHERE service IS NOT NULL'))
    kinds = sorted(kinds)
    if not kinds:
        return
    provider = {"public_id": secrets.token_urlsafe(16), "name": "Provider not recorded"}
    bind.execute(
        sa.text("INSERT INTO provider (public_id, name, version) VALUES (:public_id, :name, 1)"),
        provider,
    )
    for kind in kinds:
        bind.execute(
            sa.text(
                "INSERT INTO advice_service "
                "(public_id, name, kind, provider_id, from_day, version) "
                "SELECT :public_id, :name, :kind, id, '2014-09-01', 1 FROM provider"
            ),
            {
                "public_id": secrets.token_urlsafe(16),
                "name": kind.replace("_", " ").capitalize(),
                "kind": kind,
            },
        )
    for table in ("adviser", "user"):
        op.execute(
            f'UPDATE "{table}" SET advice_service_id = (SELECT id FROM advice_service '  # noqa: S608 (names are ours)
            f'WHERE kind = "{table}".service) WHERE service IS NOT NULL'
        )


def _drop(table: str, column: str) -> None:
    op.execute(f'ALTER TABLE "{table}" DROP COLUMN {column}')


def _drop_key(table: str) -> None:
    if op.get_context().dialect.name == "sqlite":
        # A column with a key of its own cannot be dropped there, and nothing else reads the table.
        with op.batch_alter_table(table) as batch:
            batch.drop_column("advice_service_id")
    else:
        _drop(table, "advice_service_id")
