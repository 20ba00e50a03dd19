"""Find what happened to one request for advice without reading the whole case."""

import sqlalchemy as sa
from alembic import op

revision = "022_events_of_advisers"
down_revision = "021_messages_to_services"
branch_labels = None
depends_on = None

NAME = "ix_case_event_of_adviser"


def upgrade() -> None:
    """Add the index."""
    of_adviser = sa.text("adviser_id IS NOT NULL")
    op.create_index(
        NAME,
        "case_event",
        ["adviser_id", "kind", "happened_on"],
        sqlite_where=of_adviser,
        postgresql_where=of_adviser,
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index(NAME, table_name="case_event")
