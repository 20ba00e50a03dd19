"""Children, the people around them, and the places they learn."""

import sqlalchemy as sa
from alembic import op

revision = "002_people_and_settings"
down_revision = "001_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("surname", sa.String(length=200), nullable=False),
        sa.Column("forenames", sa.String(length=200), nullable=False),
        sa.Column("known_as", sa.String(length=200), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("ethnicity", sa.String(length=4), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("upn", sa.String(length=13), nullable=True),
        sa.Column("upn_verified", sa.Boolean(), nullable=False),
        sa.Column("upn_unknown", sa.String(length=4), nullable=True),
        sa.Column("uln", sa.String(length=10), nullable=True),
        sa.Column("nhs_number", sa.String(length=10), nullable=True),
        sa.Column("first_language", sa.String(length=100), nullable=True),
        sa.Column("primary_need", sa.String(length=4), nullable=True),
        sa.Column("secondary_need", sa.String(length=4), nullable=True),
        sa.Column("looked_after", sa.Boolean(), nullable=True),
        sa.Column("looked_after_by", sa.String(length=200), nullable=True),
        sa.Column("has_hearing_impairment", sa.Boolean(), nullable=False),
        sa.Column("has_vision_impairment", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("public_id", name="uq_person_public_id"),
    )
    op.create_index("ix_person_date_of_birth", "person", ["date_of_birth"], unique=False)
    op.create_index("ix_person_nhs_number", "person", ["nhs_number"], unique=False)
    op.create_index("ix_person_uln", "person", ["uln"], unique=False)
    op.create_index("ix_person_upn", "person", ["upn"], unique=False)
    op.create_table(
        "setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=30), nullable=True),
        sa.Column("urn", sa.String(length=6), nullable=True),
        sa.Column("ukprn", sa.String(length=8), nullable=True),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_setting"),
        sa.UniqueConstraint("public_id", name="uq_setting_public_id"),
        sa.UniqueConstraint("ukprn", name="uq_setting_ukprn"),
        sa.UniqueConstraint("urn", name="uq_setting_urn"),
    )
    op.create_index("ix_setting_name_key", "setting", ["name_key"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relationship_to_child", sa.String(length=100), nullable=False),
        sa.Column("has_parental_responsibility", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("address_is_protected", sa.Boolean(), nullable=False),
        sa.Column("prefers", sa.String(length=10), nullable=True),
        sa.Column("contact_notes", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "prefers IS NULL OR prefers IN ('email', 'phone', 'post', 'text')",
            name="ck_contact_prefers_a_known_way",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_contact_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("public_id", name="uq_contact_public_id"),
    )
    op.create_index("ix_contact_person_id", "contact", ["person_id"], unique=False)
    op.create_table(
        "person_name_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_person_name_key_person_id_person"
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name="pk_person_name_key"),
    )
    op.create_index("ix_person_name_key_key", "person_name_key", ["key"], unique=False)
    op.create_table(
        "setting_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("setting_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name="ck_setting_closure_ends_after_it_begins"),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name="fk_setting_closure_setting_id_setting"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_setting_closure"),
    )
    op.create_index(
        "ix_setting_closure_setting_id", "setting_closure", ["setting_id"], unique=False
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("setting_closure")
    op.drop_table("person_name_key")
    op.drop_table("contact")
    op.drop_table("setting")
    op.drop_table("person")
