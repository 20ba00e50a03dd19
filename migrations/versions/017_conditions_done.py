"""Which conditions of decisions were met, and when: rows that only grow."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "017_conditions_done"
down_revision = "016_documents"
branch_labels = None
depends_on = None

TABLE, UNIQUE = "condition_done", ("id",)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("condition_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["decision_condition.id"],
            name="fk_condition_done_condition_id_decision_condition",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name="fk_condition_done_recorded_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_condition_done"),
    )
    op.create_index("ix_condition_done_condition_id", TABLE, ["condition_id"])
    for statement in protect(TABLE, UNIQUE, op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Drop it."""
    for statement in unprotect(TABLE, op.get_context().dialect.name):
        op.execute(statement)
    op.drop_table(TABLE)
