"""An exception has a second person, and an end."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "026_steps_of_exceptions"
down_revision = "025_letters"
branch_labels = None
depends_on = None

APPEND_ONLY = {"exception_step": ("event_id",)}
#: In the order in which they are made.
TABLES = ("exception_step",)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "exception_step",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_exception_step_event_id_case_event"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["case_event.id"], name="fk_exception_step_proposal_id_case_event"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_exception_step"),
    )
    op.create_index("ix_exception_step_proposal_id", "exception_step", ["proposal_id"])
    for table, unique in APPEND_ONLY.items():
        for statement in protect(table, unique, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in APPEND_ONLY:
        for statement in unprotect(table, op.get_context().dialect.name):
            op.execute(statement)
    for table in reversed(TABLES):
        op.drop_table(table)
