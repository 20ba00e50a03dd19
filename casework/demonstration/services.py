"""The invented providers and services that give advice, whom to write to, and who works there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from casework.demonstration.authority import DOMAIN, Place, staff
from casework.demonstration.rows import Row, keep, put
from casework.demonstration.words import service_words
from casework.models import AdviceService, Provider, ServiceContact
from casework.models.base import public_id
from casework.names import search_key
from casework.services import numbering

#: Services have been there for so many years, long before the first case.
_YEARS = 12
_SCHOOLS = "schools"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works at a service: the number of their account, their name and post."""

    account_id: int
    name: str
    post: str


@dataclass(slots=True)
class Services:
    """The services that were kept, and which of them is asked."""

    #: Ids by key: for a school's own, its name.
    ids: Mapping[str, int]
    renamed_on: date
    #: Who works at each, by its id.
    members: dict[int, list[Member]] = field(default_factory=dict)

    def employ(self, members: Mapping[str, Sequence[int]], accounts: Sequence[int]) -> None:
        """Say who works where: account numbers by the service's key, and ids by those numbers."""
        for key, posts in staff().items():
            held = zip(members.get(key, ()), posts.items(), strict=True)
            self.members[self.ids[key]] = [
                Member(accounts[number - 1], name, post) for number, (name, post) in held
            ]

    def asked(self, kind: str, setting: str, on: date) -> int | None:
        """Return the id of the service of a kind that is asked about a child there on a day.

        None where a school has no service of its own, and for those that the family chooses.
        """
        if kind == "school":
            return self.ids.get(setting)
        own = [one for one in service_words()["services"] if one["kind"] == kind]
        for one in own:
            if len(own) == 1 or one.get("locality") == _locality(setting):
                if one.get("opened") and on < self.renamed_on:
                    continue
                if one.get("replaced_by") and on >= self.renamed_on:
                    continue
                return self.ids[one["key"]]
        return None


def service_rows() -> list[Row]:
    """Return the services as they are written down, the schools' own among them."""
    schools = [
        {
            "key": one["setting"],
            "kind": "school",
            "name": f"{one['setting']}: SENCO",
            "provider": _SCHOOLS,
            **one,
        }
        for one in service_words()["schools"]
    ]
    return [*service_words()["services"], *schools]


def keep_services(today: date, places: Sequence[Place], setting_ids: Sequence[int]) -> Services:
    """Keep the providers, their services and whom to write to, in the open transaction."""
    since, renamed_on = date(today.year - _YEARS, 9, 1), last_spring(today)
    settings = {
        place.row["name"]: number for place, number in zip(places, setting_ids, strict=True)
    }
    providers = service_words()["providers"]
    rows = [{"name": p["name"], "ods_code": p["ods_code"], "version": 1} for p in providers]
    of_key = dict(zip((p["key"] for p in providers), keep(Provider, rows), strict=True))
    found = service_rows()
    ids = dict(
        zip((s["key"] for s in found), numbering.take(AdviceService, len(found)), strict=True)
    )
    services = [
        {
            "id": ids[one["key"]],
            "public_id": public_id(),
            "name": one["name"],
            "kind": one["kind"],
            "provider_id": of_key[one["provider"]],
            "setting_id": settings[one["key"]] if one["kind"] == "school" else None,
            "from_day": renamed_on if one.get("opened") else since,
            "until_day": renamed_on - timedelta(days=1) if one.get("replaced_by") else None,
            "replaced_by_id": ids[one["replaced_by"]] if one.get("replaced_by") else None,
            "version": 1,
        }
        for one in found
    ]
    put(AdviceService, sorted(services, key=lambda row: row["replaced_by_id"] is not None))
    keep(ServiceContact, _contacts(services, found, today))
    return Services(ids, renamed_on)


def last_spring(today: date) -> date:
    """Return the first of April that has been for three months at least."""
    first = date(today.year, 4, 1)
    return first if today >= date(today.year, 7, 1) else first.replace(year=today.year - 1)


def _locality(setting: str) -> str | None:
    found = service_words()["localities"].items()
    return next((name for name, settings in found if setting in settings), None)


def _contacts(services: Sequence[Row], given: Sequence[Row], today: date) -> list[Row]:
    """The mailbox and the escalation contact of each; one of these is covered for a while."""
    found = []
    for row, one in zip(services, given, strict=True):
        since, until = row["from_day"], row["until_day"]
        lead = one["escalation"]
        found.append(_contact(row["id"], "mailbox", "", one["mailbox"], since, until))
        found.append(_contact(row["id"], "escalation", lead, _local(lead), since, until))
        if cover := one.get("cover"):
            first, last = today - timedelta(days=10), today + timedelta(days=25)
            found.append(_contact(row["id"], "cover", cover, _local(cover), first, last))
    return found


def _local(name: str) -> str:
    return search_key(name).replace(" ", ".")


def _contact(
    service_id: int, part: str, name: str, local: str, since: date, until: date | None
) -> dict[str, Any]:
    return {
        "public_id": public_id(),
        "service_id": service_id,
        "part": part,
        "name": name,
        "email": f"{local}@{DOMAIN}",
        "phone": None if part == "mailbox" else f"01632 960{100 + service_id % 800:03d}",
        "from_day": since,
        "until_day": until,
    }
