"""Issuing the monthly report on an agency's advice: from then on it stays as it was."""

import json
from datetime import date

from sqlalchemy.exc import IntegrityError

from casework.clock import now
from casework.extensions import db
from casework.models import ContributionReport
from casework.queries import contribution_reports as queries
from casework.rules import contribution_report
from casework.rules.indicators import Period
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Refused

_MEANWHILE = "Somebody else has issued this report meanwhile. Read it before you restate it"


def issue(
    *,
    actor: Actor,
    today: date,
    agency: str,
    month: Period,
    version: int,
    late_after: int,
    commentary: str,
    restated_why: str | None = None,
) -> ContributionReport:
    """Freeze a month's figures as version `version` of its report, and commit; return it.

    Raises Refused where the month is not over, where that version is not the next, and where a
    report is restated with no reason.
    """
    if month.last >= today:
        raise Refused({"commentary": "A month’s report is issued once the month is over"})
    if version != len(queries.issued(agency, month.first)) + 1:
        raise Refused({"commentary": _MEANWHILE})
    if version > 1 and not (restated_why or "").strip():
        raise Refused({"restated_why": "Say why the report is restated"})
    exact = queries.figures(agency, month, late_after)
    made = ContributionReport(
        agency=agency,
        month=month.first,
        version=version,
        restated_why=restated_why if version > 1 else None,
        figures=json.dumps({"exact": exact, "shown": contribution_report.to_leave(exact)}),
        commentary=commentary,
        issued_at=now(),
        issued_by_id=actor.user_id,
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise Refused({"commentary": _MEANWHILE}) from None
    audit_trail.record(
        actor,
        "issued contribution report",
        subject=f"{agency} {month.first:%Y-%m} version {version}",
        changes={"commentary": (None, commentary), "restated_why": (None, restated_why)},
    )
    db.session.commit()
    return made
