"""When email is tried again, what may have arrived twice, and where email is sent from."""

import sqlalchemy as sa
from alembic import op

revision = "032_sending_again"
down_revision = "031_watching_the_scheduler"
branch_labels = None
depends_on = None

WAITING = "sent_at IS NULL AND failed_at IS NULL AND claimed_at IS NULL"
TAKEN_UP = "sent_at IS NULL AND failed_at IS NULL AND claimed_at IS NOT NULL"
UNSETTLED = "failed_at IS NOT NULL AND settled_at IS NULL"
UNANSWERED = "unanswered_at IS NOT NULL"


def upgrade() -> None:
    """Add the columns and the table; what went with no answer has failed, and goes no more."""
    op.drop_index("ix_message_waiting", table_name="message")
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("next_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("put_off_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("unanswered_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("settled_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("settled_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_message_settled_by_id_user", "user", ["settled_by_id"], ["id"])
    op.execute("UPDATE message SET next_at = created_at")
    op.execute(
        "UPDATE message SET failed_at = claimed_at, unanswered_at = claimed_at, "
        "failure = 'no answer', claimed_at = NULL "
        "WHERE sent_at IS NULL AND failed_at IS NULL AND claimed_at IS NOT NULL"
    )
    with op.batch_alter_table("message") as batch:
        batch.alter_column("next_at", existing_type=sa.DateTime(), nullable=False)
    _index("ix_message_waiting", ["next_at", "id"], WAITING)
    _index("ix_message_taken_up", ["claimed_at"], TAKEN_UP)
    _index("ix_message_unsettled", ["failed_at"], UNSETTLED)
    _index("ix_message_unanswered", ["unanswered_at"], UNANSWERED)
    op.create_table(
        "mail_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=True),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("held_because", sa.String(length=20), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_mail_place_is_the_only_row")),
        sa.PrimaryKeyConstraint("id", name="pk_mail_place"),
    )
    op.execute("INSERT INTO mail_place (id, place) VALUES (1, '')")


def downgrade() -> None:
    """Drop them; what is put off is then tried every minute again."""
    op.drop_table("mail_place")
    for name in ("waiting", "taken_up", "unsettled", "unanswered"):
        op.drop_index(f"ix_message_{name}", table_name="message")
    with op.batch_alter_table("message") as batch:
        batch.drop_constraint("fk_message_settled_by_id_user", type_="foreignkey")
        for name in ("next_at", "put_off_at", "unanswered_at", "settled_at", "settled_by_id"):
            batch.drop_column(name)
    _index("ix_message_waiting", ["attempts", "id"], WAITING)


def _index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "message", columns, sqlite_where=condition, postgresql_where=condition)
