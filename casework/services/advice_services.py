"""The services that give advice, kept true: added, changed, closed or replaced, with contacts."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from casework.extensions import db
from casework.models import AdviceService, Provider, ServiceContact
from casework.queries.scope import answering
from casework.rules.advisers import SERVICES
from casework.rules.civil_dates import spoken
from casework.services import audit_trail
from casework.services.audit_trail import Actor, Changes
from casework.services.errors import Absent, ChangedMeanwhile, Refused

_DAY = timedelta(days=1)


def add_service(*, actor: Actor, provider: str, details: Mapping[str, Any]) -> str:
    """Add a service of a provider, and commit. Returns its public id.

    A provider that has not been named before is made. `details` are columns of AdviceService.
    Raises Refused for a name, or a school, that another service has.
    """
    _refuse_taken(None, details)
    service = AdviceService(**details, provider=_provider(actor, provider))
    db.session.add(service)
    db.session.flush()
    made = service.public_id
    told = {**details, "provider": provider}
    _record(actor, "added service", service.id, {k: (None, v) for k, v in told.items() if v})
    db.session.commit()
    return made


def change_service(
    *, actor: Actor, public_id: str, version: int, provider: str, details: Mapping[str, Any]
) -> None:
    """Change a service, and commit. What kind of service it is in law stays as it was.

    Raises Absent, ChangedMeanwhile, and Refused for what another service has.
    """
    service = _find(public_id)
    if service.version != version:
        raise ChangedMeanwhile(service.version, ())
    _refuse_taken(service.id, details)
    wanted = {**details, "provider_id": _provider(actor, provider).id}
    changes = {k: (getattr(service, k), v) for k, v in wanted.items() if getattr(service, k) != v}
    _apply(service, changes)
    if changes:
        _record(actor, "changed service", service.id, changes)
    db.session.commit()


def close_service(
    *, actor: Actor, public_id: str, until_day: date, replaced_by: str | None
) -> None:
    """Let a service be asked for the last time on a day, and commit.

    What it was asked is answered by the service that replaces it, where one does. Raises Absent,
    and Refused for a day before it began or a service that it replaces itself.
    """
    service = _find(public_id)
    if until_day < service.from_day:
        raise Refused({"until_day": f"It began on {spoken(service.from_day)}. Enter a later day"})
    heir = _find(replaced_by) if replaced_by else None
    if heir and service.id in (heir.id, answering().get(heir.id)):
        raise Refused({"replaced_by": "Choose a service that this one does not itself replace"})
    wanted = {"until_day": until_day, "replaced_by_id": heir.id if heir else None}
    changes = {k: (getattr(service, k), v) for k, v in wanted.items() if getattr(service, k) != v}
    _apply(service, changes)
    if changes:
        _record(actor, "closed service", service.id, changes)
    db.session.commit()


def reopen_service(*, actor: Actor, public_id: str) -> None:
    """Let a closed service be asked again, and commit. Raises Absent."""
    service = _find(public_id)
    changes: Changes = {"until_day": (service.until_day, None)}
    _apply(service, {**changes, "replaced_by_id": (service.replaced_by_id, None)})
    _record(actor, "reopened service", service.id, changes)
    db.session.commit()


def add_contact(*, actor: Actor, public_id: str, details: Mapping[str, Any]) -> None:
    """Say whom to write to from a day on, and commit; who was written to as that until then ends.

    `details` are columns of ServiceContact. Raises Absent, and Refused for a day before one from
    which somebody else is written to already.
    """
    service = _find(public_id)
    from_day: date = details["from_day"]
    for held in service.contacts:
        is_over = held.until_day is not None and held.until_day < from_day
        if held.part != details["part"] or is_over:
            continue
        if held.from_day >= from_day:
            raise Refused(
                {
                    "from_day": f"{held.name or held.email} is written to from "
                    f"{spoken(held.from_day)}. Enter a later day, or end that first"
                }
            )
        held.until_day = from_day - _DAY
    db.session.add(ServiceContact(service_id=service.id, **details))
    told = {name: (None, value) for name, value in details.items() if value}
    _record(actor, "added contact of service", service.id, told)
    db.session.commit()


def end_contact(*, actor: Actor, public_id: str, contact_id: str, until_day: date) -> None:
    """Say until when somebody is written to, and commit. Raises Absent, and Refused."""
    service = _find(public_id)
    contact = next((c for c in service.contacts if c.public_id == contact_id), None)
    if contact is None:
        raise Absent
    if until_day < contact.from_day:
        raise Refused({"until_day": f"It began on {spoken(contact.from_day)}. Enter a later day"})
    told = {"email": (contact.email, None), "until_day": (contact.until_day, until_day)}
    contact.until_day = until_day
    _record(actor, "ended contact of service", service.id, told)
    db.session.commit()


def _provider(actor: Actor, name: str) -> Provider:
    """Return the provider of this name, whatever its capitals, made where there is none."""
    same = select(Provider).where(func.lower(Provider.name) == name.lower())
    provider = db.session.scalar(same)
    if provider is None:
        provider = Provider(name=name)
        db.session.add(provider)
        db.session.flush()
        told = {"name": (None, name)}
        audit_trail.record(actor, "added provider", subject=f"provider {provider.id}", changes=told)
    return provider


def _find(public_id: str) -> AdviceService:
    service = db.session.scalar(select(AdviceService).where(AdviceService.public_id == public_id))
    if service is None:
        raise Absent
    return service


def _apply(service: AdviceService, changes: Mapping[str, tuple[Any, Any]]) -> None:
    for column, (_, new) in changes.items():
        setattr(service, column, new)
    try:
        db.session.flush()
    except StaleDataError:
        db.session.rollback()
        raise ChangedMeanwhile(_find(service.public_id).version, ()) from None


def _refuse_taken(service_id: int | None, details: Mapping[str, Any]) -> None:
    same_name = func.lower(AdviceService.name) == str(details["name"]).lower()
    owner = db.session.scalar(select(AdviceService).where(same_name))
    if owner is not None and owner.id != service_id:
        raise Refused({"name": "Another service has this name. Add what tells them apart"})
    if details.get("kind") not in (None, *SERVICES):
        raise Refused({"kind": "Choose what kind of service it is"})
    setting_id = details.get("setting_id")
    if setting_id is None:
        return
    owner = db.session.scalar(select(AdviceService).where(AdviceService.setting_id == setting_id))
    if owner is not None and owner.id != service_id:
        raise Refused({"setting": f"“{owner.name}” answers for this school or setting already"})


def _record(actor: Actor, action: str, service_id: int, changes: Changes) -> None:
    audit_trail.record(actor, action, subject=f"service {service_id}", changes=changes)
