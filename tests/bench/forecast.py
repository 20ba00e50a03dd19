"""Every forecast worked out anew, beside the barest SQL that reads the same rows."""

import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text

from casework.extensions import db
from casework.rules.forecast import LOOK_BACK
from casework.services import forecasts
from tests.bench.data import Data
from tests.bench.measure import Comparison

#: Must be at most so many times the three questions: each open case is worked out besides.
GOAL = 5
_WALKED = "c.kind <> 'transfer' AND (c.ended_on IS NULL OR c.ended_on >= :since)"
_KINDS = (
    "'decided_to_assess', 'told_will_assess', 'decided_not_to_assess', 'told_will_not_assess', "
    "'decided_to_issue', 'decided_not_to_issue', 'no_plan_notice_sent', 'draft_served', "
    "'final_plan_sent'"
)
#: The first day of each kind of step, the requests for advice, and the limits of final plans.
_QUESTIONS = (
    f"""SELECT e.case_id, e.kind, min(e.happened_on) FROM case_event e
        JOIN ehc_case c ON c.id = e.case_id
        WHERE e.kind IN ({_KINDS}) AND {_WALKED} GROUP BY e.case_id, e.kind""",
    f"""SELECT d.case_id, a.service, d.asked_on, d.met_on, d.closed_on FROM deadline d
        JOIN adviser a ON a.id = d.adviser_id JOIN ehc_case c ON c.id = d.case_id
        WHERE d.duty LIKE '%advice%' AND {_WALKED}""",
    f"""SELECT d.case_id, d.due_on, d.met_on, d.closed_on, d.lifted_by FROM deadline d
        JOIN ehc_case c ON c.id = d.case_id WHERE d.duty LIKE '%final%' AND {_WALKED}""",
)


def compare(data: Data, passes: int) -> Iterator[Comparison]:
    """Yield the refresh where all is written anew, and where nothing has changed."""
    anew, same = Comparison("forecast, all anew", GOAL), Comparison("forecast, the same", GOAL)
    for _ in range(passes):
        with data.app.app_context(), db.engine.begin() as connection:
            connection.execute(text("DELETE FROM forecast"))
        floor = _floor(data)
        anew.p50.append((_refresh(data, is_anew=True), floor))
        same.p50.append((_refresh(data, is_anew=False), floor))
    yield anew
    yield same


def _refresh(data: Data, *, is_anew: bool) -> float:
    with data.app.app_context():
        began = time.perf_counter()
        found = forecasts.refresh(data.today)
        took = time.perf_counter() - began
    assert not found.failed
    assert found.changed == (found.forecast if is_anew else 0)
    assert found.forecast > 0.8 * data.counts["open"]
    return took


def _floor(data: Data) -> float:
    since = (data.today - timedelta(days=LOOK_BACK)).isoformat()
    if data.kind == "postgresql":
        since = data.today - timedelta(days=LOOK_BACK)  # type: ignore[assignment]
    with data.app.app_context(), db.engine.connect() as connection:
        began = time.perf_counter()
        for question in _QUESTIONS:
            connection.execute(text(question), {"since": since}).all()
        return time.perf_counter() - began
