"""What others did to a case while a page was open: both are shown, and the person chooses."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from casework.queries.cases import CaseView
from casework.queries.clock_lines import service_words
from casework.queries.entries import EventLine
from casework.rules.advisers import SERVICES
from casework.rules.events import EVENTS, OUTCOMES, RECIPIENTS
from casework.services.errors import ChangedMeanwhile
from casework.services.events import NewEvent
from casework.web.cases.page import open_case, show
from casework.web.guards import viewer
from casework.web.kept_forms import typed_fields


def saved(public_id: str, words: str, endpoint: str = "cases.case") -> ResponseReturnValue:
    """Return the way to the case, or to another page about it, where these words are said."""
    flash(words, "success")
    return redirect(url_for(endpoint, public_id=public_id), 303)


def changed_meanwhile(
    public_id: str,
    changed: ChangedMeanwhile,
    made: Sequence[NewEvent],
    settings: Mapping[int, str] = MappingProxyType({}),
    *,
    is_done: Callable[[CaseView], bool] | None = None,
    endpoint: str = "cases.case",
) -> ResponseReturnValue:
    """Show both, and let the person choose; sent twice, the same thing is saved once.

    `settings` are names of settings that events concern, by the id of the consultation; `is_done`
    says whether it was saved, where the events alone do not tell.
    """
    view = open_case(public_id)
    if is_done(view) if is_done else all(_is_there(event, view) for event in made):
        return saved(public_id, "Saved. It was sent twice and recorded once.", endpoint)
    subjects = {f"event {line.event.id}": line for line in view.history}
    done = [(change, subjects.get(change.subject or "")) for change in changed.changes]
    return show(
        "cases/changed_meanwhile.html",
        view,
        status=409,
        done=done,
        made=[(EVENTS[event.kind].words, _whom(event, view, settings), event) for event in made],
        typed=[(name, value) for name, value in typed_fields() if name != "version"],
    )


def _whom(event: NewEvent, view: CaseView, settings: Mapping[int, str]) -> str:
    """To whom, from whom or with what answer, as the page says it of an event not yet saved."""
    adviser = view.advisers.get(event.adviser_id or 0)
    found = [
        SERVICES[event.service].words if event.service else None,
        event.adviser_name if event.service else None,
        service_words(adviser) if adviser else None,
        settings.get(event.consultation_id or 0),
        RECIPIENTS.get(event.recipient or ""),
        OUTCOMES.get(event.outcome or ""),
    ]
    return ": ".join(words for words in found if words)


def _is_there(event: NewEvent, view: CaseView) -> bool:
    """Whether this person has entered the very same thing already."""
    own = [line for line in view.history if line.event.entered_by_id == viewer().user_id]
    if event.corrects_id:
        return any(line.event.corrects_id == event.corrects_id for line in own)
    return any(line.stands and _told(line) == _told_of(event, line) for line in own)


def _told(line: EventLine) -> tuple[object, ...]:
    event = line.event
    whom = event.adviser_id, event.consultation_id, _named(line)
    return event.kind, event.happened_on, event.recipient, event.outcome, event.note, whom


def _named(line: EventLine) -> tuple[object, ...] | None:
    one = line.adviser
    return (one.service, one.advice_service_id, one.name) if one else None


def _told_of(event: NewEvent, line: EventLine) -> tuple[object, ...]:
    """The same of an event not yet saved, whose new adviser has no number to compare."""
    whom: tuple[object, ...] = event.adviser_id, event.consultation_id, _named(line)
    if event.service:
        asked = event.service, event.advice_service_id, event.adviser_name
        whom = line.event.adviser_id, None, asked
    return event.kind, event.on, event.recipient, event.outcome, event.note, whom
