"""Twins of one name, birthday and school, worked on in two tabs that are mixed up a thousand times.

Whatever is pressed in whichever tab, nothing of one child is ever kept with the other: neither in a
letter, a plan or an entry. What is typed bears the mark of the child whose page is open. Both are
invented.
"""

import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from casework.documents.store import LocalFolder
from casework.extensions import db
from casework.models import (
    Case,
    CaseEvent,
    Consultation,
    ConsultationReply,
    Contact,
    Document,
    DraftServed,
    PlacementRequest,
    PlanSectionVersion,
)
from casework.rules.plan_sections import WRITTEN_SECTIONS
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.forms import boxes
from tests.fixtures.people import SignIn
from tests.fixtures.plans import make_setting

pytestmark = pytest.mark.embedded

ACTIONS = 1_000
#: The twins, each with a mark that stands in their name and in all that is typed of them.
MARKS = {"Ottilie": "zebrafinch", "Ingrid": "moorhen"}
SCHOOLS = ("Invented Infant School", "Invented Academy", "Invented Grammar School")
PLAN = [f"/plan/{key}/edit" for key in WRITTEN_SECTIONS]
#: What a tab may open on a case, each as often as it stands here.
PAGES = (
    *PLAN,
    *PLAN,
    *["/letters/holding"] * 6,
    *["/letters/consultation"] * 4,
    *["/letters/draft"] * 2,
    *["/drafts/serve"] * 2,
    *["/consultations/choose"] * 4,
    *["/consultations/request"] * 2,
    *["/events/new?kind=placement_agreed"] * 2,
)
#: What is typed into boxes that are no longer texts: the form says which of them it has.
TYPED = {
    "route": "by-hand",
    "what": "here",
    "on": "t",
    "sent_on": "t",
    "expected_on": "27/3/2027",
    "checked": "1",
}


@dataclass
class Tab:
    """What one tab of the browser shows, and of which twin."""

    child: str = ""
    path: str = ""
    page: TestResponse | None = None


@pytest.fixture
def twins(app: Flask) -> dict[str, str]:
    """Give the address of each twin's case, a plan to be drafted in both."""
    with app.app_context():
        school = make_setting("Invented Primary School")
        for name in SCHOOLS:
            make_setting(name)
        return {name: _case(name, mark, school.id) for name, mark in MARKS.items()}


def _case(name: str, mark: str, setting_id: int) -> str:
    person = {"forenames": f"{name} {mark.capitalize()}", "surname": "Invented-Twin"}
    case = make_case(person=person, setting_id=setting_id)
    parent = Contact(
        person_id=case.person_id,
        name=f"Amal Invented ({mark})",
        relationship_to_child="Mother",
        has_parental_responsibility=True,
        address=f"1 {mark} Road\nAnytown",
    )
    db.session.add(parent)
    db.session.commit()
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
    log(case, NewEvent(kind="decided_to_issue", on=date(2026, 11, 2)))
    return f"/cases/{case.public_id}"


def test_no_document_nor_entry_of_one_twin_holds_the_other_s_mark(
    app: Flask, sign_in: SignIn, twins: dict[str, str]
) -> None:
    client, lot = sign_in(), random.Random(20261128)
    tabs, answers = [Tab(), Tab()], Counter[int]()
    for number in range(ACTIONS):
        tab = lot.choice(tabs)
        if tab.page is None or lot.random() < 0.3:
            _open(client, tab, lot, twins)
        else:
            other = next(name for name in MARKS if name != tab.child)
            is_mixed_up = lot.random() < 0.25
            to = twins[other if is_mixed_up else tab.child]
            answer = _send(client, tab, to, number, lot)
            answers[answer.status_code] += 1
            assert not is_mixed_up or answer.status_code in (404, 409), (tab.path, answer.status)
    assert answers[409] > 50, answers
    assert answers[303] > 50, answers
    assert 500 not in answers
    _nothing_is_mixed(app, twins)


def _open(client: FlaskClient, tab: Tab, lot: random.Random, twins: dict[str, str]) -> None:
    tab.child, tab.path = lot.choice(list(MARKS)), lot.choice(PAGES)
    page = client.get(twins[tab.child] + tab.path)
    _shows_only(page, tab.child)
    tab.page = page if page.status_code == 200 and "whose_form" not in page.text else None


def _send(client: FlaskClient, tab: Tab, to: str, number: int, lot: random.Random) -> TestResponse:
    assert tab.page is not None
    answer = client.post(to + tab.path, data=_filled(tab, number, lot))
    if answer.status_code != 409:  # that page gives back what was typed, whichever child it named
        _shows_only(answer, tab.child)
    if answer.status_code == 303:  # as a browser does: what was done is said there
        _shows_only(client.get(answer.location), tab.child)
    goes_on = answer.status_code in (200, 422)
    tab.page = answer if goes_on else (tab.page if answer.status_code == 409 else None)
    return answer


def _filled(tab: Tab, number: int, lot: random.Random) -> dict[str, Any]:
    """What a person sends from the tab's page: its boxes as they stand, the empty ones filled."""
    assert tab.page is not None
    html, given = tab.page.text, dict(boxes(tab.page))
    for name in re.findall(r'<textarea[^>]*name="(\w+)"', html):
        given[name] = [f"Of {MARKS[tab.child]}, {number}"]
    for name, value in TYPED.items():
        if f'name="{name}"' in html and not any(given.get(name, ())):
            given[name] = [value]
    for name in re.findall(r'name="(settings?[\w-]*)"', html):
        given[name] = [lot.choice(SCHOOLS)]
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', html, re.S):
        values = [value for value in re.findall(r'value="([^"]*)"', options) if value]
        given[name] = [lot.choice(values)] if values else []
    return given


def _shows_only(page: TestResponse, child: str) -> None:
    other = next(mark for name, mark in MARKS.items() if name != child)
    assert other not in page.text.lower(), f"a page of {child}"


def _nothing_is_mixed(app: Flask, twins: dict[str, str]) -> None:
    with app.app_context():
        for name, address in twins.items():
            other = next(mark for one, mark in MARKS.items() if one != name)
            case = db.session.query(Case).filter_by(public_id=address.rsplit("/", 1)[1]).one()
            kept = _kept(app, case.id)
            own = [words for words in kept if MARKS[name] in words.lower()]
            assert len(own) > 20, f"too little was done for {name}: {len(own)}"
            assert [words for words in kept if other in words.lower()] == []


def _kept(app: Flask, case_id: int) -> list[str]:
    """Every text that is kept of a case: its documents as they are opened, and its rows."""
    folder = LocalFolder(Path(app.instance_path) / "documents")
    documents = db.session.query(Document).filter_by(case_id=case_id).all()
    assert {"draft-plan", "letter"} <= {row.kind for row in documents}
    said = [
        f"{row.title} {row.file_name} {_opened(folder.read(row.stored_as, row.sha256))}"
        for row in documents
    ]
    said += [row.content for row in _of(PlanSectionVersion, case_id)]
    said += [f"{row.note} {row.oddity}" for row in _of(CaseEvent, case_id)]
    said += [row.changed_because for row in _of(DraftServed, case_id)]
    said += [row.words for row in _of(PlacementRequest, case_id)]
    asked = _of(Consultation, case_id)
    said += [row.asks for row in asked]
    replies = db.session.query(ConsultationReply)
    ids = [row.id for row in asked]
    return said + [row.words for row in replies if row.consultation_id in ids]


def _of(table: Any, case_id: int) -> list[Any]:
    return db.session.query(table).filter_by(case_id=case_id).all()


def _opened(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    word = Word(BytesIO(content))
    parts = [word.element.body, *(section.header._element for section in word.sections)]
    return "\n".join("".join(part.itertext()) for part in parts)
