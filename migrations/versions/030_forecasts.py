"""When final plans are likely, and how long each step took in the past."""

import sqlalchemy as sa
from alembic import op

revision = "030_forecasts"
down_revision = "029_alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "forecast",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("worked_out_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("likely_on", sa.Date(), nullable=False),
        sa.Column("early_on", sa.Date(), nullable=False),
        sa.Column("late_on", sa.Date(), nullable=False),
        sa.Column("chance", sa.Integer(), nullable=False),
        sa.Column("costs_most", sa.String(length=60), nullable=False),
        sa.Column("costs_days", sa.Integer(), nullable=False),
        sa.Column("is_own_history", sa.Boolean(), nullable=False),
        sa.CheckConstraint("chance BETWEEN 0 AND 100", name="ck_forecast_chance_is_a_percentage"),
        sa.ForeignKeyConstraint(["case_id"], ["ehc_case.id"], name="fk_forecast_case_id_ehc_case"),
        sa.PrimaryKeyConstraint("case_id", name="pk_forecast"),
    )
    op.create_table(
        "forecast_curve",
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("begun", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("curve", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("is_own_history", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("step", name="pk_forecast_curve"),
    )


def downgrade() -> None:
    """Drop them: the next refresh of the forecasts would write them again."""
    op.drop_table("forecast_curve")
    op.drop_table("forecast")
