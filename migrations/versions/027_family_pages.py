"""A family’s way in to its own page."""

import sqlalchemy as sa
from alembic import op

revision = "027_family_pages"
down_revision = "026_steps_of_exceptions"
branch_labels = None
depends_on = None

#: In the order in which they are made.
TABLES = ("family_link", "family_code", "family_visit")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "family_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_family_link_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user.id"], name="fk_family_link_closed_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_family_link_contact_id_contact"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name="fk_family_link_made_by_id_user"),
        sa.PrimaryKeyConstraint("id", name="pk_family_link"),
        sa.UniqueConstraint("public_id", name="uq_family_link_public_id"),
        sa.UniqueConstraint("token_sha256", name="uq_family_link_token_sha256"),
    )
    op.create_index("ix_family_link_case_id", "family_link", ["case_id"])
    op.create_table(
        "family_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["user.id"], name="fk_family_code_given_by_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["family_link.id"], name="fk_family_code_link_id_family_link"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_family_code"),
    )
    op.create_index("ix_family_code_link_id", "family_code", ["link_id"])
    op.create_table(
        "family_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["family_link.id"], name="fk_family_visit_link_id_family_link"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_family_visit"),
        sa.UniqueConstraint("token_sha256", name="uq_family_visit_token_sha256"),
    )
    op.create_index("ix_family_visit_link_id", "family_visit", ["link_id"])


def downgrade() -> None:
    """Drop them, with what they hold."""
    for table in reversed(TABLES):
        op.drop_table(table)
