"""What was asked of advisers and what they returned, as rows: many cases at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from casework.codes import AdviceRoute, DocumentKind
from casework.demonstration import advice
from casework.demonstration import rows as kept
from casework.demonstration.papers import Papers, document, pdf
from casework.demonstration.roads import Step
from casework.demonstration.rows import Row
from casework.demonstration.services import Member, Services
from casework.demonstration.words import advice_words, service_words
from casework.models import (
    Advice,
    AdviceCheck,
    AdviceEntry,
    AdviceExpected,
    AdviceReuse,
    Adviser,
)
from casework.models.base import Model
from casework.rules.advisers import SERVICES, Agency
from casework.services import numbering

#: What came as a document: of open cases, of late, so many at the most.
_OF_LATE, _DOCUMENTS, _EVERY = timedelta(days=150), 18, 4
_ENDS = ("withdrawn", "moved_out", "no_plan_notice_sent", "final_plan_sent")
_TYPED = (AdviceRoute.EMAIL.value, AdviceRoute.PHONE.value)
#: Every so many advisers are asked for something in particular.
_PARTICULAR = 4
_DOCUMENT_KINDS = {
    Agency.EDUCATION: DocumentKind.EDUCATION_ADVICE,
    Agency.PSYCHOLOGY: DocumentKind.PSYCHOLOGY_ADVICE,
    Agency.HEALTH: DocumentKind.HEALTH_ADVICE,
    Agency.SOCIAL_CARE: DocumentKind.SOCIAL_CARE_ADVICE,
}
#: What is kept of what an event brought with it, but for advice itself.
_BROUGHT: Mapping[str, type[Model]] = {
    "advice_accepted": AdviceCheck,
    "advice_sent_back": AdviceCheck,
    "advice_expected": AdviceExpected,
    "advice_reused": AdviceReuse,
}


@dataclass(frozen=True, slots=True)
class About:
    """A case of which advice was asked: its id, where the child is, what happened."""

    case_id: int
    setting: str
    steps: Sequence[Step]

    @property
    def is_open(self) -> bool:
        """Return whether its plan is still to come."""
        return not any(step.kind in _ENDS for step in self.steps)


@dataclass(frozen=True, slots=True)
class Asked:
    """An adviser that was kept."""

    id: int
    kind: str
    service_id: int | None
    about: About
    #: Who answers, where they have an account.
    member: Member | None
    #: Who else gives the advice, and as what.
    author: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A version of advice that was kept, and what was found in it."""

    id: int
    asked: Asked
    on: date
    found: Mapping[str, str]


@dataclass(slots=True)
class Returned:
    """Keeps advisers and what they returned, and knows all that it has kept."""

    services: Services
    papers: Papers
    today: date
    all: list[Kept] = field(default_factory=list)
    _advisers: dict[tuple[int, str], Asked] = field(default_factory=dict)
    #: Events that brought something with them, each with its step.
    _events: list[tuple[Row, Step, Asked]] = field(default_factory=list)
    _documents: int = 0

    def ask(self, cases: Sequence[About]) -> None:
        """Keep the advisers of a batch of cases."""
        asked = [
            (about, kind, next(step.on for step in about.steps if step.service == kind))
            for about in cases
            for kind in dict.fromkeys(step.service for step in about.steps if step.service)
        ]
        ids = numbering.take(Adviser, len(asked))
        found = [
            self._asked(number, about, kind, on)
            for number, (about, kind, on) in zip(ids, asked, strict=True)
        ]
        self._advisers = {(one.about.case_id, one.kind): one for one in found}
        kept.put(Adviser, [_adviser(one) for one in found])

    def answer(self, event: Row, step: Step) -> None:
        """Say of an event whose it is and, where their own service entered it, by whom."""
        asked = self._advisers.get((event["case_id"], step.service or ""))
        event["adviser_id"] = asked.id if asked else None
        if asked is None:
            return
        route = (step.brings or {}).get("route")
        if asked.member and (step.by_service or route == AdviceRoute.FORM):
            event["entered_by_id"] = asked.member.account_id
        if step.brings:
            self._events.append((event, step, asked))

    def write(self) -> None:
        """Write what the events of the batch brought with them."""
        came = [one for one in self._events if one[1].kind == "advice_received"]
        versions = self._write_advice(came)
        rows: dict[type[Model], list[Row]] = {model: [] for model in _BROUGHT.values()}
        for event, step, asked in self._events:
            if model := _BROUGHT.get(step.kind):
                row = {**(step.brings or {}), "event_id": event["id"]}
                if model is AdviceCheck:
                    row["advice_id"] = _checked(versions.get(asked.id, ()), step.on)
                rows[model].append(row)
        for model, found in rows.items():
            kept.put(model, found)
        self._events = []

    def _asked(self, number: int, about: About, kind: str, on: date) -> Asked:
        service_id = self.services.asked(kind, about.setting, on)
        members = self.services.members.get(service_id or 0, [])
        member = members[about.case_id % len(members)] if members else None
        return Asked(number, kind, service_id, about, member, _author(about, kind, member))

    def _write_advice(
        self, brought: Sequence[tuple[Row, Step, Asked]]
    ) -> Mapping[int, Sequence[tuple[int, date]]]:
        """Keep each version of advice; return their ids with their days, by adviser, in order."""
        in_order = sorted(brought, key=lambda one: (one[2].id, one[1].on, one[0]["id"]))
        ids = numbering.take(Advice, len(in_order))
        versions: Counter[int] = Counter()
        found: dict[int, list[tuple[int, date]]] = {}
        rows: list[Row] = []
        entries: list[Row] = []
        for number, (event, step, asked) in zip(ids, in_order, strict=True):
            held = dict(step.brings or {})
            versions[asked.id] += 1
            found.setdefault(asked.id, []).append((number, step.on))
            self.all.append(Kept(number, asked, step.on, held["found"]))
            row = _version(event, step, asked, held) | {"version": versions[asked.id]}
            if number_of_document := self._document(event, step, asked, held):
                row |= {"document_id": number_of_document, "route": AdviceRoute.DOCUMENT.value}
            else:
                entries += [
                    {**entry, "advice_id": number, "place": place}
                    for place, entry in enumerate(held["entries"], start=1)
                ]
            rows.append(row | {"id": number})
        kept.put(Advice, rows)
        kept.keep(AdviceEntry, entries)
        return found

    def _document(self, event: Row, step: Step, asked: Asked, held: dict[str, Any]) -> int | None:
        """Keep the advice as a document where it came as one, and return its id."""
        is_late = step.on > self.today - _OF_LATE and asked.about.is_open
        fits = is_late and asked.member and not event["id"] % _EVERY
        if not fits or not asked.member or self._documents >= _DOCUMENTS:
            return None
        self._documents += 1
        service = SERVICES[asked.kind]
        title = f"Advice: {service.words}"
        content = pdf(title, {"from": ", ".join(asked.author), "parts": advice.parts(held)})
        kind = _DOCUMENT_KINDS.get(service.agency, DocumentKind.OTHER_ADVICE)
        row = document(asked.about.case_id, kind.value, title, content, event["entered_at"])
        added = {"received_on": step.on, "added_by_id": asked.member.account_id}
        event_id: int = self.papers.put([row | added])[0]
        return event_id


def _checked(versions: Sequence[tuple[int, date]], on: date) -> int | None:
    """The version that was there to be checked on a day: None from before versions were kept."""
    return next((number for number, came in reversed(versions) if came <= on), None)


def _adviser(asked: Asked) -> Row:
    particular = advice_words()["asks"]
    place = asked.id // _PARTICULAR % len(particular)
    name = asked.author[0] if asked.kind == "family_choice" else None
    if asked.kind == "school" and asked.service_id is None:
        name = asked.about.setting
    return {
        "id": asked.id,
        "case_id": asked.about.case_id,
        "service": asked.kind,
        "advice_service_id": asked.service_id,
        "name": name,
        "asks": None if asked.id % _PARTICULAR else particular[place],
    }


def _author(about: About, kind: str, member: Member | None) -> tuple[str, str]:
    if member:
        return member.name, member.post
    if kind == "family_choice":
        choices = service_words()["family_choices"]
        return choices[about.case_id % len(choices)], ""
    if kind == "school":
        return f"SENCO, {about.setting}", "Special educational needs co-ordinator"
    return SERVICES[kind].words, ""


def _version(event: Row, step: Step, asked: Asked, held: Mapping[str, Any]) -> Row:
    """A version of advice as a row, without its number: as a form, or typed by an officer."""
    is_form = held["route"] == AdviceRoute.FORM and asked.member
    route = AdviceRoute.FORM.value if is_form else held["route"]
    if not asked.member and route == AdviceRoute.FORM:
        route = AdviceRoute.EMAIL.value
    author, post = asked.author
    return {
        "case_id": asked.about.case_id,
        "adviser_id": asked.id,
        "event_id": event["id"],
        "route": route,
        "document_id": None,
        "sections": held["sections"],
        "author": author,
        "author_post": post,
        "author_id": asked.member.account_id if asked.member and is_form else None,
        "written_on": step.on - timedelta(days=event["id"] % 4),
        "child_voice": held["child_voice"],
        "summary": held["summary"],
        "entered_at": event["entered_at"],
        "entered_by_id": event["entered_by_id"],
    }
