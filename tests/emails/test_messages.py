"""Each email, as the person it is for reads it."""

import re
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import BuildError

from casework.config import ROOT
from casework.emails import links, messages
from casework.emails.messages import KINDS, Email
from casework.rules.digests import Brought, Cleared, Counts, Digest, Line, Owes, Part, Why

pytestmark = pytest.mark.embedded

TUESDAY = date(2026, 12, 1)
LINK = "https://ehc.example.org/meetings/x"
PANEL: dict[str, Any] = {"panel": "North panel", "on": TUESDAY}
MEETING = PANEL | {"at": time(9, 30), "link": LINK}
ASKED: dict[str, Any] = {"reference": "EHC-000042", "on": TUESDAY, "link": LINK}
OPEN = {"opens_on": date(2026, 11, 24)}
MOVED = {"was_on": date(2026, 11, 30), "was_at": time(13, 0), "place": "Room 2"}
OWED: dict[str, Any] = {"service": "Speech therapy", "link": LINK}
LATE = {
    "reference": "EHC-000042",
    "asked_on": date(2026, 10, 1),
    "due_on": date(2026, 11, 12),
    "stands": "11 days late",
    "reminder": 3,
}
NEW = {"due_on": TUESDAY, "stands": "due in 8 days", "reminder": 1}
DUE = LATE | {"reference": "EHC-000043", **NEW}

LINE = Line(
    case_id=1,
    public_id="x",
    reference="EHC-000042",
    stage="Assessing",
    what="Send the final plan",
    due_on=date(2026, 12, 26),
    act_by=date(2026, 12, 24),
    stands="Due in 25 days",
    held="Held by Ann <Able>",
    late="social care since 19 November 2026",
    last="Advice asked for, 8 October 2026",
    do="Remind social care",
    news="It was cleared, and is owed again",
    link=LINK,
)
DIGEST = Digest(
    today=TUESDAY,
    since=date(2026, 11, 30),
    is_late=False,
    counts=Counts(214, 3, 5),
    soon_within=10,
    new=Part([LINE], 3),
    open=Part([LINE], 44),
    cleared=[Cleared("EHC-000007", "Send the final plan", "done 30 November 2026")],
    cleared_more=4,
    proposals=2,
    proposed_since=date(2026, 11, 12),
    owing=[Owes("Therapists", 12, date(2026, 10, 3))],
    brought=Brought(30, 13),
)
FOOT: dict[str, Any] = {
    "why": Why("EHCP team North", ("You manage EHCP team North.",)),
    "links": dict.fromkeys(("overdue", "soon", "exceptions", "chasing", "alerts"), LINK),
    "day": TUESDAY,
    "taken_at": "7:02am",
}


def one_of_each() -> list[Email]:
    """Return an email of each kind, in the order of KINDS; needs an application context."""
    return [
        messages.agenda_circulated(**MEETING, cases=30, **OPEN),
        messages.decisions_circulated(**PANEL, cases=2, record=LINK, links=[f"{LINK}1"]),
        messages.meeting_moved(**MEETING, **MOVED),
        messages.meeting_cancelled(**MEETING),
        messages.late_paper(**MEETING, papers=1),
        messages.advice_asked(**ASKED, due_on=date(2027, 1, 12), is_law=True),
        messages.advice_withdrawn(reference="EHC-000042", asked_on=TUESDAY, link=LINK),
        messages.advice_sent_back(reference="EHC-000042", link=LINK),
        messages.release_asked(answer_by=TUESDAY, link=LINK),
        messages.advice_owed(**OWED, late=[LATE], due=[DUE]),
        messages.digest(found=DIGEST, **FOOT),
        messages.all_clear(found=replace(DIGEST, new=Part(), open=Part()), **FOOT),
        messages.alert(lines=[LINE], more=0, **FOOT),
    ]


def test_every_kind_has_a_function_and_a_folder(app: Flask) -> None:
    with app.app_context():
        assert [email.kind for email in one_of_each()] == list(KINDS)
    folders = {p.name for p in (ROOT / "templates" / "emails").iterdir() if p.is_dir()}
    assert folders == set(KINDS)


def test_a_subject_is_one_line_and_every_text_ends_with_the_authority(app: Flask) -> None:
    with app.app_context():
        for email in one_of_each():
            assert email.subject == email.subject.strip() != ""
            assert "\n" not in email.subject
            named = ("North panel", "EHC-000042", "read advice", "Reminder", "EHCP team North")
            assert any(words in email.subject for words in named)
            assert email.text.rstrip().endswith("Anyshire Council")
            assert "\n\n\n" not in email.text
            assert LINK in email.text


def test_an_agenda_says_when_to_come_and_from_when_to_read(app: Flask) -> None:
    with app.app_context():
        email = messages.agenda_circulated(**MEETING, cases=30, **OPEN)
    assert email.subject == "Agenda for North panel, Tuesday 1 December 2026"
    assert "It has 30 cases." in email.text
    assert "The panel meets on Tuesday 1 December 2026 at 9:30am." in email.text
    assert "papers from Tuesday 24 November 2026:\n" + LINK in email.text


def test_decisions_lead_a_member_to_the_record_and_others_to_their_cases(app: Flask) -> None:
    with app.app_context():
        member = messages.decisions_circulated(**PANEL, cases=3, record=LINK, links=[])
        officer = messages.decisions_circulated(**PANEL, cases=1, record=None, links=[LINK])
    assert "are signed. 3 cases concern you.\n\nRead the record of the meeting:\n" in member.text
    assert "what was decided" not in member.text
    assert "are signed. 1 case concerns you.\n\nRead what was decided" in officer.text
    assert "record of the meeting" not in officer.text


def test_further_decisions_are_said_to_be_added_or_changed(app: Flask) -> None:
    with app.app_context():
        email = messages.decisions_circulated(
            **PANEL, cases=1, record=LINK, links=[], is_further=True
        )
    assert email.subject == "Further decisions of North panel, Tuesday 1 December 2026"
    assert "some were added or changed since the others went round." in email.text
    assert "1 case concerns you." in email.text


def test_a_moved_meeting_says_both_days(app: Flask) -> None:
    with app.app_context():
        email = messages.meeting_moved(**MEETING, **MOVED)
    assert "on Monday 30 November 2026 at 1:00pm has moved." in email.text
    assert "It is now on Tuesday 1 December 2026 at 9:30am, Room 2." in email.text


def test_a_moved_meeting_without_a_place_names_none(app: Flask) -> None:
    with app.app_context():
        email = messages.meeting_moved(**MEETING, **MOVED | {"place": ""})
    assert "It is now on Tuesday 1 December 2026 at 9:30am. " in email.text


@pytest.mark.parametrize(("papers", "words"), [(1, "1 paper was"), (2, "2 papers were")])
def test_late_papers_are_counted(app: Flask, papers: int, words: str) -> None:
    with app.app_context():
        assert words in messages.late_paper(**MEETING, papers=papers).text


def test_marks_in_a_name_are_not_written_as_a_pages(app: Flask) -> None:
    with app.app_context():
        email = messages.meeting_cancelled(**MEETING | {"panel": "Early Years & 0–5 <North>"})
    assert "Early Years & 0–5 <North>" in email.subject


def test_a_link_is_whole_and_begins_with_the_setting(settings: Any) -> None:
    from dataclasses import replace

    from casework.app import create_app

    app = create_app(replace(settings, address="https://council.example.org/ehc"))
    with app.app_context():
        link = links.to("cases.case", public_id="abc")
        assert link == "https://council.example.org/ehc/cases/abc"
        with pytest.raises(BuildError):
            links.to("cases.no_such_page")


def test_a_request_for_advice_says_by_when_and_whether_law_or_guidance_says_so(app: Flask) -> None:
    with app.app_context():
        law = messages.advice_asked(**ASKED, due_on=date(2027, 1, 12), is_law=True)
        guidance = messages.advice_asked(**ASKED, due_on=date(2027, 1, 12), is_law=False)
        none = messages.advice_asked(**ASKED, due_on=None, is_law=True)
    assert law.subject == "Request for advice: EHC-000042, due 12 January 2027"
    assert "Asked: Tuesday 1 December 2026\nDue: Tuesday 12 January 2027\n" in law.text
    assert "(SEND Regulations\n2014, regulation 8(1))" in law.text
    assert "SEND Code of Practice,\nparagraph 9.41" in guidance.text
    assert "regulation 8" not in guidance.text
    assert none.subject == "Request for advice: EHC-000042"
    assert "Due" not in none.text


def test_a_reminder_lists_all_that_a_service_owes_by_reference_and_day(app: Flask) -> None:
    with app.app_context():
        both = messages.advice_owed(**OWED, late=[LATE], due=[DUE])
        due = messages.advice_owed(**OWED, late=[], due=[DUE])
    assert both.subject == "Reminder: 2 requests for advice not yet answered, 1 late"
    lines = both.text.splitlines()
    late = "EHC-000042: asked 1 October 2026, due 12 November 2026, 11 days late (reminder 3)"
    assert lines[lines.index("Late:") + 1] == late
    not_late = "EHC-000043: asked 1 October 2026, due 1 December 2026, due in 8 days"
    assert lines[lines.index("Not late:") + 1] == not_late
    assert due.subject == "Reminder: 1 request for advice not yet answered"
    assert "\nLate:" not in due.text
    assert "\nNot late yet:\n" in due.text


def test_a_digest_says_what_is_new_then_the_rest_and_why_it_came(app: Flask) -> None:
    with app.app_context():
        email = messages.digest(found=DIGEST, **FOOT)
    assert email.subject == "3 overdue, 5 due in 10 working days: EHCP team North, Tue 1 Dec"
    told = (
        *("3 cases overdue, 5 due in the next 10 working days, of 214 open.",),
        *("NEW SINCE MONDAY 30 NOVEMBER 2026: 3 CASES", "EHC-000042: due in 25 days"),
        *("Now: Remind social care", "Due: Saturday 26 December 2026, act by Thursday 24"),
        *(
            "Late: social care since 19",
            "And 2 more, in the lists above.",
            "TOLD BEFORE AND STILL OPEN: 44 CASES",
        ),
        *(
            "And 43 more, in the lists above.",
            "EHC-000007: send the final plan, done 30 November 2026",
        ),
        *(
            "And 4 more.",
            "WAIT FOR YOUR APPROVAL: 2",
            "Therapists: 12 late, the oldest since 3 October 2026",
        ),
        *("Why you got this", "You manage EHCP team North.", "taken at 7:02am"),
    )
    places = [email.text.find(words) for words in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)


def test_the_text_of_an_alert_keeps_to_78_columns_but_for_its_links(app: Flask) -> None:
    with app.app_context():
        texts = [one.text for one in one_of_each() if one.html]
    lines = [line for text in texts for line in text.splitlines() if "://" not in line]
    assert len(texts) == 3
    assert max(len(line) for line in lines) <= 78


def test_a_page_of_an_alert_is_one_column_with_nothing_from_elsewhere(app: Flask) -> None:
    with app.app_context():
        pages = [one.html for one in one_of_each() if one.html]
    for page in pages:
        assert '<html lang="en">' in page
        assert "Ann &lt;Able&gt;" in page or "Ann" not in page
        for outside in ("<img", "<script", "<link", "url(", "@import", "src="):
            assert outside not in page
        assert all(place.startswith(LINK) for place in re.findall(r'href="([^"]*)"', page))
