"""Which week's regular meeting a meeting is, so that no week is given two."""

import sqlalchemy as sa
from alembic import op

revision = "014_weeks_of_meetings"
down_revision = "013_messages"
branch_labels = None
depends_on = None

INDEX = "uq_panel_meeting_panel_id_week"


def upgrade() -> None:
    """Add the column; meetings that are there already count as added by hand."""
    op.add_column("panel_meeting", sa.Column("week", sa.Date(), nullable=True))
    op.create_index(INDEX, "panel_meeting", ["panel_id", "week"], unique=True)


def downgrade() -> None:
    """Take the column away."""
    op.drop_index(INDEX, "panel_meeting")
    op.drop_column("panel_meeting", "week")
