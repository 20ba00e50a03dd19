"""Email to a service's mailbox, or to whoever answers for it, as well as to accounts."""

import sqlalchemy as sa
from alembic import op

revision = "021_messages_to_services"
down_revision = "020_advice"
branch_labels = None
depends_on = None

WAITING = sa.text("sent_at IS NULL AND failed_at IS NULL AND claimed_at IS NULL")
ONE_OF_THE_TWO = "(to_user_id IS NULL) <> (to_contact_id IS NULL)"


def upgrade() -> None:
    """Let a message be to a contact of a service instead of to an account."""
    op.drop_index("ix_message_waiting", table_name="message")
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("to_contact_id", sa.Integer(), nullable=True))
        batch.alter_column("to_user_id", existing_type=sa.Integer(), nullable=True)
        batch.create_foreign_key(
            "fk_message_to_contact_id_service_contact",
            "service_contact",
            ["to_contact_id"],
            ["id"],
        )
        batch.create_unique_constraint("uq_message_about_to_contact_id", ["about", "to_contact_id"])
        batch.create_check_constraint(op.f("ck_message_is_to_one_of_the_two"), ONE_OF_THE_TWO)
    op.create_index("ix_message_to_contact_id", "message", ["to_contact_id"])
    _index_what_waits()


def downgrade() -> None:
    """Drop what was to a contact, and the column."""
    op.execute("DELETE FROM message WHERE to_user_id IS NULL")
    op.drop_index("ix_message_to_contact_id", table_name="message")
    op.drop_index("ix_message_waiting", table_name="message")
    with op.batch_alter_table("message") as batch:
        batch.drop_constraint(op.f("ck_message_is_to_one_of_the_two"), type_="check")
        batch.drop_constraint("uq_message_about_to_contact_id", type_="unique")
        batch.drop_constraint("fk_message_to_contact_id_service_contact", type_="foreignkey")
        batch.drop_column("to_contact_id")
        batch.alter_column("to_user_id", existing_type=sa.Integer(), nullable=False)
    _index_what_waits()


def _index_what_waits() -> None:
    op.create_index(
        "ix_message_waiting",
        "message",
        ["attempts", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
