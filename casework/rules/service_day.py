"""The day on which a draft plan counts as served: it follows from how and when it was sent."""

from datetime import date, datetime, time, timedelta

from casework.rules.workdays import WorkingDays

#: What is given or emailed after this time of day reaches nobody's desk until the next.
_CLOSE = time(17, 0)
_POSTED = 2
ROUTES = ("by-hand", "post", "email")
#: No two working days are further off than this, Christmas with its bank holidays and weekend too.
LONGEST_IN_THE_POST = timedelta(days=8)


def served_on(route: str, sent: datetime, calendar: WorkingDays) -> date:
    """Return the day of service of a draft sent by a route of ROUTES at a local day and time.

    By post it is the second working day after posting, unless the contrary is shown; by hand or
    email the day itself, or the next working day where that is none or it is after 5pm. Education
    Act 1996, s.572, and the practice that goes with it: the family's days never begin too early.
    Raises ValueError for another route.
    """
    if route not in ROUTES:
        raise ValueError(route)
    day = sent.date()
    if route == "post":
        return calendar.after(day, _POSTED)
    if sent.time() > _CLOSE:
        return calendar.after(day, 1)
    return calendar.on_or_after(day)
