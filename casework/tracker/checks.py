"""What a row's facts say against one another: what refuses it, and what only asks for a look."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta

#: A row's days besides the request's and the birth, by the column that holds each.
_STEPS: Final = {
    "assess_decision_sent": "assess_decision_sent",
    "ep_requested": "ep_requested",
    "ep_received": "ep_received",
    "health_requested": "health_requested",
    "health_received": "health_received",
    "social_care_requested": "social_care_requested",
    "social_care_received": "social_care_received",
    "panel_date": "panel_date",
    "no_plan_notice_sent": "no_plan_notice_sent",
    "draft_served": "draft_served",
    "final_plan_sent": "final_plan_sent",
    "withdrawn_on": "withdrawn",
}
#: Part 3 of the Children and Families Act 2014 began; there was no EHC assessment before it.
_PART_3_BEGAN: Final = date(2014, 9, 1)
#: A plan may run to the end of the academic year in which a young person is 25 (section 46).
_TOO_OLD: Final = relativedelta(years=26)

Said = Iterator[tuple[str, str]]


def contradictions(row: Mapping[str, Any], today: date) -> Said:
    """Yield (field, reason) for each fact for which a row is refused.

    `row` is {name: value}, with what was not given or could not be read left out.
    """
    received, born = row.get("request_received"), row.get("date_of_birth")
    final = row.get("final_plan_sent")
    if received and received > today:
        yield "request_received", "The request is in the future. Check the year"
    if received and born and born > received:
        yield (
            "date_of_birth",
            "The birth is after the request. Check both: a year of two figures is read as 20YY",
        )
    if received and final and final < received:
        yield "final_plan_sent", "The final plan is before the request. Check both dates"
    if row.get("exception") and not row.get("exception_reason"):
        yield "exception", "An exception is marked and no reason is given. Write the reason"


def oddities(row: Mapping[str, Any], today: date) -> Said:
    """Yield (field, reason) for each fact that comes in and that somebody should look at."""
    received = row["request_received"]
    if received < _PART_3_BEGAN:
        yield "request_received", "The request is before 1 September 2014. Check the year"
    born = row.get("date_of_birth")
    if born and born + _TOO_OLD <= received:
        yield "date_of_birth", "The young person was over 25 at the request. Check the year"
    for name, column in _STEPS.items():
        day = row.get(name)
        if day and day > today:
            yield column, "This date is in the future. It comes in as it is: check it"
        elif day and day < received:
            yield column, "This date is before the request. It comes in as it is: check it"
    if row.get("exception_reason") and not row.get("exception"):
        yield (
            "exception_reason",
            "A reason is given and no exception is marked, so there is none. Mark it Y if there is",
        )
