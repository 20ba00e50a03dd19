"""Cases, the officers who hold them and the advisers asked."""

import sqlalchemy as sa
from alembic import op

revision = "003_cases"
down_revision = "002_people_and_settings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ehc_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("tracker_reference", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("setting_id", sa.Integer(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=1), nullable=True),
        sa.Column("route", sa.String(length=20), nullable=True),
        sa.Column("requested_by", sa.String(length=200), nullable=True),
        sa.Column("received_time", sa.Time(), nullable=True),
        sa.Column("keyed_at", sa.DateTime(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=True),
        sa.Column("graduated_approach", sa.Boolean(), nullable=True),
        sa.Column("youth_accommodation", sa.Boolean(), nullable=False),
        sa.Column("is_complex", sa.Boolean(), nullable=False),
        sa.Column("tracker_status", sa.String(length=100), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("next_duty", sa.String(length=40), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("next_act_by", sa.Date(), nullable=True),
        sa.Column("next_lifted_by", sa.String(length=40), nullable=True),
        sa.Column("waiting_on", sa.String(length=20), nullable=False),
        sa.Column("advice_outstanding", sa.Integer(), nullable=False),
        sa.Column("advice_due_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('request', 'attention', 'moved_in', 'reassessment', 'transfer')",
            name="ck_ehc_case_kind_is_known",
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["user.id"], name="fk_ehc_case_officer_id_user"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ehc_case_person_id_person"),
        sa.ForeignKeyConstraint(
            ["setting_id"], ["setting.id"], name="fk_ehc_case_setting_id_setting"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ehc_case"),
        sa.UniqueConstraint("public_id", name="uq_ehc_case_public_id"),
        sa.UniqueConstraint("reference", name="uq_ehc_case_reference"),
    )
    op.create_index("ix_ehc_case_ended_on", "ehc_case", ["ended_on"], unique=False)
    op.create_index(
        "ix_ehc_case_open_by_day",
        "ehc_case",
        ["next_act_by"],
        unique=False,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index(
        "ix_ehc_case_open_by_officer",
        "ehc_case",
        ["officer_id", "next_act_by"],
        unique=False,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index("ix_ehc_case_person_id", "ehc_case", ["person_id"], unique=False)
    op.create_index("ix_ehc_case_setting_id", "ehc_case", ["setting_id"], unique=False)
    op.create_index("ix_ehc_case_stage", "ehc_case", ["stage"], unique=False)
    op.create_index("ix_ehc_case_started_on", "ehc_case", ["started_on"], unique=False)
    op.create_index(
        "ix_ehc_case_tracker_reference", "ehc_case", ["tracker_reference"], unique=False
    )
    op.create_table(
        "adviser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_adviser_case_id_ehc_case"),
        sa.PrimaryKeyConstraint("id", name="pk_adviser"),
        sa.UniqueConstraint("public_id", name="uq_adviser_public_id"),
    )
    op.create_index("ix_adviser_case_id", "adviser", ["case_id"], unique=False)
    op.create_index("ix_adviser_service", "adviser", ["service"], unique=False)
    op.create_table(
        "officer_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["ehc_case.id"], name="fk_officer_assignment_case_id_ehc_case"
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user.id"], name="fk_officer_assignment_officer_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_officer_assignment"),
    )
    op.create_index(
        "ix_officer_assignment_case_id", "officer_assignment", ["case_id"], unique=False
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("officer_assignment")
    op.drop_table("adviser")
    op.drop_table("ehc_case")
