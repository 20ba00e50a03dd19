"""Two people who record one meeting's attendance cannot overwrite each other unseen."""

import sqlalchemy as sa
from alembic import op

revision = "015_attendance"
down_revision = "014_weeks_of_meetings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count the changes of each meeting's attendance."""
    op.add_column(
        "panel_meeting",
        sa.Column("attendance_version", sa.Integer(), nullable=False, server_default="1"),
    )


def downgrade() -> None:
    """Count them no more."""
    op.drop_column("panel_meeting", "attendance_version")
