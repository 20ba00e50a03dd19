"""Email that waits to be sent, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "013_messages"
down_revision = "012_decisions"
branch_labels = None
depends_on = None

WAITING = sa.text("sent_at IS NULL AND failed_at IS NULL AND claimed_at IS NULL")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("failed_at", sa.DateTime(), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "sent_at IS NULL OR failed_at IS NULL", name=op.f("ck_message_is_sent_or_failed")
        ),
        sa.ForeignKeyConstraint(["to_user_id"], ["user.id"], name="fk_message_to_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("about", "to_user_id", name="uq_message_about_to_user_id"),
        sa.UniqueConstraint("public_id", name="uq_message_public_id"),
    )
    op.create_index("ix_message_to_user_id", "message", ["to_user_id"])
    op.create_index(
        "ix_message_waiting",
        "message",
        ["attempts", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("message")
