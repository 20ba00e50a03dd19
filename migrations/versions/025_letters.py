"""Letters, and the templates that they are made from."""

import sqlalchemy as sa
from alembic import op

from casework.models.append_only import protect, unprotect

revision = "025_letters"
down_revision = "024_consultations"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "letter_template": ("id", "public_id", "kind,version"),
    "letter": ("id", "public_id", "document_id"),
    "letter_recipient": ("letter_id,place",),
}
#: In the order in which they are made.
TABLES = ("letter_template", "letter", "letter_recipient")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "letter_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name="fk_letter_template_made_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter_template"),
        sa.UniqueConstraint("kind", "version", name="uq_letter_template_kind_version"),
        sa.UniqueConstraint("public_id", name="uq_letter_template_public_id"),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_letter_case_id_ehc_case"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_letter_document_id_document"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name="fk_letter_event_id_case_event"
        ),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name="fk_letter_issued_by_id_user"),
        sa.ForeignKeyConstraint(
            ["template_id"], ["letter_template.id"], name="fk_letter_template_id_letter_template"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("document_id", name="uq_letter_document_id"),
        sa.UniqueConstraint("public_id", name="uq_letter_public_id"),
    )
    op.create_index("ix_letter_case_id_issued_at", "letter", ["case_id", "issued_at"])
    op.create_index("ix_letter_event_id", "letter", ["event_id"])
    op.create_table(
        "letter_recipient",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("setting_id", sa.Integer(), nullable=True),
        sa.Column("adviser_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name="fk_letter_recipient_adviser_id_adviser"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_letter_recipient_contact_id_contact"
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name="fk_letter_recipient_letter_id_letter"
        ),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name="fk_letter_recipient_setting_id_setting"
        ),
        sa.PrimaryKeyConstraint("letter_id", "place", name="pk_letter_recipient"),
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
