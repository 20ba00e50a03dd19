"""Deadlines, the projection that lists and figures read."""

import sqlalchemy as sa
from alembic import op

revision = "005_deadlines"
down_revision = "004_case_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=30), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=True),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("act_by", sa.Date(), nullable=True),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_as", sa.String(length=20), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name="fk_deadline_adviser_id_adviser"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_deadline_case_id_ehc_case"),
        sa.PrimaryKeyConstraint("id", name="pk_deadline"),
        sa.UniqueConstraint("case_id", "clock", "duty", name="uq_deadline_case_id_clock_duty"),
    )
    op.create_index("ix_deadline_duty_due_on", "deadline", ["duty", "due_on"], unique=False)
    op.create_index("ix_deadline_duty_met_on", "deadline", ["duty", "met_on"], unique=False)
    op.create_index("ix_deadline_duty_started_on", "deadline", ["duty", "started_on"], unique=False)
    op.create_index(
        "ix_deadline_owed",
        "deadline",
        ["duty", "due_on"],
        unique=False,
        sqlite_where=sa.text("met_on IS NULL AND closed_on IS NULL"),
        postgresql_where=sa.text("met_on IS NULL AND closed_on IS NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("deadline")
