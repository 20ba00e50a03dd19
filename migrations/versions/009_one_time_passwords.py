"""Passwords drawn for a person, good for one sign-in and not for long."""

import sqlalchemy as sa
from alembic import op

revision = "009_one_time_passwords"
down_revision = "008_job_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("user") as user:
        user.add_column(sa.Column("one_time_until", sa.DateTime(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("user") as user:
        user.drop_column("one_time_until")
