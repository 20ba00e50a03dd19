"""Documents on cases: the files themselves are in the document store."""

import sqlalchemy as sa
from alembic import op

revision = "016_documents"
down_revision = "015_attendance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("stored_as", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "replaces_id IS NULL OR replaces_id <> id", name="ck_document_replaces_another"
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_why IS NULL)",
            name="ck_document_withdrawn_for_a_reason",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_document_case_id_ehc_case"),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["document.id"], name="fk_document_replaces_id_document"
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name="fk_document_added_by_id_user"),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user.id"], name="fk_document_withdrawn_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("public_id", name="uq_document_public_id"),
        sa.UniqueConstraint("stored_as", name="uq_document_stored_as"),
        sa.UniqueConstraint("replaces_id", name="uq_document_replaces_id"),
    )
    for column in ("case_id", "sha256", "state"):
        op.create_index(f"ix_document_{column}", "document", [column])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("document")
