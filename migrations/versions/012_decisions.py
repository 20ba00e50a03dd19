"""What panels and officers decided, as it was signed and sent round: rows that only grow."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "012_decisions"
down_revision = "011_panels"
branch_labels = None
depends_on = None

TABLES = (
    *("panel_view", "panel_decision", "decision_evidence", "decision_condition"),
    *("panel_record", "panel_record_decision", "panel_circulation"),
)
APPEND_ONLY = {
    "panel_view": ("id",),
    "panel_decision": ("id", "public_id", "replaces_id"),
    "decision_evidence": ("id",),
    "decision_condition": ("id",),
    "panel_circulation": ("id",),
    "panel_record": ("id", "public_id", "meeting_id,version"),
    "panel_record_decision": ("record_id,decision_id",),
}


def upgrade() -> None:
    """Make the tables, and let an event say which decision made it."""
    op.create_table(
        "panel_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("leans_to", sa.String(length=20), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name="fk_panel_view_item_id_agenda_item"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_panel_view_user_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_panel_view"),
    )
    op.create_index("ix_panel_view_item_id", "panel_view", ["item_id"])
    op.create_table(
        "panel_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("handled", sa.String(length=10), nullable=False),
        sa.Column("advice", sa.String(length=20), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=True),
        sa.Column("differing_views", sa.Text(), nullable=True),
        sa.Column("despite", sa.Text(), nullable=True),
        sa.Column("cost_discussed", sa.String(length=10), nullable=True),
        sa.Column("carried_why", sa.Text(), nullable=True),
        sa.Column("carried_to_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("change_why", sa.Text(), nullable=True),
        sa.Column("reconsiders_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["carried_to_id"],
            ["panel_meeting.id"],
            name="fk_panel_decision_carried_to_id_panel_meeting",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_panel_decision_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name="fk_panel_decision_decided_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name="fk_panel_decision_item_id_agenda_item"
        ),
        sa.ForeignKeyConstraint(
            ["reconsiders_id"],
            ["panel_decision.id"],
            name="fk_panel_decision_reconsiders_id_panel_decision",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name="fk_panel_decision_recorded_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["panel_decision.id"],
            name="fk_panel_decision_replaces_id_panel_decision",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_panel_decision"),
        sa.UniqueConstraint("public_id", name="uq_panel_decision_public_id"),
        sa.UniqueConstraint("replaces_id", name="uq_panel_decision_replaces_id"),
    )
    op.create_index("ix_panel_decision_case_id", "panel_decision", ["case_id"])
    op.create_index("ix_panel_decision_decided_on", "panel_decision", ["decided_on"])
    op.create_index("ix_panel_decision_item_id", "panel_decision", ["item_id"])
    op.create_table(
        "decision_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["panel_decision.id"],
            name="fk_decision_evidence_decision_id_panel_decision",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decision_evidence"),
    )
    op.create_index("ix_decision_evidence_decision_id", "decision_evidence", ["decision_id"])
    op.create_table(
        "decision_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["panel_decision.id"],
            name="fk_decision_condition_decision_id_panel_decision",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decision_condition"),
    )
    op.create_index("ix_decision_condition_decision_id", "decision_condition", ["decision_id"])
    op.create_table(
        "panel_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("is_quorate", sa.Boolean(), nullable=False),
        sa.Column("attendance", sa.Text(), nullable=False),
        sa.Column("change_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["panel_meeting.id"], name="fk_panel_record_meeting_id_panel_meeting"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["user.id"], name="fk_panel_record_signed_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_panel_record"),
        sa.UniqueConstraint("meeting_id", "version", name="uq_panel_record_meeting_id_version"),
        sa.UniqueConstraint("public_id", name="uq_panel_record_public_id"),
    )
    op.create_table(
        "panel_record_decision",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["panel_decision.id"],
            name="fk_panel_record_decision_decision_id_panel_decision",
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["panel_record.id"],
            name="fk_panel_record_decision_record_id_panel_record",
        ),
        sa.PrimaryKeyConstraint("record_id", "decision_id", name="pk_panel_record_decision"),
    )
    op.create_index(
        "ix_panel_record_decision_decision_id", "panel_record_decision", ["decision_id"]
    )
    op.create_table(
        "panel_circulation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("circulated_at", sa.DateTime(), nullable=False),
        sa.Column("circulated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["circulated_by_id"], ["user.id"], name="fk_panel_circulation_circulated_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["panel_meeting.id"],
            name="fk_panel_circulation_meeting_id_panel_meeting",
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["panel_record.id"], name="fk_panel_circulation_record_id_panel_record"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_panel_circulation"),
    )
    op.create_index("ix_panel_circulation_meeting_id", "panel_circulation", ["meeting_id"])
    # Added in plain SQL: remaking the table on SQLite would lose the triggers that protect it.
    op.execute(
        "ALTER TABLE case_event ADD COLUMN decision_id INTEGER "
        "CONSTRAINT fk_case_event_decision_id_panel_decision REFERENCES panel_decision (id)"
    )
    op.create_index("ix_case_event_decision_id", "case_event", ["decision_id"])
    for table, unique in APPEND_ONLY.items():
        for statement in protect(table, unique, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Drop them; whatever cannot be kept elsewhere is gone."""
    for table in APPEND_ONLY:
        for statement in unprotect(table, op.get_context().dialect.name):
            op.execute(statement)
    op.drop_index("ix_case_event_decision_id", table_name="case_event")
    op.execute("ALTER TABLE case_event DROP COLUMN decision_id")
    for table in reversed(TABLES):
        op.drop_table(table)
