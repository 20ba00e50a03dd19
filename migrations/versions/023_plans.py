"""The plan: versions of its sections, what was served of it, and what was said of that."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "023_plans"
down_revision = "022_events_of_advisers"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "plan_section_version": ("id", "public_id", "case_id,section,number"),
    "plan_edition": ("id", "public_id", "case_id,number"),
    "plan_edition_section": ("edition_id,version_id",),
    "draft_served": ("event_id",),
    "final_plan": ("edition_id", "event_id"),
    "health_agreement": ("event_id",),
    "informed": ("id", "public_id", "corrects_id"),
    "representation": ("event_id", "public_id"),
    "representation_answer": ("event_id",),
}
#: In the order in which they are made.
TABLES = (
    "plan_section_version",
    "plan_edition",
    "plan_edition_section",
    "draft_served",
    "final_plan",
    "health_agreement",
    "informed",
    "representation",
    "representation_answer",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plan_section_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=2), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_plan_section_version_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["user.id"], name="fk_plan_section_version_saved_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan_section_version"),
        sa.UniqueConstraint(
            "case_id", "section", "number", name="uq_plan_section_version_case_id_section_number"
        ),
        sa.UniqueConstraint("public_id", name="uq_plan_section_version_public_id"),
    )
    op.create_table(
        "plan_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("pdf_id", sa.Integer(), nullable=True),
        sa.Column("word_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_plan_edition_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name="fk_plan_edition_made_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["pdf_id"], ["document.id"], name="fk_plan_edition_pdf_id_document"
        ),
        sa.ForeignKeyConstraint(
            ["word_id"], ["document.id"], name="fk_plan_edition_word_id_document"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan_edition"),
        sa.UniqueConstraint("case_id", "number", name="uq_plan_edition_case_id_number"),
        sa.UniqueConstraint("public_id", name="uq_plan_edition_public_id"),
    )
    op.create_index("ix_plan_edition_pdf_id", "plan_edition", ["pdf_id"])
    op.create_index("ix_plan_edition_word_id", "plan_edition", ["word_id"])
    op.create_table(
        "plan_edition_section",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["plan_edition.id"],
            name="fk_plan_edition_section_edition_id_plan_edition",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_section_version.id"],
            name="fk_plan_edition_section_version_id_plan_section_version",
        ),
        sa.PrimaryKeyConstraint("edition_id", "version_id", name="pk_plan_edition_section"),
    )
    op.create_table(
        "draft_served",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("route", sa.String(length=10), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("changed_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_draft_served_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_draft_served_document_id_document"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["plan_edition.id"], name="fk_draft_served_edition_id_plan_edition"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_draft_served_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_draft_served"),
    )
    op.create_index("ix_draft_served_case_id", "draft_served", ["case_id"])
    op.create_index("ix_draft_served_edition_id", "draft_served", ["edition_id"])
    op.create_table(
        "final_plan",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("setting_id", sa.Integer(), nullable=True),
        sa.Column("setting_type", sa.String(length=200), nullable=False),
        sa.Column("place_kind", sa.String(length=10), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("signed_by_words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["plan_edition.id"], name="fk_final_plan_edition_id_plan_edition"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_final_plan_event_id_case_event"
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name="fk_final_plan_setting_id_setting"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["user.id"], name="fk_final_plan_signed_by_id_user"
        ),
        sa.PrimaryKeyConstraint("edition_id", name="pk_final_plan"),
        sa.UniqueConstraint("event_id", name="uq_final_plan_event_id"),
    )
    op.create_index("ix_final_plan_setting_id", "final_plan", ["setting_id"])
    op.create_table(
        "health_agreement",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("agreed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_health_agreement_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_health_agreement_event_id_case_event"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["plan_section_version.id"],
            name="fk_health_agreement_version_id_plan_section_version",
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_health_agreement"),
    )
    op.create_index("ix_health_agreement_case_id", "health_agreement", ["case_id"])
    op.create_table(
        "informed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=30), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_informed_case_id_ehc_case"),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["informed.id"], name="fk_informed_corrects_id_informed"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user.id"], name="fk_informed_entered_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_informed_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_informed"),
        sa.UniqueConstraint("corrects_id", name="uq_informed_corrects_id"),
        sa.UniqueConstraint("public_id", name="uq_informed_public_id"),
    )
    op.create_index("ix_informed_case_id_event_id", "informed", ["case_id", "event_id"])
    op.create_table(
        "representation",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("sections", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_representation_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_representation_contact_id_contact"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_representation_document_id_document"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_representation_event_id_case_event"
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_representation"),
        sa.UniqueConstraint("public_id", name="uq_representation_public_id"),
    )
    op.create_index("ix_representation_case_id", "representation", ["case_id"])
    op.create_table(
        "representation_answer",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("representation_id", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_representation_answer_event_id_case_event"
        ),
        sa.ForeignKeyConstraint(
            ["representation_id"],
            ["representation.event_id"],
            name="fk_representation_answer_representation_id_representation",
        ),
        sa.PrimaryKeyConstraint("event_id", name="pk_representation_answer"),
    )
    op.create_index(
        "ix_representation_answer_representation_id", "representation_answer", ["representation_id"]
    )
    for table, unique in APPEND_ONLY.items():
        for statement in protect(table, unique, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in APPEND_ONLY:
        for statement in unprotect(table, op.get_context().dialect.name):
            op.execute(statement)
    for table in reversed(TABLES):
        op.drop_table(table)
