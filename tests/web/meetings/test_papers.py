"""The papers of a meeting in a browser, by role, window and interest. All are invented."""

import io
import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, text

from casework import clock
from casework.access import Seat
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, AuditEntry, Case, Document, Interest, PanelMeeting, User
from casework.queries import meetings, papers
from casework.rules.panels import window
from casework.services import documents
from casework.services.audit_trail import COMMAND_LINE
from tests.factories import (
    add_document,
    circulate,
    make_case,
    make_meeting,
    make_panel,
    put_on_agenda,
    seat_member,
)
from tests.fixtures.forms import boxes, send_form
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.statements import counted

pytestmark = pytest.mark.embedded

EVERY_MEETING = Seat(
    user_id=0,
    sees_all=True,
    window=window(date(2026, 11, 23), england_and_wales(), opens_days=10, closes_days=5),
)


@pytest.fixture
def place(app: Flask) -> str:
    """Hold a meeting with two cases of two documents each; give its address."""
    with app.app_context():
        meeting = make_meeting(make_panel())
        for number, name in enumerate(("Invented", "Second")):
            case = make_case(person={"surname": name})
            put_on_agenda(meeting, case)
            for pages in (1, 2):
                pages += 2 * number
                add_document(case, pages=pages, title=f"Report {pages}", is_theirs=True)
        return f"/meetings/{meeting.public_id}"


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which the clerk is signed in."""
    return sign_in("panel-clerk", name="Cleo Clerk")


@pytest.fixture
def member(app: Flask, sign_in: SignIn, place: str) -> FlaskClient:
    """Give a browser in which a member of the panel is signed in."""
    client = sign_in("panel-member", name="Mia Member")
    with app.app_context():
        user = db.session.query(User).filter_by(name="Mia Member").one()
        seat_member(db.session.query(PanelMeeting).one().panel, user)
    return client


def usual(client: FlaskClient, place: str) -> None:
    token = token_in(client.get(f"{place}/papers"))
    assert client.post(f"{place}/papers/usual", data={"csrf_token": token}).status_code == 303


def send_round(app: Flask) -> None:
    with app.app_context():
        circulate(db.session.query(PanelMeeting).one())


def links(client: FlaskClient, place: str) -> list[str]:
    """Return the addresses of the papers that can be read."""
    return links_in(client.get(f"{place}/papers").text, place)


def links_in(page: str, place: str) -> list[str]:
    return re.findall(rf'href="({place}/papers/[\w-]+)"', page)


def first_item(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(AgendaItem.public_id).order_by(AgendaItem.place)).first()


def actions(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())))


def words(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).text.split())


def hide_first(app: Flask, name: str) -> None:
    with app.app_context():
        case = db.session.scalars(select(Case).order_by(Case.id)).first()
        user = db.session.query(User).filter_by(name=name).one()
        db.session.add(
            Interest(case_id=case.id, user_id=user.id, nature="Kin", declared_at=clock.now())
        )
        db.session.commit()


def test_cases_without_documents_get_no_papers_and_the_page_says_why(
    app: Flask, clerk: FlaskClient
) -> None:
    with app.app_context():
        meeting = make_meeting(make_panel())
        put_on_agenda(meeting, make_case(person={"surname": "Invented"}))
        place = f"/meetings/{meeting.public_id}"
    usual(clerk, place)
    page = words(clerk, f"{place}/papers")
    assert "No paper was chosen: these cases have no documents yet that a panel reads." in page
    assert "0 papers are chosen" not in page


def test_the_usual_papers_of_every_case_are_chosen_by_one_button(
    clerk: FlaskClient, place: str
) -> None:
    assert "Choose the usual papers for 2 cases" in words(clerk, f"{place}/papers")
    usual(clerk, place)
    page = words(clerk, f"{place}/papers")
    assert "4 papers are chosen." in page
    assert "Choose the usual papers" not in page
    assert "Save the pack as one PDF (10 pages)" in page
    assert len(links(clerk, place)) == 4


def test_papers_are_chosen_with_ticks_and_the_usual_ones_are_ticked_first(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    address = f"{place}/cases/{first_item(app)}/papers"
    page = clerk.get(address)
    assert len(boxes(page)["chosen"]) == 2
    assert boxes(page)["was"] == [""]
    assert send_form(clerk, address, chosen=boxes(page)["chosen"][:1]).status_code == 303
    assert len(boxes(clerk.get(address))["chosen"]) == 1
    assert send_form(clerk, address, chosen=None).status_code == 303
    assert links(clerk, place) == []


def test_a_page_opened_before_a_colleague_chose_takes_nothing_of_theirs_out(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    address = f"{place}/cases/{first_item(app)}/papers"
    with app.app_context():
        one, two = db.session.scalars(
            select(Document.public_id).order_by(Document.id).limit(2)
        ).all()
    mine: dict[str, Any] = {"was": "", "chosen": [one]}
    send_form(clerk, address, chosen=[two])
    assert send_form(clerk, address, **mine).status_code == 303
    assert len(links(clerk, place)) == 2


def test_taking_out_of_a_circulated_pack_asks_why_and_shows_it(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    send_round(app)
    address = f"{place}/cases/{first_item(app)}/papers"
    refused = send_form(clerk, address, chosen=None)
    assert refused.status_code == 422
    assert "Enter why it is taken out" in refused.text
    assert send_form(clerk, address, chosen=None, why="About a sibling").status_code == 303
    page = words(clerk, f"{place}/papers")
    assert "<s>Report 1, version 1</s>" in page
    assert "About a sibling" in page
    assert len(links(clerk, place)) == 2


def test_a_late_paper_is_marked_with_its_time(app: Flask, clerk: FlaskClient, place: str) -> None:
    send_round(app)
    address = f"{place}/cases/{first_item(app)}/papers"
    page = clerk.get(address)
    assert "chosen" not in boxes(page)
    with app.app_context():
        one = db.session.scalars(select(Document.public_id).order_by(Document.id)).first()
    assert send_form(clerk, address, chosen=[one]).status_code == 303
    listed = words(clerk, f"{place}/papers")
    assert "1 is marked late, and the members are told." in listed
    assert ">Late<" in listed


def test_members_see_no_papers_before_circulation_and_all_of_them_after(
    app: Flask, clerk: FlaskClient, member: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    (paper, *_) = links(clerk, place)
    for address in (f"{place}/papers", paper, f"{place}/pack"):
        assert member.get(address).status_code == 404
    send_round(app)
    assert len(links(member, place)) == 4
    assert member.get(paper).status_code == 200
    assert "Choose papers" not in member.get(f"{place}/papers").text


def test_a_paper_is_read_page_by_page_with_its_words_and_told(
    app: Flask, clerk: FlaskClient, member: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    send_round(app)
    paper = links(member, place)[1]
    page = words(member, paper)
    assert actions(app)[0] == "opened paper"
    assert "Page 2 of 2" in page
    assert "Page 2. Ida Invented is eight" in page
    assert "Previous paper" in page
    assert "Next paper" in page
    pictures = re.findall(r'src="(/meetings/[^"]+\.png)"', page)
    assert len(pictures) == 2
    answer = member.get(pictures[1])
    assert answer.data.startswith(b"\x89PNG")
    assert answer.headers["Cache-Control"] == "no-store"
    assert clerk.get(pictures[1]).status_code == 404, "another person’s token opens nothing"
    assert member.get(pictures[1].replace("/2.png", "/3.png")).status_code == 404
    forged = re.sub(r"/[^/]+/(\d)\.png", r"/forged/\1.png", pictures[0])
    assert member.get(forged).status_code == 404


def test_a_declared_interest_hides_the_case_its_papers_and_their_place_in_the_pack(
    app: Flask, clerk: FlaskClient, member: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    send_round(app)
    before = links(member, place)
    picture = re.findall(r'src="(/meetings/[^"]+\.png)"', member.get(before[0]).text)[0]
    hide_first(app, "Mia Member")
    after = links(member, place)
    assert after == before[2:]
    page = words(member, f"{place}/papers")
    assert "1 case is hidden from you, because you have declared an interest." in page
    assert "EHC-000001" not in page
    assert "2. EHC-000002" in page
    assert member.get(before[0]).status_code == 404
    assert member.get(picture).status_code == 404
    pack = PdfReader(io.BytesIO(member.get(f"{place}/pack").data))
    text = " ".join(one.extract_text() for one in pack.pages)
    assert "EHC-000001" not in text
    assert "EHC-000002" in text


def test_a_clerk_with_an_interest_neither_chooses_nor_reads(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    paper = links(clerk, place)[0]
    hide_first(app, "Cleo Clerk")
    assert clerk.get(paper).status_code == 404
    assert clerk.get(f"{place}/cases/{first_item(app)}/papers").status_code == 404


def test_a_member_reads_nothing_once_the_window_has_closed(
    app: Flask, clerk: FlaskClient, member: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    send_round(app)
    paper = links(member, place)[0]
    clock.set_today(date(2027, 3, 1))
    assert member.get(paper).status_code == 404
    assert clerk.get(paper).status_code == 200


def test_a_withdrawn_document_is_withheld_from_the_pack_and_its_place_says_so(
    app: Flask, clerk: FlaskClient, member: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    send_round(app)
    paper = links(member, place)[0]
    picture = re.findall(r'src="(/meetings/[^"]+\.png)"', member.get(paper).text)[0]
    with app.app_context():
        first = db.session.scalars(select(Document).order_by(Document.id)).first()
        documents.withdraw(
            actor=COMMAND_LINE, case_id=first.case_id, public_id=first.public_id, why="Not hers"
        )
    assert "Withheld: withdrawn on" in words(member, f"{place}/papers")
    assert "Not hers" not in member.get(f"{place}/papers").text
    answer = member.get(paper)
    assert answer.status_code == 410
    assert "withdrawn" in answer.text
    assert member.get(picture).status_code == 404


def test_the_pack_is_saved_as_one_pdf_and_told_on_each_case(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    answer = clerk.get(f"{place}/pack")
    assert answer.headers["Content-Disposition"] == "attachment; filename=pack-2026-11-25.pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == 1 + 2 + 10
    with app.app_context():
        told = select(AuditEntry.case_id).where(AuditEntry.action == "opened pack")
        assert len(set(db.session.scalars(told))) == 2


def test_a_paper_whose_opening_cannot_be_told_of_is_not_shown(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    paper = links(clerk, place)[0]
    refuse = "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'x'); END"
    with app.app_context():
        db.session.execute(text(refuse))
        db.session.commit()
    answer = clerk.get(paper)
    assert answer.status_code == 503
    assert "Invented" not in answer.text
    assert clerk.get(f"{place}/pack").status_code == 503


def test_a_pack_that_cannot_be_made_is_said_and_nothing_else_breaks(
    clerk: FlaskClient, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.typesetting.SECONDS", 0)
    answer = clerk.get(f"{place}/pack", follow_redirects=True)
    assert "The pack could not be made." in answer.text


def test_any_page_about_a_case_of_the_meeting_can_show_its_papers(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    with app.test_request_context(place):
        view = meetings.find(EVERY_MEETING, place.rpartition("/")[2])
        item = db.session.scalars(select(AgendaItem).order_by(AgendaItem.place)).first()
        case = SimpleNamespace(papers=papers.of_items([item.id], None)[item.id])
        block = render_template("meetings/_papers.html", view=view, case=case)
    assert links_in(block, place) == links(clerk, place)[:2]


def test_the_list_takes_the_same_statements_however_many_papers(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    clerk.get(f"{place}/papers")
    with counted(app) as few:
        clerk.get(f"{place}/papers")
    usual(clerk, place)
    clerk.get(f"{place}/papers")
    with counted(app) as many:
        clerk.get(f"{place}/papers")
    assert len(many) == len(few) <= 15, many


def test_a_paper_can_be_ticked_as_what_the_reasons_rest_on(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    clock.set_today(date(2026, 11, 25))
    page = clerk.get(f"{place}/cases/{first_item(app)}/decision")
    assert page.status_code == 200
    assert 'value="Report 1, version 1"' in page.text
    assert 'value="Report 3, version 1"' not in page.text
    assert len(links_in(page.text, place)) == 2


def test_the_agenda_says_how_many_papers_each_case_has_and_its_number_is_everyones(
    app: Flask, clerk: FlaskClient, member: FlaskClient, place: str
) -> None:
    without = words(clerk, f"{place}/circulate")
    assert "Without papers</dt>" in without
    assert "EHC-000001, EHC-000002" in without
    assert "No papers" in words(clerk, place)
    usual(clerk, place)
    assert "None: every case has papers" in words(clerk, f"{place}/circulate")
    send_round(app)
    hide_first(app, "Mia Member")
    agenda = words(member, place)
    assert "2 papers" in agenda
    assert re.search(r"> 2\. <a [^>]*>EHC-000002<", agenda)
    assert "EHC-000001" not in agenda


def test_the_record_says_with_which_papers_each_case_was_considered(
    app: Flask, clerk: FlaskClient, place: str
) -> None:
    usual(clerk, place)
    send_round(app)
    address = f"{place}/cases/{first_item(app)}/papers"
    assert send_form(clerk, address, chosen=None, why="A sibling’s").status_code == 303
    record = words(clerk, f"{place}/record")
    assert record.count("Papers considered") == 2
    assert "Report 1, version 1, taken out: " in record
    assert "A sibling’s" in record
    assert "Report 3, version 1" in record
