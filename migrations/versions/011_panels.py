"""Panels, who sits on them, their meetings and agendas; declared interests."""

import sqlalchemy as sa
from alembic import op

revision = "011_panels"
down_revision = "010_indexes_for_lists"
branch_labels = None
depends_on = None

TABLES = (
    *("panel", "panel_agency_needed", "panel_member", "panel_phrase"),
    *("panel_meeting", "agenda_item", "attendance", "interest"),
)
NOT_CANCELLED = sa.text("cancelled_at IS NULL")
NOT_REMOVED = sa.text("removed_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("questions", sa.String(length=100), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
        sa.Column("delegation", sa.Text(), nullable=False),
        sa.Column("least_present", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("minutes_per_case", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("on_bank_holiday", sa.String(length=10), nullable=False),
        sa.Column("papers_days", sa.Integer(), nullable=False),
        sa.Column("papers_at", sa.Time(), nullable=False),
        sa.Column("circulate_days", sa.Integer(), nullable=False),
        sa.Column("circulate_at", sa.Time(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_panel"),
        sa.UniqueConstraint("name", name="uq_panel_name"),
        sa.UniqueConstraint("public_id", name="uq_panel_public_id"),
    )
    op.create_table(
        "panel_agency_needed",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"], ["panel.id"], name="fk_panel_agency_needed_panel_id_panel"
        ),
        sa.PrimaryKeyConstraint("panel_id", "agency", name="pk_panel_agency_needed"),
    )
    op.create_table(
        "panel_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=20), nullable=False),
        sa.Column("position", sa.String(length=10), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="fk_panel_member_panel_id_panel"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_panel_member_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_panel_member"),
        sa.UniqueConstraint("public_id", name="uq_panel_member_public_id"),
    )
    op.create_index("ix_panel_member_panel_id", "panel_member", ["panel_id"])
    op.create_index("ix_panel_member_user_id_panel_id", "panel_member", ["user_id", "panel_id"])
    op.create_table(
        "panel_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="fk_panel_phrase_panel_id_panel"),
        sa.PrimaryKeyConstraint("id", name="pk_panel_phrase"),
        sa.UniqueConstraint("public_id", name="uq_panel_phrase_public_id"),
    )
    op.create_index("ix_panel_phrase_panel_id", "panel_phrase", ["panel_id"])
    op.create_table(
        "panel_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("papers_by", sa.DateTime(), nullable=False),
        sa.Column("circulate_by", sa.DateTime(), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("moved_why", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.Column("cancelled_why", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name="fk_panel_meeting_panel_id_panel"),
        sa.PrimaryKeyConstraint("id", name="pk_panel_meeting"),
        sa.UniqueConstraint("public_id", name="uq_panel_meeting_public_id"),
    )
    op.create_index("ix_panel_meeting_on_day", "panel_meeting", ["on_day"])
    op.create_index(
        "uq_panel_meeting_panel_id_on_day",
        "panel_meeting",
        ["panel_id", "on_day"],
        unique=True,
        sqlite_where=NOT_CANCELLED,
        postgresql_where=NOT_CANCELLED,
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_why", sa.Text(), nullable=True),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name="fk_agenda_item_added_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["carried_from_id"],
            ["agenda_item.id"],
            name="fk_agenda_item_carried_from_id_agenda_item",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_agenda_item_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["panel_meeting.id"], name="fk_agenda_item_meeting_id_panel_meeting"
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["user.id"], name="fk_agenda_item_removed_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_item"),
        sa.UniqueConstraint("public_id", name="uq_agenda_item_public_id"),
    )
    op.create_index("ix_agenda_item_case_id", "agenda_item", ["case_id"])
    op.create_index("ix_agenda_item_meeting_id_place", "agenda_item", ["meeting_id", "place"])
    op.create_index(
        "uq_agenda_item_meeting_id_case_id_question",
        "agenda_item",
        ["meeting_id", "case_id", "question"],
        unique=True,
        sqlite_where=NOT_REMOVED,
        postgresql_where=NOT_REMOVED,
    )
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=20), nullable=False),
        sa.Column("position", sa.String(length=10), nullable=False),
        sa.Column("attended", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["panel_meeting.id"], name="fk_attendance_meeting_id_panel_meeting"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name="fk_attendance_recorded_by_id_user"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_attendance_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_attendance"),
    )
    op.create_index(
        "uq_attendance_meeting_id_user_id", "attendance", ["meeting_id", "user_id"], unique=True
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_interest_case_id_ehc_case"),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["user.id"], name="fk_interest_declared_by_id_user"
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name="fk_interest_ended_by_id_user"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_interest_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_interest"),
        sa.UniqueConstraint("public_id", name="uq_interest_public_id"),
    )
    op.create_index("ix_interest_case_id", "interest", ["case_id"])
    op.create_index("ix_interest_user_id_case_id", "interest", ["user_id", "case_id"])


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)
