"""Papers: versions of documents, chosen for the cases before a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "018_papers"
down_revision = "017_conditions_done"
branch_labels = None
depends_on = None

NOT_TAKEN_OUT = sa.text("taken_out_at IS NULL")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_out_at", sa.DateTime(), nullable=True),
        sa.Column("taken_out_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_out_why", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name="fk_paper_item_id_agenda_item"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_paper_document_id_document"
        ),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["user.id"], name="fk_paper_chosen_by_id_user"),
        sa.ForeignKeyConstraint(
            ["taken_out_by_id"], ["user.id"], name="fk_paper_taken_out_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("public_id", name="uq_paper_public_id"),
    )
    op.create_index("ix_paper_item_id_place", "paper", ["item_id", "place"])
    op.create_index("ix_paper_document_id", "paper", ["document_id"])
    op.create_index(
        "uq_paper_item_id_document_id",
        "paper",
        ["item_id", "document_id"],
        unique=True,
        sqlite_where=NOT_TAKEN_OUT,
        postgresql_where=NOT_TAKEN_OUT,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("paper")
