"""What a service refuses, in words for the person who asked."""

from collections.abc import Mapping, Sequence

from casework.queries.changes import Change


class Refused(Exception):
    """The act is not done and nothing has changed. `reasons` are words by field name."""

    def __init__(self, reasons: Mapping[str, str], *, is_oddity: bool = False) -> None:
        super().__init__("; ".join(reasons.values()))
        self.reasons = dict(reasons)
        #: True where a manager may record it all the same, with a reason.
        self.is_oddity = is_oddity


class ChangedMeanwhile(Exception):
    """Someone else changed the record first. Nothing was saved; `changes` says what they did."""

    def __init__(self, version: int, changes: Sequence[Change]) -> None:
        super().__init__("the record was changed meanwhile")
        self.version = version
        self.changes = tuple(changes)


class NotRecorded(Exception):
    """The audit trail could not be written, so nothing may be done and nothing shown."""


class Absent(LookupError):
    """There is no such record, or none that this person may know of."""
