"""The scheduler's jobs as pages show them, requests to run one, its heartbeat and its clock."""

import sqlalchemy as sa
from alembic import op

revision = "031_watching_the_scheduler"
down_revision = "030_forecasts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the columns of a run."""
    with op.batch_alter_table("job_run") as job_run:
        job_run.add_column(sa.Column("succeeded_at", sa.DateTime(), nullable=True))
        job_run.add_column(
            sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0"))
        )
    op.execute("UPDATE job_run SET succeeded_at = ended_at WHERE outcome = 'ok'")
    op.execute("UPDATE job_run SET failures = 1 WHERE outcome = 'failed'")
    with op.batch_alter_table("job_run") as job_run:
        job_run.alter_column("failures", server_default=None)
    _make_jobs()
    _make_heartbeat()


def downgrade() -> None:
    """Drop them: the scheduler that starts next writes its jobs and its mark again."""
    for table in ("heartbeat", "job_request", "job"):
        op.drop_table(table)
    with op.batch_alter_table("job_run") as job_run:
        job_run.drop_column("failures")
        job_run.drop_column("succeeded_at")


def _make_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.String(length=100), nullable=False),
        sa.Column("next_run_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_table(
        "job_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name="fk_job_request_asked_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_job_request"),
    )
    is_open = sa.text("taken_at IS NULL")
    op.create_index(
        "uq_job_request_open",
        "job_request",
        ["job"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _make_heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("trusted_at", sa.DateTime(), nullable=True),
        sa.Column("trusted_uptime", sa.Double(), nullable=True),
        sa.Column("trusted_boot", sa.String(length=40), nullable=True),
        sa.Column("doubt", sa.String(length=10), nullable=True),
        sa.Column("doubt_seconds", sa.BigInteger(), nullable=True),
        sa.Column("doubted_at", sa.DateTime(), nullable=True),
        sa.Column("said_right_at", sa.DateTime(), nullable=True),
        sa.Column("said_right_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name="ck_heartbeat_is_one"),
        sa.ForeignKeyConstraint(
            ["said_right_by_id"], ["user.id"], name="fk_heartbeat_said_right_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_heartbeat"),
    )
