"""What the sweep looks for: the limits that run, by their day, and what is dated after a day."""

from alembic import op
from sqlalchemy import text

revision = "033_sweep"
down_revision = "032_sending_again"
branch_labels = None
depends_on = None

RUNNING = text("met_on IS NULL AND closed_on IS NULL AND lifted_by IS NULL")


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_case_event_happened_on", "case_event", ["happened_on"])
    op.create_index(
        "ix_deadline_running",
        "deadline",
        ["due_on"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_deadline_running", "deadline")
    op.drop_index("ix_case_event_happened_on", "case_event")
