"""What the lines behind a figure say, in words."""

from casework.queries.contribution_cases import RequestLine
from casework.rules.advisers import SERVICES
from casework.rules.contributions import COLUMNS, NOT_RECORDED
from casework.rules.lateness import CAUSES, Whose

_ANSWERS = {"not_known": "Not known to us", "no_advice_needed": "Known, no advice needed"}
_FIGURES = {
    "lifted": "Not on time, the limit lifted",
    "lost": "Weeks lost",
    "plans_any": "Plans issued, with any advice",
    "plans_every": "Plans issued, with every answer asked for",
}


def service_words(name: str) -> str:
    """Return a service's name; of one that is not recorded, its kind."""
    return SERVICES[name].words if name in SERVICES else name


def answer_words(line: RequestLine) -> str:
    """Return how a request was answered, empty where it was not."""
    if line.met_on is None:
        return ""
    return _ANSWERS.get(line.met_as or "", "Advice")


def cause_words(key: str | None) -> str:
    """Return a cause of lateness as a table says it, empty where none is recorded."""
    return CAUSES[key].words if key and key in CAUSES else ""


def figure_words(figure: str) -> str:
    """Return what a figure is called as a heading. Raises KeyError where there is none."""
    return _FIGURES[figure] if figure in _FIGURES else COLUMNS[figure].heading


def narrowed_words(cause: str | None) -> str:
    """Return whose delay, or which cause, a list is narrowed to; empty where to none."""
    if cause and cause in CAUSES:
        return CAUSES[cause].words
    if cause in tuple(Whose):
        return f"Whose delay: {Whose(cause).words.lower()}"
    return "No cause recorded" if cause == NOT_RECORDED else ""
