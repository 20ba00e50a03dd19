"""What a list's address asks for, read without trust. Nothing in it names or numbers a child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.access import Role, Viewer
from casework.queries.caseload import FILTERED, Filters, Listed
from casework.rules.stages import OPEN_STAGES, STAGES, WAITING_ON, Stage
from casework.rules.standing_words import TITLES
from casework.web.choices import Choice

#: The lists an officer or a manager moves between, and what each is called.
VIEWS = {"mine": "My cases", "team": "My team’s cases", "all": "All cases"}
#: What "all" is for those who see only the cases where their own advice was asked for.
ALL_OF = {
    Role.DCO: "Cases where health advice is asked for",
    Role.SOCIAL_CARE_LEAD: "Cases where social care advice is asked for",
}
#: The filters, in the order of the page, and what each is called.
LABELS = {
    "standing": "Time limit",
    "stage": "Stage",
    "waiting-on": "Waiting for",
    "officer": "Case officer",
    "setting": "School or setting",
    "state": "Open or ended",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A list as it was asked for: which list, narrowed by which choices, which page of it."""

    view: str
    views: tuple[str, ...]
    choices: tuple[Choice, ...]
    page: int

    @property
    def query(self) -> dict[str, str]:
        """Return the query of this list's address, without its page."""
        chosen = {choice.name: choice.chosen for choice in self.choices if choice.chosen}
        return {"view": self.view, **chosen}

    @property
    def narrowed(self) -> tuple[Choice, ...]:
        """Return the filters that are in use."""
        return tuple(choice for choice in self.choices if choice.chosen)

    @property
    def is_of_ended(self) -> bool:
        """Return whether the list is of cases whose assessment is over."""
        return self.query.get("state") == "ended"


def read(
    query: Mapping[str, str],
    viewer: Viewer,
    officers: Sequence[Listed],
    settings: Sequence[Listed],
) -> Asked:
    """Return what the address asks for; a value that the page does not offer counts as none."""
    views = views_of(viewer)
    stages = tuple((s.value, STAGES[s].words) for s in _stages(query.get("state")))
    options = {
        "standing": tuple((s.value, TITLES[s]) for s in FILTERED),
        "stage": stages,
        "waiting-on": tuple((key, words) for key, words in WAITING_ON.items() if key != "nobody"),
        "officer": tuple((officer.public_id, officer.name) for officer in officers),
        "setting": tuple((setting.public_id, setting.name) for setting in settings),
        "state": (("ended", "Ended"),),
    }
    view = query.get("view", "")
    return Asked(
        view=view if view in views else views[0],
        views=views,
        choices=tuple(
            Choice(
                name=name, label=label, options=options[name], chosen=_offered(query, name, options)
            )
            for name, label in LABELS.items()
        ),
        page=_page(query.get("page", "")),
    )


def filters(
    asked: Asked, viewer: Viewer, officers: Sequence[Listed], settings: Sequence[Listed]
) -> Filters:
    """Return the filters of the query that answers what was asked."""
    chosen = asked.query
    officer_id = _id(officers, chosen.get("officer"))
    return Filters(
        officer_id=viewer.user_id if asked.view == "mine" and officer_id is None else officer_id,
        team_id=viewer.team_id if asked.view == "team" else None,
        stage=chosen.get("stage"),
        standing=None if asked.is_of_ended else chosen.get("standing"),
        setting_id=_id(settings, chosen.get("setting")),
        waiting_on=None if asked.is_of_ended else chosen.get("waiting-on"),
        ended=asked.is_of_ended,
    )


def views_of(viewer: Viewer) -> tuple[str, ...]:
    """Return the lists this person has, their own first."""
    team = ("team",) if viewer.team_id is not None else ()
    if viewer.role == Role.CASE_OFFICER:
        return ("mine", *team, "all")
    return (*team, "all") if viewer.role == Role.MANAGER else ("all",)


def titles(viewer: Viewer) -> dict[str, str]:
    """Return what each list is called for this person."""
    return VIEWS | {"all": ALL_OF.get(Role(viewer.role), VIEWS["all"])}


def _stages(state: str | None) -> tuple[Stage, ...]:
    return tuple(s for s in STAGES if (s in OPEN_STAGES) != (state == "ended"))


def _offered(
    query: Mapping[str, str], name: str, options: Mapping[str, tuple[tuple[str, str], ...]]
) -> str:
    value = query.get(name, "")
    return value if value in dict(options[name]) else ""


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _id(listed: Sequence[Listed], public_id: str | None) -> int | None:
    return next((one.id for one in listed if one.public_id == public_id), None)
