"""What reading a tracker finds wrong: files, cells that are refused, cells that are doubted."""

from dataclasses import asdict, dataclass


class Unreadable(ValueError):
    """The file cannot be read as a tracker; `str(error)` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One cell and what is said of it.

    `line` is the sheet's own row number, `column` the heading as it stands there (or what the
    finding is about), `value` the cell as a person reads it, `reason` what to do.
    """

    line: int
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, int | str]:
        """Return the finding as the dry run's JSON has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Refusal(Finding):
    """A cell for which its row is left out."""


@dataclass(frozen=True, slots=True)
class Doubt(Finding):
    """A cell to look at; its row comes in."""
