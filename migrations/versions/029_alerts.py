"""Alerts of limits, who wants none of a case, who is away; and email as a page beside its text."""

import sqlalchemy as sa
from alembic import op

revision = "029_alerts"
down_revision = "028_register_of_settings"
branch_labels = None
depends_on = None

#: In the order in which they are made.
TABLES = ("alert", "quiet", "absence")


def upgrade() -> None:
    """Make the tables, and the column."""
    op.add_column("message", sa.Column("html", sa.Text(), nullable=True))
    _make_alerts()
    _make_quiet()
    _make_absences()


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("message", "html")


def _make_alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=30), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(length=20), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("queued_on", sa.Date(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("in_place_of_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("dropped_because", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "message_id IS NULL OR dropped_because IS NULL", name="ck_alert_is_told_or_dropped"
        ),
        sa.CheckConstraint("way IN ('digest', 'single', 'summed')", name="ck_alert_way_is_known"),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_alert_case_id_ehc_case"),
        sa.ForeignKeyConstraint(
            ["in_place_of_id"], ["user.id"], name="fk_alert_in_place_of_id_user"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_alert_message_id_message"),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_alert_reader_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.UniqueConstraint(
            *("case_id", "clock", "duty", "due_on", "rung", "reader_id"),
            name="uq_alert_case_id_clock_duty_due_on_rung_reader_id",
        ),
    )
    untold = sa.text("message_id IS NULL AND dropped_because IS NULL")
    op.create_index(
        "ix_alert_untold", "alert", ["reader_id"], sqlite_where=untold, postgresql_where=untold
    )
    op.create_index("ix_alert_message_id", "alert", ["message_id"])


def _make_quiet() -> None:
    op.create_table(
        "quiet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_quiet_case_id_ehc_case"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_quiet_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_quiet"),
    )
    op.create_index("ix_quiet_case_id", "quiet", ["case_id"])
    in_force = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_quiet_in_force",
        "quiet",
        ["user_id", "case_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def _make_absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("user_id <> cover_id", name="ck_absence_is_covered_by_another"),
        sa.CheckConstraint(
            "until_day IS NULL OR until_day >= from_day", name="ck_absence_ends_after_it_begins"
        ),
        sa.ForeignKeyConstraint(["cover_id"], ["user.id"], name="fk_absence_cover_id_user"),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user.id"], name="fk_absence_entered_by_id_user"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_absence_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_user_id", "absence", ["user_id"])
    op.create_index("ix_absence_cover_id", "absence", ["cover_id"])
