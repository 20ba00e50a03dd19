"""The papers of a meeting on both databases: chosen, frozen, late, taken out. All are invented."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from casework import clock
from casework.access import Seat
from casework.config import Settings
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import AgendaItem, AuditEntry, Case, Document, Interest, Message, PanelMeeting
from casework.queries import meetings, papers
from casework.queries.meetings import MeetingView
from casework.queries.papers import ItemPapers, PaperLine
from casework.rules.panels import window
from casework.services import documents, packs
from casework.services import papers as services
from casework.services.audit_trail import COMMAND_LINE
from casework.services.documents import Withheld
from casework.services.errors import Absent, Refused
from tests.documents import files
from tests.factories import (
    TODAY,
    add_document,
    circulate,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.statements import counted


@pytest.fixture
def meeting(app: Flask) -> Iterator[PanelMeeting]:
    """Give a meeting on Wednesday with Ida Invented's case on its agenda."""
    with app.app_context():
        meeting = make_meeting(make_panel())
        put_on_agenda(meeting, make_case())
        yield meeting


def the_item(meeting: PanelMeeting) -> AgendaItem:
    return db.session.query(AgendaItem).filter_by(meeting_id=meeting.id).first()


def the_case(meeting: PanelMeeting) -> Case:
    return db.session.get_one(Case, the_item(meeting).case_id)


def seat(user_id: int = 0, sees_all: bool = True) -> Seat:
    days = window(TODAY, england_and_wales(), opens_days=10, closes_days=5)
    return Seat(user_id=user_id, sees_all=sees_all, window=days)


def view(meeting: PanelMeeting) -> MeetingView:
    found = meetings.find(seat(), meeting.public_id)
    assert found is not None
    return found


def items(meeting: PanelMeeting, whose: Seat | None = None) -> list[ItemPapers]:
    return papers.of_meeting(whose or seat(), view(meeting))


def lines(meeting: PanelMeeting) -> tuple[PaperLine, ...]:
    return items(meeting)[0].papers


def choose(meeting: PanelMeeting, *chosen: Document, out: tuple[Document, ...] = (), **more: str):
    return services.choose(
        actor=COMMAND_LINE,
        item_id=the_item(meeting).id,
        add=[document.public_id for document in chosen],
        take_out=[document.public_id for document in out],
        why=more.get("why"),
    )


def words(meeting: PanelMeeting) -> list[str]:
    return [line.words for line in lines(meeting)]


def test_papers_stand_in_the_order_in_which_they_were_chosen(meeting: PanelMeeting) -> None:
    case = the_case(meeting)
    first, second = (add_document(case, pages=n, title=f"Report {n}") for n in (1, 2))
    assert choose(meeting, second, first) == 0
    assert words(meeting) == ["Report 2, version 1", "Report 1, version 1"]
    assert papers.counts([the_item(meeting).id]) == {the_item(meeting).id: 2}


def test_choosing_what_is_there_and_taking_out_what_is_not_changes_nothing(
    meeting: PanelMeeting,
) -> None:
    document = add_document(the_case(meeting))
    other = add_document(the_case(meeting), pages=2)
    choose(meeting, document)
    choose(meeting, document, out=(other,))
    assert len(lines(meeting)) == 1


def test_before_circulation_what_is_taken_out_was_never_there(meeting: PanelMeeting) -> None:
    document = add_document(the_case(meeting))
    choose(meeting, document)
    choose(meeting, out=(document,))
    assert lines(meeting) == ()
    choose(meeting, document)
    circulate(meeting)
    assert len(lines(meeting)) == 1
    assert not lines(meeting)[0].is_late


def test_a_frozen_pack_keeps_its_version_and_says_that_a_newer_one_exists(
    meeting: PanelMeeting,
) -> None:
    case = the_case(meeting)
    first = add_document(case, title="EP advice")
    choose(meeting, first)
    circulate(meeting)
    second = add_document(case, pages=2, title="EP advice", replaces=first)
    (line,) = lines(meeting)
    assert (line.words, line.newer) == ("EP advice, version 1", 2)
    assert choose(meeting, second) == 1
    old, new = lines(meeting)
    assert (old.is_late, old.newer, new.is_late, new.words) == (
        *(False, None, True, "EP advice, version 2"),
    )


def test_a_frozen_pack_loses_a_paper_only_with_a_reason_and_shows_it(
    meeting: PanelMeeting,
) -> None:
    document = add_document(the_case(meeting))
    choose(meeting, document)
    circulate(meeting)
    with pytest.raises(Refused, match="Enter why"):
        choose(meeting, out=(document,))
    db.session.rollback()
    choose(meeting, out=(document,), why="About another child")
    (line,) = lines(meeting)
    assert line.is_taken_out
    assert not line.may_be_read
    assert line.paper.taken_out_why == "About another child"
    assert items(meeting)[0].standing == ()
    with pytest.raises(Withheld, match="taken out"):
        services.opened(actor=COMMAND_LINE, line=line)


def test_members_are_told_of_a_late_paper_but_for_those_with_an_interest(
    meeting: PanelMeeting,
) -> None:
    told = make_user("panel-member", email="told@example.org")
    kept = make_user("panel-member", email="kept@example.org")
    for user in (told, kept):
        seat_member(meeting.panel, user)
    interest = Interest(
        case_id=the_item(meeting).case_id, user_id=kept.id, nature="Kin", declared_at=clock.now()
    )
    db.session.add(interest)
    circulate(meeting)
    choose(meeting, add_document(the_case(meeting)))
    (message,) = db.session.scalars(select(Message)).all()
    assert message.to_user_id == told.id
    assert "1 paper was added" in message.body
    assert "Invented" not in message.body.replace("Invented panel", "")
    assert "EHC-" not in message.body


@pytest.mark.parametrize("fault", ["word", "waiting", "infected", "withdrawn"])
def test_what_cannot_be_read_cannot_be_a_paper(meeting: PanelMeeting, fault: str) -> None:
    case = the_case(meeting)
    if fault == "word":
        document = add_document(case, content=files.word(), file_name="a.docx")
    else:
        document = add_document(case)
    if fault == "withdrawn":
        documents.withdraw(
            actor=COMMAND_LINE, case_id=case.id, public_id=document.public_id, why="x"
        )
    elif fault != "word":
        document.state = fault
        db.session.commit()
    with pytest.raises(Refused, match="cannot be chosen"):
        choose(meeting, document)
    (choice,) = papers.choices(case.id, ()) or [None]
    if fault != "withdrawn":
        assert choice is not None
        assert choice.objection


def test_a_document_of_another_case_is_absent(meeting: PanelMeeting) -> None:
    other = add_document(make_case(person={"surname": "Other"}))
    with pytest.raises(Absent):
        choose(meeting, other)


def test_a_cancelled_meeting_and_a_signed_one_take_no_papers(meeting: PanelMeeting) -> None:
    document = add_document(the_case(meeting))
    sign(meeting)
    with pytest.raises(Refused, match="signed"):
        choose(meeting, document)


def test_the_usual_papers_are_the_newest_of_what_was_asked_and_advised(
    meeting: PanelMeeting,
) -> None:
    case = the_case(meeting)
    add_document(case, kind="letter", pages=1)
    first = add_document(case, kind="health-advice", pages=2, title="Advice")
    add_document(case, kind="health-advice", pages=3, title="Advice", replaces=first)
    add_document(case, kind="request", pages=4, title="Request")
    add_document(case, kind="health-advice", content=files.word(), file_name="a.docx")
    chosen_by_hand = put_on_agenda(meeting, make_case(person={"surname": "Other"}))
    by_hand = add_document(db.session.get_one(Case, chosen_by_hand.case_id), is_theirs=True)
    services.choose(
        actor=COMMAND_LINE,
        item_id=chosen_by_hand.id,
        add=[by_hand.public_id],
        take_out=[],
        why=None,
    )
    both = [the_item(meeting).id, chosen_by_hand.id]
    assert services.choose_usual(actor=COMMAND_LINE, item_ids=both) == 2
    assert words(meeting) == ["Request, version 1", "Advice, version 2"]
    assert services.choose_usual(actor=COMMAND_LINE, item_ids=both) == 0


def test_the_usual_papers_of_a_circulated_agenda_are_not_chosen_all_at_once(
    meeting: PanelMeeting,
) -> None:
    add_document(the_case(meeting))
    circulate(meeting)
    with pytest.raises(Refused, match="circulated"):
        services.choose_usual(actor=COMMAND_LINE, item_ids=[the_item(meeting).id])


def test_the_opening_of_a_paper_is_told_on_the_case_and_gives_its_words(
    meeting: PanelMeeting,
) -> None:
    choose(meeting, add_document(the_case(meeting), pages=2))
    texts = services.opened(actor=COMMAND_LINE, line=lines(meeting)[0])
    assert len(texts) == 2
    assert texts[1].startswith("Page 2. Ida Invented is eight")
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.action, last.case_id) == ("opened paper", the_item(meeting).case_id)


@pytest.mark.parametrize(("state", "said"), [("infected", "failed"), ("unreadable", "failed")])
def test_a_paper_found_bad_later_is_withheld_and_its_place_says_so(
    meeting: PanelMeeting, state: str, said: str
) -> None:
    document = add_document(the_case(meeting))
    choose(meeting, document)
    circulate(meeting)
    document.state, document.checked_at = state, clock.now()
    db.session.commit()
    (line,) = lines(meeting)
    assert line.withheld is not None
    assert line.withheld.startswith(f"{said} its check on ")
    with pytest.raises(Withheld):
        services.opened(actor=COMMAND_LINE, line=line)
    with pytest.raises(Withheld):
        services.page_picture(line=line, number=1)


def build(meeting: PanelMeeting, whose: Seat | None = None, left_out: int = 0) -> PdfReader:
    made = packs.build(
        actor=COMMAND_LINE,
        view=view(meeting),
        items=items(meeting, whose),
        left_out=left_out,
        reader="Ada Example",
    )
    return PdfReader(io.BytesIO(made))


def said(page: object) -> str:
    return " ".join(page.extract_text().split())  # type: ignore[attr-defined]


def test_each_sheet_of_a_pack_says_which_case_item_paper_and_page_and_for_whom(
    meeting: PanelMeeting,
) -> None:
    choose(meeting, add_document(the_case(meeting), pages=2, title="EP “advice” #1 *x*"))
    circulate(meeting)
    first, second, third, fourth = build(meeting).pages
    assert "Invented panel" in said(first)
    assert "EHC-000001" in said(first)
    assert "The test in law (Children and Families Act 2014, s.36(8))" in said(second)
    for number, page in ((1, third), (2, fourth)):
        words = said(page)
        assert "Item 1, EHC-000001" in words
        assert "EP “advice” #1 *x*, version 1" in words
        assert f"Item 1, page {number} of 2" in words
        assert f"Sheet {number + 2} of 4" in words
        assert "Ada Example, " in words
        assert f"Page {number}. Ida Invented" in words


def test_a_pack_leaves_out_what_its_reader_may_not_see(meeting: PanelMeeting) -> None:
    user = make_user("panel-member")
    seat_member(meeting.panel, user)
    hidden = make_case(person={"surname": "Hidden"})
    item = put_on_agenda(meeting, hidden)
    document = add_document(hidden, content=files.pdf("Secret words of Ida Hidden. " * 20))
    services.choose(
        actor=COMMAND_LINE, item_id=item.id, add=[document.public_id], take_out=[], why=None
    )
    circulate(meeting)
    interest = Interest(case_id=hidden.id, user_id=user.id, nature="Kin", declared_at=clock.now())
    db.session.add(interest)
    db.session.commit()
    own = build(meeting, seat(user.id, sees_all=False), left_out=1)
    words = " ".join(map(said, own.pages))
    assert "Secret" not in words
    assert hidden.reference not in words
    assert "1 case is left out of this copy" in words
    assert "Secret" in " ".join(map(said, build(meeting).pages))


def test_a_pack_says_what_is_late_taken_out_and_withheld(
    meeting: PanelMeeting, settings: Settings
) -> None:
    case = the_case(meeting)
    gone, bad, changed, picture = (
        add_document(case, pages=1, title="Gone"),
        add_document(case, pages=2, title="Bad"),
        add_document(case, pages=3, title="Changed"),
        add_document(case, content=files.picture(), file_name="a.png", title="Drawing"),
    )
    choose(meeting, gone, bad, changed)
    circulate(meeting, circulated_at=clock.now() - timedelta(seconds=1))
    for paper in lines(meeting):
        paper.paper.chosen_at -= timedelta(hours=1)
    bad.state, bad.checked_at = "infected", clock.now()
    db.session.commit()
    choose(meeting, picture, out=(gone,), why="A slip")
    (file,) = Path(settings.instance_path).rglob(changed.stored_as)
    file.write_bytes(b"changed")
    reader = build(meeting)
    heading = said(reader.pages[1])
    assert "Gone, version 1, received 23 November 2026 (taken out on" in heading
    assert ": A slip)" in heading
    assert "(withheld: failed its check on" in heading
    assert "(withheld: its file is damaged or has been changed)" in heading
    assert "Drawing, version 1, received 23 November 2026, 1 page (late: added" in heading
    assert len(reader.pages) == 3
    db.session.refresh(changed)
    assert changed.state == "unreadable"


def test_a_landscape_page_lies_on_a_landscape_sheet(meeting: PanelMeeting) -> None:
    wide = add_document(
        the_case(meeting), content=files.picture("PNG", (900, 300)), file_name="wide.png"
    )
    choose(meeting, wide)
    box = build(meeting).pages[2].mediabox
    assert box.width > box.height


def test_the_papers_of_a_meeting_take_the_same_statements_however_many(
    app: Flask, meeting: PanelMeeting
) -> None:
    choose(meeting, add_document(the_case(meeting)))
    whole = view(meeting)
    with counted(app) as few:
        papers.of_meeting(seat(), whole)
    for number in range(4):
        case = make_case(person={"surname": f"Child{number}"})
        put_on_agenda(meeting, case)
        for pages in (2, 3):
            add_document(case, pages=pages + number * 2, is_theirs=True)
    every = [item.id for item in db.session.query(AgendaItem)]
    services.choose_usual(actor=COMMAND_LINE, item_ids=every)
    db.session.expire_all()
    whole = view(meeting)
    with counted(app) as many:
        assert sum(len(item.papers) for item in papers.of_meeting(seat(), whole)) == 9
    assert len(few) == len(many) == 4
