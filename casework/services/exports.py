"""Files that leave the system: the audit trail says who took what."""

from collections.abc import Mapping

from casework.extensions import db
from casework.services import audit_trail
from casework.services.audit_trail import Actor


def case_list(*, actor: Actor, cases: int, narrowed_to: Mapping[str, str]) -> None:
    """Record that a list of this many cases is taken out, and by which filters; commit.

    Called before the file is sent: what cannot be recorded is not sent.
    """
    audit_trail.record(
        actor,
        "exported case list",
        subject=f"cases {cases}",
        changes={name: (None, value) for name, value in narrowed_to.items()},
    )
    db.session.commit()


def contributions(*, actor: Actor, agency: str, rows: int, narrowed_to: Mapping[str, str]) -> None:
    """Record that figures of an agency's advice, or cases behind them, are taken out; commit.

    Called before the file is sent: what cannot be recorded is not sent.
    """
    audit_trail.record(
        actor,
        "exported contributions",
        subject=f"{agency} rows {rows}",
        changes={name: (None, value) for name, value in narrowed_to.items()},
    )
    db.session.commit()
