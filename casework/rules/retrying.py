"""How long email that was put off waits before it is tried again, and when that ends.

A mail server puts off what it may yet take: a mailbox that is full, a sender it does not know yet,
too much at once (RFC 5321, 4.5.4.1, which has it tried for four or five days).
"""

from datetime import datetime, timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=4)
#: What has been put off for so long has failed.
AT_MOST = timedelta(days=4)
#: After no answer: longer than a server takes to show that it had the first copy.
AFTER_NO_ANSWER = timedelta(minutes=15)


def pause(attempts: int, draw: float) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time, up to a limit.

    `draw`, from 0 up to 1, takes or adds up to a quarter, so that what was put off together does
    not all come back together.
    """
    doubled = FIRST * (1 << min(max(attempts, 1) - 1, 10))
    return min(doubled, LONGEST) * (0.75 + draw / 2)


def is_given_up(put_off_at: datetime, now: datetime) -> bool:
    """Return whether what was first put off at a moment has been tried for long enough."""
    return now - put_off_at >= AT_MOST
