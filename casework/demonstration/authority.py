"""The invented authority: its people with accounts, its teams, the places children attend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.access import Role
from casework.codes import SettingType
from casework.demonstration.draw import Draw
from casework.demonstration.words import panel_words, service_words, words
from casework.names import search_key
from casework.rules.panels import PanelAgency, Position

#: Reserved for examples (RFC 2606): no message can reach anyone.
DOMAIN = "example.org"

#: One account of each role has a passphrase: who it is, and the rest of their columns.
SIGN_INS: dict[Role, tuple[str, dict[str, Any]]] = {
    Role.CASE_OFFICER: ("Oona Adeyemi-Fox", {"team_id": 1, "takes_complex_cases": True}),
    Role.PANEL_MEMBER: ("Rupert Kirkbride", {}),
    Role.PANEL_CLERK: ("Sunita Iyer", {}),
    Role.MANAGER: ("Marguerite Dubois", {"team_id": 1, "takes_complex_cases": True}),
    Role.DCO: ("Dr Anselm Nwosu", {}),
    Role.SOCIAL_CARE_LEAD: ("Kerry-Ann Beckford", {}),
    Role.SERVICE_MEMBER: ("Lars Sørensen", {"service": "speech-north"}),
    Role.AUDITOR: ("Philippa Garside", {}),
    Role.DATA_PROTECTION_OFFICER: ("Yusuf Mirza", {}),
    Role.BOARD_READER: ("Cllr Winifred Marsden", {}),
    Role.ADMINISTRATOR: ("Ade Williams", {}),
}
#: Who manages each team after the first, whose manager has a passphrase. At most six teams.
MANAGERS = ("Bronwen Achebe", "Desmond Farrier", "Ishaan Raval", "Lorna Quigley", "Piotr Sikora")
_SENCO = "Special educational needs co-ordinator"
#: Cases to an officer, before there is another; and the most of either.
CASES_TO_AN_OFFICER, MOST_OFFICERS, FEWEST_OFFICERS = 60, 60, 9
OFFICERS_TO_A_TEAM = 10

_EARLY = {SettingType.EARLY_YEARS, SettingType.NURSERY_SCHOOL}
_LATE = {SettingType.FURTHER_EDUCATION, SettingType.SPECIAL_POST_16}
#: How old a child is in each kind of setting when a request is made: from, to.
AGES = {
    SettingType.EARLY_YEARS: (2, 4),
    SettingType.NURSERY_SCHOOL: (3, 4),
    SettingType.PRIMARY: (4, 10),
    SettingType.SECONDARY: (11, 15),
    SettingType.ALL_THROUGH: (4, 17),
    SettingType.SPECIAL: (4, 18),
    SettingType.SECTION_41: (8, 18),
    SettingType.ALTERNATIVE_PROVISION: (11, 15),
    SettingType.FURTHER_EDUCATION: (16, 20),
    SettingType.SPECIAL_POST_16: (16, 20),
}
#: How many children come from such a setting, for each that comes from another of their age.
RARE = {
    SettingType.SPECIAL: 0.3,
    SettingType.SECTION_41: 0.1,
    SettingType.ALTERNATIVE_PROVISION: 0.3,
    SettingType.ALL_THROUGH: 0.7,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A setting: its columns, and the spans of days on which it is closed."""

    row: dict[str, Any]
    closures: list[tuple[date, date, str]]

    @property
    def type(self) -> SettingType:
        """Return what kind of setting it is."""
        return SettingType(self.row["kind"])

    def takes(self, age: int) -> bool:
        """Return whether children of this age attend it."""
        first, last = AGES[self.type]
        return first <= age <= last


@dataclass(frozen=True, slots=True)
class Authority:
    """Rows of team, user and setting, numbered from 1 in the order given."""

    teams: list[str]
    accounts: list[dict[str, Any]]
    places: list[Place]
    #: Account numbers of those who hold cases, by team number.
    officers: dict[int, list[int]]
    #: Account numbers of those who sit on panels, by their key in panels.json.
    panel_people: dict[str, int]
    #: Account numbers of those who work at services, by the key of their service.
    members: dict[str, list[int]]

    def sits_as(self, number: int) -> str:
        """Return what an account does on which panel, in words: "Health: member, Plan panel"."""
        keys = {key for key, account in self.panel_people.items() if account == number}
        found = [
            (PanelAgency(agency).words, f"{Position(position).words.lower()}, {panel['name']}")
            for panel in panel_words()["panels"]
            for key, agency, position in panel["members"]
            if key in keys
        ]
        return f"{found[0][0]}: {'; '.join(words for _, words in found)}" if found else ""


def who_answers(authority: Authority) -> list[int]:
    """Return the account number of one member of each service that somebody may sign in from."""
    return [authority.members[key][0] for key in service_words()["sign_ins"]]


def who_sits(authority: Authority) -> list[int]:
    """Return the account numbers of those who sit on a panel and have not left it."""
    left = {one["key"] for one in panel_words()["people"] if one.get("has_left")}
    return [n for key, n in authority.panel_people.items() if key not in left]


def invent(draw: Draw, *, cases: int, years: Sequence[int]) -> Authority:
    """Return an authority fit for so many cases, its settings closed as schools are in `years`."""
    officers = min(MOST_OFFICERS, max(FEWEST_OFFICERS, cases // CASES_TO_AN_OFFICER))
    teams = words()["teams"][: max(3, officers // OFFICERS_TO_A_TEAM)]
    accounts = [_account(role, name, **details) for role, (name, details) in SIGN_INS.items()]
    held: dict[int, list[int]] = {number: [] for number in range(1, len(teams) + 1)}
    held[1] = [list(SIGN_INS).index(role) + 1 for role in (Role.CASE_OFFICER, Role.MANAGER)]
    for number in range(officers):
        team = number % len(teams) + 1
        accounts.append(_officer(number, team))
        held[team].append(len(accounts))
    accounts += [
        _account(Role.MANAGER, name, f"manager-{team}@{DOMAIN}", team_id=team)
        for team, name in zip(range(2, len(teams) + 1), MANAGERS, strict=False)
    ]
    seated = _seat(accounts)
    members = _employ(accounts)
    places = [
        _place(draw, number, name, kind, years)
        for number, (name, kind) in enumerate(words()["settings"], start=1)
    ]
    return Authority(teams, accounts, places, held, seated, members)


def _seat(accounts: list[dict[str, Any]]) -> dict[str, int]:
    """Add an account for each who sits on a panel and has none yet; return them by key."""
    numbers = {account["email"]: n for n, account in enumerate(accounts, start=1)}
    seated = {}
    for person in panel_words()["people"]:
        email = f"{person['email']}@{DOMAIN}"
        if email not in numbers:
            accounts.append(_account(Role.PANEL_MEMBER, person["name"], email))
            numbers[email] = len(accounts)
        seated[person["key"]] = numbers[email]
    return seated


def _employ(accounts: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Add an account for each who works at a service and has none yet; return them by service."""
    known = {(one["service"], one["name"]): n for n, one in enumerate(accounts, start=1)}
    found: dict[str, list[int]] = {}
    for key, names in staff().items():
        for name in names:
            if (key, name) not in known:
                email = f"{search_key(name).replace(' ', '.')}@{DOMAIN}"
                accounts.append(_account(Role.SERVICE_MEMBER, name, email, service=key))
                known[key, name] = len(accounts)
            found.setdefault(key, []).append(known[key, name])
    return found


def staff() -> dict[str, dict[str, str]]:
    """Return the posts of those who work at services, by the key of their service and name."""
    found = {one["key"]: dict(one["members"]) for one in service_words()["services"]}
    schools = service_words()["schools"]
    return found | {one["setting"]: {one["senco"]: _SENCO} for one in schools}


def _account(role: str, name: str, email: str | None = None, **details: Any) -> dict[str, Any]:
    columns = {"team_id": None, "service": None, "takes_complex_cases": False} | details
    address = email or f"{role}@{DOMAIN}"
    return {"role": role, "name": name, "email": address, "is_demonstration": True} | columns


def _officer(number: int, team: int) -> dict[str, Any]:
    known: list[str] = words()["officers"]
    name = known[number % len(known)]
    if number >= len(known):
        name = f"{name.split()[0]} {words()['origins']['english']['s'][number % 25]}"
    email = f"{search_key(name).replace(' ', '.')}.{number + 1}@{DOMAIN}"
    complex_too = number % 4 == 0
    return _account(Role.CASE_OFFICER, name, email, team_id=team, takes_complex_cases=complex_too)


def _place(draw: Draw, number: int, name: str, kind: str, years: Sequence[int]) -> Place:
    """Numbers from 999000 are given to no school, and from 19999000 to no provider."""
    row = {
        "name": name,
        "name_key": search_key(name),
        "kind": kind,
        "urn": None if kind in _LATE else f"{999000 + number}",
        "ukprn": f"{19999000 + number}",
        "needs_review": False,
    }
    if kind == SettingType.EARLY_YEARS and number % 2:
        return Place(row, [])  # open all year
    return Place(row, [span for year in years for span in _holidays(draw, year, kind in _LATE)])


def _holidays(draw: Draw, year: int, is_college: bool) -> list[tuple[date, date, str]]:
    """The long holidays of one calendar year, some days apart from school to school."""
    summer = date(year, 7, 4) if is_college else date(year, 7, 21)
    return [
        (date(year, 4, 1) + draw.between(0, 3), date(year, 4, 14), "Easter"),
        (summer + draw.between(0, 3), date(year, 9, 1) + draw.between(0, 3), "Summer"),
        (date(year, 12, 20), date(year + 1, 1, 3) + draw.between(0, 2), "Christmas"),
    ]
