"""Indexes in the order of the lists of cases and of a search, that hold all that is read."""

import sqlalchemy as sa
from alembic import op

revision = "010_indexes_for_lists"
down_revision = "009_one_time_passwords"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_on IS NULL")
ENDED = sa.text("ended_on IS NOT NULL")


def upgrade() -> None:
    """Make them, in place of those that held less."""
    op.drop_index("ix_ehc_case_open_by_officer", table_name="ehc_case")
    op.drop_index("ix_ehc_case_open_by_day", table_name="ehc_case")
    op.drop_index("ix_ehc_case_ended_on", table_name="ehc_case")
    op.drop_index("ix_person_name_key_key", table_name="person_name_key")
    counted = ["officer_id", "next_act_by", "next_due_on", "next_lifted_by", "ended_on"]
    _on_cases("ix_ehc_case_open_by_officer", counted, OPEN)
    none, lifted = sa.text("(next_act_by IS NULL)"), sa.text("(next_lifted_by IS NOT NULL)")
    _on_cases("ix_ehc_case_open_in_order", [none, lifted, "next_act_by", "id"], OPEN)
    _on_cases("ix_ehc_case_ended_in_order", ["ended_on", "id"], ENDED)
    op.create_index("ix_person_name_key_key_person_id", "person_name_key", ["key", "person_id"])


def downgrade() -> None:
    """Put the others back."""
    op.drop_index("ix_person_name_key_key_person_id", table_name="person_name_key")
    for name in ("ended_in_order", "open_in_order", "open_by_officer"):
        op.drop_index(f"ix_ehc_case_{name}", table_name="ehc_case")
    op.create_index("ix_person_name_key_key", "person_name_key", ["key"])
    _on_cases("ix_ehc_case_ended_on", ["ended_on"])
    _on_cases("ix_ehc_case_open_by_day", ["next_act_by"], OPEN)
    _on_cases("ix_ehc_case_open_by_officer", ["officer_id", "next_act_by"], OPEN)


def _on_cases(name: str, parts: list[object], where: sa.TextClause | None = None) -> None:
    op.create_index(name, "ehc_case", parts, sqlite_where=where, postgresql_where=where)
