"""Settings asked whether the plan should name them, and what they answered."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "024_consultations"
down_revision = "023_plans"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "consultation": ("id", "public_id", "case_id,setting_id,round"),
    "consultation_reply": ("event_id",),
    "placement_request": ("event_id",),
}
#: In the order in which they are made.
TABLES = ("consultation", "consultation_reply", "placement_request")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("setting_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("is_family_request", sa.Boolean(), nullable=False),
        sa.Column("place_kind", sa.String(length=10), nullable=True),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_consultation_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name="fk_consultation_made_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name="fk_consultation_setting_id_setting"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consultation"),
        sa.UniqueConstraint(
            "case_id", "setting_id", "round", name="uq_consultation_case_id_setting_id_round"
        ),
        sa.UniqueConstraint("public_id", name="uq_consultation_public_id"),
    )
    op.create_index("ix_consultation_setting_id", "consultation", ["setting_id"])
    op.create_table(
        "consultation_reply",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name="fk_consultation_reply_consultation_id_consultation",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_consultation_reply_document_id_document"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_consultation_reply_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_consultation_reply"),
    )
    op.create_index(
        "ix_consultation_reply_consultation_id", "consultation_reply", ["consultation_id"]
    )
    op.create_table(
        "placement_request",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("setting_id", sa.Integer(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_placement_request_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_placement_request_event_id_case_event"
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name="fk_placement_request_setting_id_setting"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_placement_request"),
    )
    op.create_index("ix_placement_request_case_id", "placement_request", ["case_id"])
    # Added in plain SQL: remaking the table on SQLite would lose the triggers that protect it.
    op.execute(
        "ALTER TABLE case_event ADD COLUMN consultation_id INTEGER "
        "CONSTRAINT fk_case_event_consultation_id_consultation REFERENCES consultation (id)"
    )
    op.create_index("ix_case_event_consultation_id", "case_event", ["consultation_id"])
    for table, unique in APPEND_ONLY.items():
        for statement in protect(table, unique, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in APPEND_ONLY:
        for statement in unprotect(table, op.get_context().dialect.name):
            op.execute(statement)
    op.drop_index("ix_case_event_consultation_id", table_name="case_event")
    op.execute("ALTER TABLE case_event DROP COLUMN consultation_id")
    for table in reversed(TABLES):
        op.drop_table(table)
