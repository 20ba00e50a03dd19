"""The lawful reasons for missing a limit: which regulation lists which, and what each lifts.

An exception never moves a due date. It lifts the long-stop of the limits whose regulation lists
its ground; "as soon as practicable" always survives (SEND Regulations 2014, regs 5(4), 8(2),
10(4), 13(3), 44(3)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from casework.rules.ground_words import read_ground as read_ground
from casework.rules.sources import COP, CORONAVIRUS, DETAINED, SENDR, TRANSITION


@dataclass(frozen=True, slots=True)
class Ground:
    """A lawful reason: `words` for a sentence, `title` for a list."""

    id: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Regulation:
    """A provision that lists grounds; `letters` gives each ground's own paragraph letter."""

    id: str
    citation: str
    letters: Mapping[str, str]

    @property
    def grounds(self) -> tuple[str, ...]:
        """Return the ids of the grounds this regulation lists."""
        return tuple(self.letters)

    def cited(self, ground: str | None) -> str:
        """Return the citation, with the ground's own paragraph where it has one."""
        letter = self.letters.get(ground or "")
        return f"{self.citation}({letter})" if letter else self.citation


GROUNDS: Mapping[str, Ground] = MappingProxyType(
    {
        ground.id: ground
        for ground in (
            Ground(
                "X1",
                "School or college closed",
                "advice was asked of a school or college around a closure of at least 4 weeks",
            ),
            Ground(
                "X2",
                "Early years provider closed",
                "advice was asked of an early years provider around a closure of at least 4 weeks",
            ),
            Ground(
                "X3",
                "Exceptional personal circumstances",
                "exceptional personal circumstances affected the child, parent or young person",
            ),
            Ground(
                "X4",
                "Away from the area for 4 weeks",
                "the child, parent or young person was away from the area for at least 4 weeks",
            ),
            Ground(
                "X5",
                "Appointment missed",
                "the child or young person missed an appointment for an examination or test",
            ),
            Ground(
                "X6",
                "Away from the area for 2 weeks",
                "the child, parent or young person was away from the area for at least 2 weeks",
            ),
            Ground(
                "XC",
                "Coronavirus, 1 May to 25 September 2020",
                "coronavirus made the limit impractical between 1 May and 25 September 2020",
            ),
        )
    }
)

_FOUR = {"X1": "a", "X2": "b", "X3": "c", "X4": "d", "XC": "e"}
_ORDERS = {"X3": "a", "X6": "b", "X1": "c", "X2": "c", "X4": "c", "XC": "c"}

#: Each provision that lets a limit go, and the grounds it lists. The letters of regulation 5(4)(a)
#: are read in the law itself; the others are unconfirmed, as the notes of the rows say of the text.
REGULATIONS: Mapping[str, Regulation] = MappingProxyType(
    {
        regulation.id: regulation
        for regulation in (
            Regulation("5(4)", f"{SENDR}, reg 5(4)", _FOUR),
            Regulation("8(2)", f"{SENDR}, reg 8(2)", {"X3": "a", "X4": "b", "X5": "c", "XC": "d"}),
            Regulation(
                "9.42", f"{COP}, para 9.42", dict.fromkeys(("X1", "X2", "X3", "X4", "X5"), "")
            ),
            Regulation("10(4)", f"{SENDR}, reg 10(4)", _FOUR),
            Regulation("13(3)", f"{SENDR}, reg 13(3)", _FOUR),
            Regulation("26", f"{SENDR}, reg 26", {"X3": "a", "X4": "b", "X5": "c"}),
            Regulation("27(3)", f"{SENDR}, reg 27(3)", _FOUR),
            Regulation("44(3)", f"{SENDR}, reg 44(3)", _ORDERS),
            Regulation("2020/471", CORONAVIRUS, {"XC": ""}),
            Regulation("DP 5", f"{DETAINED}, reg 5", {"X1": "a", "X3": "b", "X4": "c"}),
            Regulation("DP 10(4)", f"{DETAINED}, reg 10(4)", {"X1": "a", "X3": "b", "X4": "c"}),
            Regulation(
                "art 21",
                f"{TRANSITION}, art 21, as {SENDR}, reg 10(4)",
                dict.fromkeys(("X1", "X2", "X3", "X4"), ""),
            ),
        )
    }
)

_WEEK = timedelta(days=7)
_FOUR_WEEKS = timedelta(days=28)
_DAY = timedelta(days=1)


def closure_window(first_closed: date, last_closed: date) -> tuple[date, date] | None:
    """Return the first and last day on which asking for advice counts as asking round a closure.

    It opens 7 days before the first day of closure and ends 7 days before re-opening. None for a
    closure shorter than 4 continuous weeks (SEND Regulations 2014, reg 5(4)(a) and 10(4)(a)).
    Raises ValueError if the closure ends before it begins.
    """
    if last_closed < first_closed:
        raise ValueError("The last day of a closure cannot be before its first day.")
    reopens = last_closed + _DAY
    if reopens - first_closed < _FOUR_WEEKS:
        return None
    return first_closed - _WEEK, reopens - _WEEK
