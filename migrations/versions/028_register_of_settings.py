"""What the national register says of a setting: where it is, and whether section 41 names it."""

import sqlalchemy as sa
from alembic import op

revision = "028_register_of_settings"
down_revision = "027_family_pages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, each with what is true of a setting of which nothing is known."""
    for column in _columns():
        op.add_column("setting", column)


def downgrade() -> None:
    """Drop the columns with what they hold."""
    for column in reversed(_columns()):
        op.drop_column("setting", column.name)


def _columns() -> list[sa.Column]:
    no, yes = sa.false(), sa.true()
    return [
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("la_code", sa.String(length=3), nullable=True),
        sa.Column("la_name", sa.String(length=100), nullable=True),
        sa.Column("is_section_41", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("has_unit", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("has_resourced", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("is_open", sa.Boolean(), nullable=False, server_default=yes),
        sa.Column("register_name", sa.String(length=200), nullable=True),
        sa.Column("register_kind", sa.String(length=30), nullable=True),
    ]
