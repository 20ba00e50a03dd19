"""How far a request for advice has come, as the service that was asked sees it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from casework.rules.history import Happened


class Step(StrEnum):
    """The step that a request for advice has reached."""

    NEW = "new"
    RECEIVED = "received"
    EXPECTED = "expected"
    ANSWERED = "answered"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"

    @property
    def words(self) -> str:
        """Return the step as a list says it to the service."""
        return _WORDS[self]

    @property
    def is_to_do(self) -> bool:
        """Return whether the service has something to do."""
        return self in (Step.NEW, Step.RECEIVED, Step.EXPECTED, Step.SENT_BACK)


_WORDS = {
    Step.NEW: "Not marked as received",
    Step.RECEIVED: "Received",
    Step.EXPECTED: "Cannot be in time",
    Step.ANSWERED: "Answered",
    Step.SENT_BACK: "Sent back",
    Step.ACCEPTED: "Accepted",
    Step.WITHDRAWN: "Withdrawn",
    Step.ENDED: "No longer asked",
}

#: The events that move a request on, and the step that each brings it to.
STEP_OF: Mapping[str, Step] = MappingProxyType(
    {
        "advice_requested": Step.NEW,
        "advice_request_received": Step.RECEIVED,
        "advice_expected": Step.EXPECTED,
        "advice_received": Step.ANSWERED,
        "advice_sent_back": Step.SENT_BACK,
        "advice_accepted": Step.ACCEPTED,
        "advice_request_withdrawn": Step.WITHDRAWN,
    }
)


def step_after(kind: str, *, is_closed: bool, is_answered: bool) -> Step:
    """Return the step of a request whose latest event is of this kind.

    `is_closed` says that nothing is owed any more, though it was not answered; `is_answered` that
    the law's limit was met: a reminder that was asked after it is no new request.
    """
    step = STEP_OF[kind]
    if is_closed and step in (Step.NEW, Step.RECEIVED, Step.EXPECTED):
        return Step.ENDED
    if is_answered and step in (Step.NEW, Step.RECEIVED, Step.EXPECTED):
        return Step.ANSWERED
    return step


def latest_of(own: Sequence[Happened]) -> Happened | None:
    """Return the latest of one adviser's events that moves its request on, or None."""
    moving = [event for event in own if event.kind in STEP_OF]
    return max(moving, key=lambda event: (event.on, event.id), default=None)
