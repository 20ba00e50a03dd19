"""Advice as it was returned, what was said of it, and the figures that were issued."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "020_advice"
down_revision = "019_advice_services"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "advice": ("id", "public_id", "event_id", "adviser_id,version"),
    "advice_entry": ("id", "advice_id,place"),
    "advice_check": ("event_id",),
    "advice_expected": ("event_id",),
    "advice_reuse": ("event_id",),
    "advice_score": ("id",),
    "contribution_report": ("id", "public_id", "agency,month,version"),
}
#: In an order in which nothing points at what is gone.
TABLES = (
    *("advice_score", "advice_sample", "advice_check", "advice_entry", "advice_expected"),
    *("advice_reuse", "advice_release", "contribution_report", "advice"),
)


def upgrade() -> None:
    """Make the tables, and let a deadline say what else became of a request for advice."""
    op.create_table(
        "contribution_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("agency", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("restated_why", sa.Text(), nullable=True),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("commentary", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user.id"], name="fk_contribution_report_issued_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contribution_report"),
        sa.UniqueConstraint(
            "agency", "month", "version", name="uq_contribution_report_agency_month_version"
        ),
        sa.UniqueConstraint("public_id", name="uq_contribution_report_public_id"),
    )
    op.create_table(
        "advice_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=20), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_granted IS NULL)",
            name=op.f("ck_advice_release_decided_one_way"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name="fk_advice_release_asked_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_advice_release_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name="fk_advice_release_decided_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_advice_release"),
        sa.UniqueConstraint("public_id", name="uq_advice_release_public_id"),
    )
    op.create_index(
        "ix_advice_release_asked_by_id_case_id", "advice_release", ["asked_by_id", "case_id"]
    )
    op.create_index("ix_advice_release_case_id", "advice_release", ["case_id"])
    op.create_table(
        "advice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("route", sa.String(length=10), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("sections", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_post", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("child_voice", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name="fk_advice_adviser_id_adviser"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_advice_author_id_user"),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_advice_case_id_ehc_case"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_advice_document_id_document"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user.id"], name="fk_advice_entered_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_advice_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_advice"),
        sa.UniqueConstraint("adviser_id", "version", name="uq_advice_adviser_id_version"),
        sa.UniqueConstraint("event_id", name="uq_advice_event_id"),
        sa.UniqueConstraint("public_id", name="uq_advice_public_id"),
    )
    op.create_index("ix_advice_case_id", "advice", ["case_id"])
    op.create_index("ix_advice_document_id", "advice", ["document_id"])
    op.create_table(
        "advice_expected",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_advice_expected_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_advice_expected"),
    )
    op.create_table(
        "advice_reuse",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("described", sa.Text(), nullable=False),
        sa.Column("sections", sa.String(length=40), nullable=False),
        sa.Column("author_agreed_on", sa.Date(), nullable=False),
        sa.Column("authority_agreed_on", sa.Date(), nullable=False),
        sa.Column("family_agreed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_advice_reuse_document_id_document"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_advice_reuse_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_advice_reuse"),
    )
    op.create_table(
        "advice_check",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("advice_id", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["advice_id"], ["advice.id"], name="fk_advice_check_advice_id_advice"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_advice_check_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_advice_check"),
    )
    op.create_index("ix_advice_check_advice_id", "advice_check", ["advice_id"])
    op.create_table(
        "advice_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("advice_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("need_section", sa.String(length=2), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("provision_section", sa.String(length=2), nullable=True),
        sa.Column("provision", sa.Text(), nullable=False),
        sa.Column("by_whom", sa.String(length=200), nullable=False),
        sa.Column("how_often", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["advice_id"], ["advice.id"], name="fk_advice_entry_advice_id_advice"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_advice_entry"),
        sa.UniqueConstraint("advice_id", "place", name="uq_advice_entry_advice_id_place"),
    )
    op.create_table(
        "advice_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("advice_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["advice_id"], ["advice.id"], name="fk_advice_sample_advice_id_advice"
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"], ["user.id"], name="fk_advice_sample_drawn_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["advice_service.id"], name="fk_advice_sample_service_id_advice_service"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_advice_sample"),
        sa.UniqueConstraint("advice_id", name="uq_advice_sample_advice_id"),
        sa.UniqueConstraint("public_id", name="uq_advice_sample_public_id"),
    )
    op.create_index("ix_advice_sample_month_service_id", "advice_sample", ["month", "service_id"])
    op.create_table(
        "advice_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("needs_found", sa.String(length=10), nullable=False),
        sa.Column("outcomes_smart", sa.String(length=10), nullable=False),
        sa.Column("provision_specific", sa.String(length=10), nullable=False),
        sa.Column("child_voice", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=False),
        sa.Column("scored_at", sa.DateTime(), nullable=False),
        sa.Column("scored_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["advice_sample.id"], name="fk_advice_score_sample_id_advice_sample"
        ),
        sa.ForeignKeyConstraint(
            ["scored_by_id"], ["user.id"], name="fk_advice_score_scored_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_advice_score"),
    )
    op.create_index("ix_advice_score_sample_id", "advice_score", ["sample_id"])
    for name, kind in (
        ("asked_on", sa.Date()),
        ("sent_back_on", sa.Date()),
        ("late_cause", sa.String(length=20)),
    ):
        op.add_column("deadline", sa.Column(name, kind, nullable=True))
    op.create_index("ix_deadline_adviser_id", "deadline", ["adviser_id"])
    # A first request alone: `casework rebuild-deadlines` settles those that were asked again.
    op.execute(
        "UPDATE deadline SET asked_on = (SELECT min(e.happened_on) FROM case_event e "
        "WHERE e.adviser_id = deadline.adviser_id AND e.kind = 'advice_requested' "
        "AND NOT EXISTS (SELECT 1 FROM case_event c WHERE c.corrects_id = e.id)) "
        "WHERE adviser_id IS NOT NULL"
    )
    for table, unique in APPEND_ONLY.items():
        for statement in protect(table, unique, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for table in APPEND_ONLY:
        for statement in unprotect(table, op.get_context().dialect.name):
            op.execute(statement)
    op.drop_index("ix_deadline_adviser_id", table_name="deadline")
    for column in ("asked_on", "sent_back_on", "late_cause"):
        op.drop_column("deadline", column)
    for table in TABLES:
        op.drop_table(table)
