"""Invented records as rows: many at a time, each kind in one statement."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from casework.access import Role
from casework.clock import now
from casework.demonstration.authority import Authority
from casework.demonstration.cases import InventedCase, office_hour
from casework.demonstration.children import Child
from casework.demonstration.draw import Draw
from casework.demonstration.exceptions import Exceptions
from casework.demonstration.minutes import SIGNED_AFTER, SIGNED_AT, SIGNED_BY, Minutes
from casework.demonstration.panels import Panels, People
from casework.demonstration.papers import Papers
from casework.demonstration.placements import Consulted
from casework.demonstration.returned import About, Returned
from casework.demonstration.roads import Step
from casework.demonstration.rows import Row, keep, put
from casework.demonstration.services import Services, keep_services
from casework.demonstration.sittings import Sittings
from casework.models import (
    Case,
    CaseEvent,
    Contact,
    OfficerAssignment,
    Person,
    PersonNameKey,
    Setting,
    SettingClosure,
    Team,
    User,
)
from casework.services import numbering, passwords
from casework.services.people import name_keys

#: A slip is seen a while after it was made, on the same day at the soonest.
PUT_RIGHT_AFTER = timedelta(minutes=20)

#: What a step has that goes into its event as it stands.
_AS_IT_STANDS = ("kind", "recipient", "outcome", "note", "oddity", "doubt")


class Writer:
    """Keeps what was invented in the open transaction, and commits nothing."""

    def __init__(self, draw: Draw, authority: Authority, today: date, papers: Papers) -> None:
        self.cases = self.children = self.events = 0
        self._draw = draw
        self._authority = authority
        self._today = today
        self._teams: list[int] = []
        self._accounts: list[int] = []
        self._settings: list[int] = []
        self._people: list[int] = []
        self._papers = papers
        self._exceptions = Exceptions()
        self.returned: Returned
        self._consulted: Consulted
        self.panels: Panels
        self.minutes: Minutes

    def keep_authority(self, passphrases: Mapping[str, str]) -> None:
        """Keep teams, accounts, settings and closures; `passphrases` are by e-mail address."""
        self._teams = keep(Team, [{"name": name} for name in self._authority.teams])
        places = self._authority.places
        self._settings = keep(Setting, [place.row for place in places])
        services = keep_services(self._today, places, self._settings)
        self._accounts = keep(
            User, [self._account(row, passphrases, services) for row in self._authority.accounts]
        )
        services.employ(self._authority.members, self._accounts)
        self.returned = Returned(services, self._papers, self._today)
        self._consulted = Consulted(self._settings)
        closed = [
            {"setting_id": number, "first_day": first, "last_day": last, "reason": reason}
            for number, place in zip(self._settings, self._authority.places, strict=True)
            for first, last, reason in place.closures
        ]
        keep(SettingClosure, closed)

    def keep_panels(self, draw: Draw, sittings: Sittings) -> None:
        """Keep the panels and their meetings; before any case, which may have been to one."""
        roles = [account["role"] for account in self._authority.accounts]
        seated = self._authority.panel_people
        people = People(
            seated={key: self._accounts[number - 1] for key, number in seated.items()},
            names={k: self._authority.accounts[n - 1]["name"] for k, n in seated.items()},
            clerk=self._accounts[roles.index(Role.PANEL_CLERK)],
            manager=self._manager(),
        )
        self.panels = Panels(draw, sittings, people)
        self.panels.keep()
        self.minutes = Minutes(draw, self.panels)

    def leads(self) -> Mapping[str, int]:
        """Return the ids of the accounts of those who judge advice, by their role."""
        roles = [account["role"] for account in self._authority.accounts]
        judges = (Role.DCO, Role.SOCIAL_CARE_LEAD, Role.MANAGER)
        return {role: self._accounts[roles.index(role)] for role in judges}

    def keep_cases(self, batch: Sequence[InventedCase]) -> list[int]:
        """Keep a batch of cases with their children and events, and return their ids in order."""
        self._keep_children([case.new_child for case in batch if case.new_child])
        ids = numbering.take(Case, len(batch))
        rows = [self._case(number, case) for number, case in zip(ids, batch, strict=True)]
        put(Case, rows)
        held = [row for pair in zip(rows, batch, strict=True) for row in self._held(*pair)]
        keep(OfficerAssignment, held)
        self._keep_events(rows, batch)
        self.cases += len(ids)
        return ids

    def _account(
        self, row: Mapping[str, Any], passphrases: Mapping[str, str], services: Services
    ) -> Row:
        known = passphrases.get(row["email"])
        team = row["team_id"]
        columns = {name: value for name, value in row.items() if name != "service"}
        return {
            **columns,
            "team_id": self._teams[team - 1] if team else None,
            "advice_service_id": services.ids.get(row["service"] or ""),
            "password_hash": passwords.hash_password(known) if known else None,
            "created_at": now(),
        }

    def _keep_children(self, children: Sequence[Child]) -> None:
        ids = keep(Person, [child.person for child in children])
        keys, contacts = [], []
        for number, child in zip(ids, children, strict=True):
            person = child.person
            found = name_keys(person["surname"], person["forenames"], person["known_as"])
            keys += [{"person_id": number, "key": key} for key in found]
            contacts += [{"person_id": number, **contact} for contact in child.contacts]
        put(PersonNameKey, keys)
        keep(Contact, contacts)
        self._people += ids
        self.children += len(ids)

    def _case(self, number: int, case: InventedCase) -> Row:
        officer = case.row["officer_id"]
        return {
            **case.row,
            "id": number,
            "reference": f"EHC-{number:06d}",
            "person_id": self._people[case.child_number - 1],
            "setting_id": self._settings[case.row["setting_id"] - 1],
            "officer_id": self._accounts[officer - 1] if officer else None,
            "version": len(case.steps),
        }

    def _held(self, row: Row, case: InventedCase) -> list[Row]:
        """Who held the case, from which day until which."""
        found: list[Row] = []
        since = case.steps[0].on
        for officer, until in case.earlier_officers:
            found.append(_holding(row["id"], self._accounts[officer - 1], since, until))
            since = until
        if row["officer_id"]:
            found.append(_holding(row["id"], row["officer_id"], since, None))
        return found

    def _keep_events(self, rows: Sequence[Row], batch: Sequence[InventedCase]) -> None:
        self.returned.ask([self._about(row, case) for row, case in zip(rows, batch, strict=True)])
        self._consulted.ask([(row, case.steps) for row, case in zip(rows, batch, strict=True)])
        roads = [(row["id"], case.steps) for row, case in zip(rows, batch, strict=True)]
        behind = self.minutes.keep(roads)
        numbers = iter(numbering.take(CaseEvent, sum(len(case.steps) for case in batch)))
        events: list[Row] = []
        for row, case in zip(rows, batch, strict=True):
            own: list[Row] = []
            for place, step in enumerate(case.steps):
                corrected = None if step.corrects is None else own[step.corrects]
                event = self._event(next(numbers), row, step, corrected)
                self.returned.answer(event, step)
                self._consulted.answer(event, step)
                if decision := behind.get((row["id"], place)):
                    event |= _as_signed(decision)
                self._exceptions.answer(event, step, own)
                own.append(event)
            events += own
        put(CaseEvent, events)
        self._exceptions.write()
        self.returned.write()
        self._consulted.write()
        self.events += len(events)

    def _about(self, row: Row, case: InventedCase) -> About:
        setting = self._authority.places[case.row["setting_id"] - 1].row["name"]
        return About(row["id"], setting, case.steps)

    def _event(self, number: int, row: Row, step: Step, corrected: Row | None) -> Row:
        keyed = min(self._today, max(step.keyed_on or step.on, step.on))
        entered_at = office_hour(self._draw, keyed)
        if corrected:
            entered_at = max(entered_at, corrected["entered_at"] + PUT_RIGHT_AFTER)
        return {
            **{name: getattr(step, name) for name in _AS_IT_STANDS},
            "id": number,
            "case_id": row["id"],
            "happened_on": step.on,
            "decision_id": None,
            "consultation_id": None,
            "corrects_id": corrected["id"] if corrected else None,
            "entered_at": entered_at,
            "entered_by_id": (
                self._manager(row["officer_id"]) if step.by_manager else row["officer_id"]
            ),
        }

    def _manager(self, other_than: int | None = None) -> int:
        """The account of the first manager, or of the first who is another person."""
        pairs = zip(self._accounts, self._authority.accounts, strict=True)
        managers = (number for number, row in pairs if row["role"] == Role.MANAGER)
        return next(number for number in managers if number != other_than)


def _as_signed(decision: Row) -> Row:
    """What a signed decision says of its event: when it was entered, and by whom."""
    return {
        "decision_id": decision["id"],
        "entered_at": decision[SIGNED_AT] + SIGNED_AFTER,
        "entered_by_id": decision[SIGNED_BY],
    }


def _holding(case_id: int, officer_id: int, since: date, until: date | None) -> Row:
    return {"case_id": case_id, "officer_id": officer_id, "from_day": since, "until_day": until}
