"""What the address of the page asks for, read without trust."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.access import Viewer
from casework.queries.at_risk import Narrowed
from casework.queries.caseload import Listed
from casework.rules.stages import OPEN_STAGES, STAGES
from casework.web.choices import Choice

#: In place of a team: every case. In place of an officer: those that nobody holds.
ALL, NOBODY = "all", "nobody"
#: The filters, in the order of the page, and what each is called.
LABELS = {"team": "Team", "officer": "Case officer", "stage": "Stage"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The lists as they were asked for."""

    choices: tuple[Choice, ...]
    narrowed: Narrowed

    @property
    def query(self) -> dict[str, str]:
        """Return the query of the address, without its pages."""
        return {choice.name: choice.chosen for choice in self.choices if choice.chosen}

    @property
    def narrowing(self) -> tuple[Choice, ...]:
        """Return the filters that are in use."""
        return tuple(one for one in self.choices if one.chosen not in ("", ALL))


def read(
    query: Mapping[str, str],
    viewer: Viewer,
    teams: Sequence[tuple[int, str]],
    officers: Sequence[Listed],
) -> Asked:
    """Return what the address asks for; a value that the page does not offer counts as none.

    A manager of a team begins with its cases, and one of no team with all of them.
    """
    options = {
        "team": ((ALL, "Every team"), *((str(number), name) for number, name in teams)),
        "officer": ((NOBODY, "Nobody yet"), *((one.public_id, one.name) for one in officers)),
        "stage": tuple((stage.value, STAGES[stage].words) for stage in OPEN_STAGES),
    }
    own = str(viewer.team_id) if viewer.team_id is not None else ALL
    wanted = {"team": own} | {name: query[name] for name in LABELS if name in query}
    chosen = {
        name: wanted.get(name, "") if wanted.get(name, "") in dict(options[name]) else ""
        for name in LABELS
    }
    chosen["team"] = chosen["team"] or own
    is_nobodys = chosen["officer"] == NOBODY
    officer_id = next((one.id for one in officers if one.public_id == chosen["officer"]), None)
    of_team = chosen["team"] != ALL and not is_nobodys
    return Asked(
        choices=tuple(
            Choice(name=name, label=label, options=options[name], chosen=chosen[name])
            for name, label in LABELS.items()
        ),
        narrowed=Narrowed(
            team_id=int(chosen["team"]) if of_team else None,
            officer_id=officer_id,
            is_nobodys=is_nobodys,
            stage=chosen["stage"] or None,
        ),
    )


def filters_in(query: Mapping[str, str]) -> dict[str, Any]:
    """Return what of an address narrows the lists, to lead back to them."""
    return {name: query[name] for name in LABELS if query.get(name)}


def page_number(text: str) -> int:
    """Return the number of a page that an address names, at least 1."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return max(number, 1)
