"""The invented providers and services that give advice, and whom to write to there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from casework.demonstration.authority import DOMAIN
from casework.demonstration.rows import keep
from casework.models import AdviceService, Provider, ServiceContact
from casework.models.base import public_id
from casework.names import search_key

#: Long before the demonstration's first case.
SINCE = date(2019, 9, 1)


@dataclass(frozen=True, slots=True)
class Services:
    """The services that were kept."""

    #: The id of the service of each kind.
    of_kind: Mapping[str, int]


@cache
def service_words() -> dict[str, Any]:
    """Return the providers and services as they are written down."""
    path = Path(__file__).with_name("services.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def keep_services() -> Services:
    """Keep the providers, their services and whom to write to, in the open transaction."""
    providers, services = service_words()["providers"], service_words()["services"]
    rows = [{"name": p["name"], "ods_code": p["ods_code"], "version": 1} for p in providers]
    ids = keep(Provider, [{**row, "public_id": public_id()} for row in rows])
    of_key = dict(zip((p["key"] for p in providers), ids, strict=True))
    kept = keep(AdviceService, [_service(s, of_key[s["provider"]]) for s in services])
    contacts = [
        _contact(service_id, part, name, local)
        for service_id, one in zip(kept, services, strict=True)
        for part, name, local in _of(one)
    ]
    keep(ServiceContact, contacts)
    return Services(dict(zip((s["kind"] for s in services), kept, strict=True)))


def _service(service: Mapping[str, Any], provider_id: int) -> dict[str, Any]:
    return {
        "public_id": public_id(),
        "name": service["name"],
        "kind": service["kind"],
        "provider_id": provider_id,
        "from_day": SINCE,
        "version": 1,
    }


def _of(service: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """As what somebody is written to, who they are, and the local part of their address."""
    lead = service["escalation"]
    local = search_key(lead).replace(" ", ".")
    return [("mailbox", "", service["mailbox"]), ("escalation", lead, local)]


def _contact(service_id: int, part: str, name: str, local: str) -> dict[str, Any]:
    return {
        "public_id": public_id(),
        "service_id": service_id,
        "part": part,
        "name": name,
        "email": f"{local}@{DOMAIN}",
        "from_day": SINCE,
    }
