"""How a page about the advice on a case is opened, and what a refused change shows."""

from collections.abc import Sequence

from flask import abort
from flask.typing import ResponseReturnValue

from casework.access import reads_of
from casework.database import reading
from casework.queries import case_advice
from casework.queries.case_advice import CaseAdvice, RequestStory
from casework.queries.cases import CaseView
from casework.rules.feeding import Contributor
from casework.services import viewing
from casework.services.errors import ChangedMeanwhile
from casework.services.events import NewEvent
from casework.web.cases.page import open_case, show
from casework.web.guards import viewer
from casework.web.kept_forms import typed_fields


def open_advice(public_id: str) -> tuple[CaseView, CaseAdvice]:
    """Return the case and the advice on it, as the person who asks may see them; or 404."""
    with reading():
        view = open_case(public_id)
        found = case_advice.of_case(view, reads_of(viewer()), viewer().user_id)
        viewing.let_go()
    return view, found


def open_story(public_id: str, adviser_id: str) -> tuple[CaseView, RequestStory]:
    """Return the case and the story of one request for advice; 404 where they may not see it."""
    view, advice = open_advice(public_id)
    return view, advice.story(adviser_id) or abort(404)


def contributors(advice: CaseAdvice) -> list[Contributor]:
    """Return everyone who could feed the plan: who was asked, and whose advice is used again."""
    asked = [
        Contributor(
            words=story.words,
            service=story.adviser.service,
            sections=_sections(story),
            is_owed=story.line.is_outstanding or story.checked.state == "sent_back",
        )
        for story in advice.stories
        if story.withdrawn_on is None
    ]
    used = [
        Contributor(words=one.words, service=one.adviser.service, sections=one.sections)
        for one in advice.reused
    ]
    return asked + used


def changed_meanwhile(
    view: CaseView, changed: ChangedMeanwhile, made: Sequence[tuple[str, str, NewEvent]]
) -> ResponseReturnValue:
    """Show what the other did and what this person was saving, and let them choose."""
    subjects = {f"event {line.event.id}": line for line in view.history}
    return show(
        "cases/changed_meanwhile.html",
        view,
        status=409,
        done=[(one, subjects.get(one.subject or "")) for one in changed.changes],
        made=made,
        typed=[(name, value) for name, value in typed_fields() if name != "version"],
    )


def _sections(story: RequestStory) -> tuple[str, ...] | None:
    """What the newest version can feed; None where advice came and nobody said which."""
    if story.sections or story.line.answered_on is None:
        return story.sections
    return None if story.line.outcome in (None, "advice") else ()
