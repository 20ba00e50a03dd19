"""The audit trail, which only grows."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "006_audit_trail"
down_revision = "005_deadlines"
branch_labels = None
depends_on = None

APPEND_ONLY = {"audit_entry": ("id", "hash")}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=60), nullable=True),
        sa.Column("detail_digest", sa.String(length=64), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name="fk_audit_entry_actor_id_user"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_audit_entry_case_id_ehc_case"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("hash", name="uq_audit_entry_hash"),
    )
    op.create_index("ix_audit_entry_actor_id_id", "audit_entry", ["actor_id", "id"], unique=False)
    op.create_index("ix_audit_entry_case_id_id", "audit_entry", ["case_id", "id"], unique=False)
    op.create_table(
        "change_detail",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name="fk_change_detail_entry_id_audit_entry"
        ),
        sa.PrimaryKeyConstraint("entry_id", name="pk_change_detail"),
    )
    for table, unique in APPEND_ONLY.items():
        for statement in protect(table, unique, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for table in APPEND_ONLY:
        for statement in unprotect(table, op.get_context().dialect.name):
            op.execute(statement)
    op.drop_table("change_detail")
    op.drop_table("audit_entry")
