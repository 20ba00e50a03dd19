"""Tables that may only grow: the SQL that makes the database itself refuse anything else.

On SQLite a REPLACE deletes the old row without firing delete triggers, unless a connection
asks for it; so the insert trigger looks for the row that a REPLACE would remove. On
PostgreSQL TRUNCATE passes row triggers by; it has a trigger of its own, and every trigger is
set to fire ALWAYS, so that a replication role does not pass them by.
"""

from collections.abc import Sequence

#: Each table with what is unique in it: a column, or columns together by a comma.
APPEND_ONLY = {
    "case_event": ("id", "corrects_id"),
    "case_event_exception": ("event_id",),
    "audit_entry": ("id", "hash"),
    "panel_view": ("id",),
    "panel_decision": ("id", "public_id", "replaces_id"),
    "decision_evidence": ("id",),
    "decision_condition": ("id",),
    "panel_circulation": ("id",),
    "panel_record": ("id", "public_id", "meeting_id,version"),
    "panel_record_decision": ("record_id,decision_id",),
    "condition_done": ("id",),
    "advice": ("id", "public_id", "event_id", "adviser_id,version"),
    "advice_entry": ("id", "advice_id,place"),
    "advice_check": ("event_id",),
    "advice_expected": ("event_id",),
    "advice_reuse": ("event_id",),
    "advice_score": ("id",),
    "contribution_report": ("id", "public_id", "agency,month,version"),
    "plan_section_version": ("id", "public_id", "case_id,section,number"),
    "plan_edition": ("id", "public_id", "case_id,number"),
    "plan_edition_section": ("edition_id,version_id",),
    "final_plan": ("edition_id", "event_id"),
    "draft_served": ("event_id",),
    "representation": ("event_id", "public_id"),
    "representation_answer": ("event_id",),
    "health_agreement": ("event_id",),
    "informed": ("id", "public_id", "corrects_id"),
    "consultation": ("id", "public_id", "case_id,setting_id,round"),
    "consultation_reply": ("event_id",),
    "placement_request": ("event_id",),
    "exception_step": ("event_id",),
    "letter_template": ("id", "public_id", "kind,version"),
    "letter": ("id", "public_id", "document_id"),
    "letter_recipient": ("letter_id,place",),
}


def protect(table: str, unique: Sequence[str], dialect: str) -> list[str]:
    """Return the statements that make the table append-only; `unique` is as in APPEND_ONLY."""
    return _sqlite(table, unique) if dialect == "sqlite" else _postgresql(table)


def unprotect(table: str, dialect: str) -> list[str]:
    """Return the statements that take the protection away, for a migration's way down."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{act}" for act in ("update", "delete", "replace")]
    return [
        f"DROP TRIGGER {table}_no_change ON {table}",
        f"DROP TRIGGER {table}_no_truncate ON {table}",
        f"DROP FUNCTION {table}_is_append_only()",
    ]


def _sqlite(table: str, unique: Sequence[str]) -> list[str]:
    refuse = f"SELECT RAISE(ABORT, '{table} is append-only'); END"
    taken = " OR ".join(f"({_same(columns)})" for columns in unique)
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"  # noqa: S608 (names are ours)
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {exists} BEGIN {refuse}",
    ]


def _same(columns: str) -> str:
    return " AND ".join(f"{column} = NEW.{column}" for column in columns.split(","))


def _postgresql(table: str) -> list[str]:
    function = f"{table}_is_append_only()"
    return [
        f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
    ]
