"""Trackers brought in, and the headings they use."""

import sqlalchemy as sa
from alembic import op

revision = "007_trackers"
down_revision = "006_audit_trail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tracker_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tracker_mapping"),
        sa.UniqueConstraint("layout", name="uq_tracker_mapping_layout"),
    )
    op.create_table(
        "tracker_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=True),
        sa.Column("imported_at", sa.DateTime(), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user.id"], name="fk_tracker_upload_uploaded_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tracker_upload"),
        sa.UniqueConstraint("public_id", name="uq_tracker_upload_public_id"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("tracker_upload")
    op.drop_table("tracker_mapping")
