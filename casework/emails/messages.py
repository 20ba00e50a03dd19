"""Every email there is, one function each: plain values in, subject and text out.

An email says that there is something to read, and where. No child's name, need or school is ever
handed to these functions, and a case's reference, which identifies no one, only for a service that
is asked about it or whoever answers for it; `link` is a whole address (casework.emails.links).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from types import MappingProxyType
from typing import Any, Final, cast

from flask import current_app
from jinja2 import Environment, StrictUndefined

from casework import current
from casework.rules.civil_dates import spoken_time
from casework.rules.digests import Digest, Line, Why, short_day

#: Each kind, as a page names it: also its folder in templates/emails and its function here.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "agenda_circulated": "Agenda",
        "decisions_circulated": "Decisions",
        "meeting_moved": "Meeting moved",
        "meeting_cancelled": "Meeting cancelled",
        "late_paper": "Late paper",
        "advice_asked": "Request for advice",
        "advice_withdrawn": "Request for advice withdrawn",
        "advice_sent_back": "Advice sent back",
        "release_asked": "Request to read advice",
        "advice_owed": "Reminder of advice",
        "digest": "Time limits of your cases",
        "all_clear": "Time limits: all clear",
        "alert": "Time limit of a case",
    }
)


#: Where an application keeps the templates of its emails.
_PAGES: Final = "casework.emails"


@dataclass(frozen=True, slots=True)
class Email:
    """The words of one email, of a kind in KINDS; to whom is for the outbox to say."""

    kind: str
    subject: str
    text: str
    #: The same words as a page; None where the text is all there is.
    html: str | None = None


def agenda_circulated(
    *, panel: str, on: date, at: time, cases: int, opens_on: date, link: str
) -> Email:
    """Tell a member that an agenda is there, and from which day they may read its papers."""
    opens = {"cases": cases, "opens_on": opens_on}
    return _written("agenda_circulated", panel=panel, on=on, at=spoken_time(at), link=link, **opens)


def decisions_circulated(
    *,
    panel: str,
    on: date,
    cases: int,
    record: str | None,
    links: Sequence[str],
    is_further: bool = False,
) -> Email:
    """Tell somebody concerned that decisions are there; or further ones, added or changed since.

    `cases` is how many of them concern this person. `record` is the address of the meeting's
    record, for a member; `links` are those of each case's page, for who works on them.
    """
    ways = {"record": record, "links": links, "is_further": is_further}
    return _written("decisions_circulated", panel=panel, on=on, cases=cases, **ways)


def meeting_moved(
    *, panel: str, was_on: date, was_at: time, on: date, at: time, place: str, link: str
) -> Email:
    """Tell a member when and where a meeting is now held. The reason stays on the panel's page."""
    was = {"was_on": was_on, "was_at": spoken_time(was_at)}
    now = {"on": on, "at": spoken_time(at), "place": place}
    return _written("meeting_moved", panel=panel, link=link, **was, **now)


def meeting_cancelled(*, panel: str, on: date, at: time, link: str) -> Email:
    """Tell a member that a meeting will not be held. The reason stays on the panel's page."""
    return _written("meeting_cancelled", panel=panel, on=on, at=spoken_time(at), link=link)


def late_paper(*, panel: str, on: date, at: time, papers: int, link: str) -> Email:
    """Tell a member that papers were added after the agenda was circulated."""
    return _written("late_paper", panel=panel, on=on, at=spoken_time(at), papers=papers, link=link)


def advice_asked(
    *, reference: str, on: date, due_on: date | None, is_law: bool, link: str
) -> Email:
    """Ask a service for advice: on which case, by when, and whether law or guidance says so."""
    when = {"on": on, "due_on": due_on, "is_law": is_law}
    return _written("advice_asked", reference=reference, link=link, **when)


def advice_withdrawn(*, reference: str, asked_on: date, link: str) -> Email:
    """Tell a service that it need not answer a request any more. The reason stays on the case."""
    return _written("advice_withdrawn", reference=reference, asked_on=asked_on, link=link)


def advice_sent_back(*, reference: str, link: str) -> Email:
    """Tell a service's mailbox that its advice on a case, named by reference, is not enough."""
    return _written("advice_sent_back", reference=reference, link=link)


def release_asked(*, answer_by: date, link: str) -> Email:
    """Tell a lead that the other one asks to read advice, and by which day to answer."""
    return _written("release_asked", answer_by=answer_by, link=link)


def advice_owed(
    *, service: str, late: Sequence[Mapping[str, Any]], due: Sequence[Mapping[str, Any]], link: str
) -> Email:
    """Remind a service of all the advice that it owes: what is late, and what is not yet.

    Each line holds `reference`, `asked_on`, `due_on`, `stands`, how it stands in words, and
    `reminder`, the how manieth this is of it; a case's reference identifies no one.
    """
    return _written("advice_owed", service=service, late=late, due=due, link=link)


def digest(*, found: Digest, why: Why, links: Mapping[str, str], day: date, taken_at: str) -> Email:
    """Tell somebody what presses on the cases they answer for: what is new, then the rest.

    `links` are the addresses of the lists: "overdue", "soon", "exceptions", "chasing", "alerts",
    and of a manager's "at_risk".
    """
    return _of_alerts("digest", found=found, why=why, links=links, day=day, taken_at=taken_at)


def all_clear(
    *, found: Digest, why: Why, links: Mapping[str, str], day: date, taken_at: str
) -> Email:
    """Tell somebody, once a week, that nothing presses: silence would not say it."""
    return _of_alerts("all_clear", found=found, why=why, links=links, day=day, taken_at=taken_at)


def alert(
    *,
    lines: Sequence[Line],
    more: int,
    why: Why,
    links: Mapping[str, str],
    day: date,
    taken_at: str,
) -> Email:
    """Tell somebody by itself that limits in law end on the next working day, or have passed.

    `more` is how many there are besides the lines.
    """
    told = {"lines": lines, "more": more, "total": len(lines) + more}
    return _of_alerts("alert", why=why, links=links, day=day, taken_at=taken_at, **told)


def _of_alerts(kind: str, **values: Any) -> Email:
    values["short_day"] = short_day
    told = _written(kind, **values)
    page = _filled(f"{kind}/body.html", values | {"subject": told.subject})
    return replace(told, html=page)


def _written(kind: str, **values: Any) -> Email:
    subject, text = (_filled(f"{kind}/{part}.txt", values) for part in ("subject", "body"))
    return Email(kind, subject, text)


def _filled(name: str, values: Mapping[str, Any]) -> str:
    authority = current.settings().authority_name
    return _pages().get_template(f"emails/{name}").render(values, authority=authority)


def _pages() -> Environment:
    """The application's templates, for which a value that is not given is a fault: made once,
    since each template would be compiled anew for every email."""
    kept = current_app.extensions
    if _PAGES not in kept:
        kept[_PAGES] = current_app.jinja_env.overlay(undefined=StrictUndefined)
    return cast(Environment, kept[_PAGES])
