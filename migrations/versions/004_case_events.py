"""What happened to a case: rows that are added and never changed."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "004_case_events"
down_revision = "003_cases"
branch_labels = None
depends_on = None

APPEND_ONLY = {"case_event": ("id", "corrects_id"), "case_event_exception": ("event_id",)}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("oddity", sa.Text(), nullable=True),
        sa.Column("doubt", sa.String(length=30), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "corrects_id IS NULL OR corrects_id <> id", name="ck_case_event_corrects_another"
        ),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name="fk_case_event_adviser_id_adviser"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_case_event_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["case_event.id"], name="fk_case_event_corrects_id_case_event"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user.id"], name="fk_case_event_entered_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
        sa.UniqueConstraint("corrects_id", name="uq_case_event_corrects_id"),
    )
    op.create_index(
        "ix_case_event_case_id_happened_on", "case_event", ["case_id", "happened_on"], unique=False
    )
    op.create_table(
        "case_event_exception",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("regulation", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=2), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver_recorded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_case_event_exception_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_case_event_exception"),
    )
    for table, unique in APPEND_ONLY.items():
        for statement in protect(table, unique, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for table in APPEND_ONLY:
        for statement in unprotect(table, op.get_context().dialect.name):
            op.execute(statement)
    op.drop_table("case_event_exception")
    op.drop_table("case_event")
