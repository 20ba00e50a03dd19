"""Who reads what of advice: a word that stands nowhere else is planted in every part of it.

Each page is then fetched by each kind of person, and what shows is compared with sections.csv,
which is written by hand: by page and person, the parts that may show. A page that is not in the
table may show nothing to anyone. The parts are a letter for each agency's advice: h health,
s social care, p psychology, e education; the same in capitals for the titles of its documents;
n for words about lateness, which are notes.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from casework.clock import now, set_today
from casework.extensions import db
from casework.models import (
    AdviceCheck,
    AdviceEntry,
    AdviceExpected,
    AdviceRelease,
    AdviceReuse,
    Adviser,
    Case,
    Interest,
    Message,
    Panel,
    User,
)
from casework.rules.plan_content import Section
from casework.services import checking
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from tests.factories import (
    TODAY,
    add_document,
    circulate,
    event_id,
    log,
    make_advice,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
)
from tests.fixtures.people import SignIn, add_person
from tests.fixtures.plans import make_section
from tests.fixtures.services import the_service
from tests.guards.test_routes import routes, written

pytestmark = pytest.mark.embedded

TABLE = Path(__file__).with_name("sections.csv")
#: The services that returned advice, by the letter of their agency.
ASKED = {
    "h": "camhs",
    "s": "social_care",
    "p": "educational_psychology",
    "e": "school",
}
#: Existing advice of these is used again.
USED = {"h": "community_nursing", "s": "social_care"}
#: Whose words stand in which sections of the plan.
PLANNED = [*zip("phse", "BCDF", strict=True), ("h", "G"), ("s", "H2")]
NEEDS, PROVISIONS = ("B", "C", "D"), ("F", "G", "H1", "H2")
ASKED_ON, CAME_ON = date(2026, 9, 14), date(2026, 11, 2)
#: Each kind of person: the role, and what they are to the case.
PEOPLE: dict[str, tuple[str, dict[str, str]]] = {
    "case-officer": ("case-officer", {}),
    "manager": ("manager", {}),
    "officer with an interest": ("case-officer", {}),
    "panel-clerk": ("panel-clerk", {}),
    "panel-member": ("panel-member", {}),
    "dco": ("dco", {}),
    "dco with a release": ("dco", {}),
    "dco with an interest": ("dco", {}),
    "social-care-lead": ("social-care-lead", {}),
    "lead with a release": ("social-care-lead", {}),
    "lead whose release is over": ("social-care-lead", {}),
    "health service asked": ("service-member", {"service": "camhs"}),
    "social care asked": ("service-member", {"service": "social_care"}),
    "psychologist asked": ("service-member", {"service": "educational_psychology"}),
    "school asked": ("service-member", {"service": "school"}),
    "service not asked": ("service-member", {"service": "physiotherapy"}),
    "auditor": ("auditor", {}),
    "data-protection-officer": ("data-protection-officer", {}),
    "board-reader": ("board-reader", {}),
    "administrator": ("administrator", {}),
}


def word(letter: str, part: str) -> str:
    """Return the word planted in one part of one agency's advice."""
    return f"canary{letter}{part}zq"


def table() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("endpoint"): row for row in csv.DictReader(file)}


class Planted:
    """The case with its words, and what stands for the parts of an address."""

    def __init__(self) -> None:
        self.case = make_case(date(2026, 9, 7))
        self.documents: list[str] = []
        for number, (letter, kind) in enumerate(ASKED.items(), start=1):
            self.return_advice(letter, kind, number)
        for letter, kind in USED.items():
            self.use_again(letter, kind)
        for letter, key in PLANNED:
            make_section(self.case, Section(key=key, words=word(letter, f"plan{key}")))
        self.advisers = list(db.session.scalars(select(Adviser.public_id)))
        self.meeting = self.put_before_a_panel()
        self.case_id, self.case_public_id = self.case.id, self.case.public_id
        self.event_id = event_id(self.case, "advice_received")

    def return_advice(self, letter: str, kind: str, number: int) -> None:
        """Ask a service, take two versions of its advice, send one back, and say why it is late."""
        service = the_service(kind)
        asked = {"service": kind, "advice_service_id": service.id, "asks": word(letter, "asks")}
        log(self.case, NewEvent(kind="advice_requested", on=ASKED_ON, **asked))
        adviser = db.session.scalars(select(Adviser).order_by(Adviser.id.desc()).limit(1)).one()
        whose = {"adviser_id": adviser.id}
        log(
            self.case,
            NewEvent(
                kind="advice_expected",
                on=date(2026, 10, 20),
                outcome="capacity",
                brings=lambda n: [
                    AdviceExpected(event_id=n, expected_on=CAME_ON, words=word(letter, "expected"))
                ],
                **whose,
            ),
        )
        paper = add_document(self.case, pages=number, title=word(letter.upper(), "title"))
        self.documents.append(paper.public_id)
        for version in (1, 2):
            came = NewEvent(kind="advice_received", on=CAME_ON, outcome="advice", **whose)
            log(self.case, came)
            make_advice(
                adviser,
                event_id(self.case, "advice_received"),
                version=version,
                document_id=paper.id,
                summary=word(letter, "summary"),
                child_voice=word(letter, "voice"),
                author=word(letter, "author"),
                author_post=word(letter, "post"),
                sections="B C D E F G H1 H2",
                entries=list(self.entries(letter)),
            )
            given = {"case_id": self.case.id, "version": self.case.version, **whose}
            checking.send_back(
                actor=COMMAND_LINE,
                today=TODAY,
                reasons=word(letter, "reasons"),
                cause="capacity" if version == 2 else None,
                words=f"canaryn{letter}lateness",
                **given,
            )
            db.session.refresh(self.case)

    def entries(self, letter: str) -> Iterator[AdviceEntry]:
        """Yield an entry for each section of provision, with a word in each of its columns."""
        for place, section in enumerate(PROVISIONS, start=1):
            need = NEEDS[min(place, len(NEEDS)) - 1]
            yield AdviceEntry(
                place=place,
                need_section=need,
                need=word(letter, f"need{need}"),
                outcome=word(letter, "outcomeE"),
                provision_section=section,
                provision=word(letter, f"provision{section}"),
                by_whom=word(letter, "by"),
                how_often=word(letter, "often"),
            )

    def use_again(self, letter: str, kind: str) -> None:
        agreed = dict.fromkeys(
            ("author_agreed_on", "authority_agreed_on", "family_agreed_on"), ASKED_ON
        )
        log(
            self.case,
            NewEvent(
                kind="advice_reused",
                on=ASKED_ON,
                service=kind,
                brings=lambda n: [
                    AdviceReuse(
                        event_id=n, described=word(letter, "reuse"), sections="B C", **agreed
                    )
                ],
            ),
        )

    def put_before_a_panel(self) -> str:
        panel = make_panel()
        meeting = make_meeting(panel)
        self.panel, self.item = panel.public_id, put_on_agenda(meeting, self.case).public_id
        self.panel_id = panel.id
        circulate(meeting)
        return meeting.public_id

    def address(self, app: Flask, rule: Rule) -> Iterator[str]:
        """Yield the addresses of a route that name what was planted."""
        blueprint = rule.endpoint.partition(".")[0]
        case = {"public_id": [self.case_public_id]}
        known: dict[str, dict[str, list[Any]]] = {
            "advice": case,
            "asked": {},
            "cases": case,
            "decisions": case,
            "documents": case,
            "people": case,
            "plan": case,
            "releases": case,
            "meetings": {"public_id": [self.meeting], "item_id": [self.item]},
            "panels": {"public_id": [self.panel]},
        }
        given = {
            "adviser_id": self.advisers,
            "document_id": self.documents,
            "number": [1, 2],
            "key": [key for _, key in PLANNED] + ["K"],
            "event_id": [self.event_id],
        } | known.get(blueprint, {})
        bound = app.url_map.bind("localhost")
        for choice in _each({name: given.get(name, ["0"]) for name in rule.arguments}):
            yield bound.build(rule.endpoint, choice)


def _each(choices: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    if not choices:
        yield {}
        return
    name, *_ = choices
    for value in choices[name]:
        for rest in _each({n: v for n, v in choices.items() if n != name}):
            yield {name: value} | rest


def letters(text: str) -> str:
    """Return the letters of the parts whose words stand in a page."""
    return "".join(one for one in "hspeHSPEn" if f"canary{one}" in text)


def make_people(planted: Planted) -> dict[str, str]:
    """Open an account for each kind of person, and return the addresses they sign in with."""
    emails = {name: f"person{n}@example.org" for n, name in enumerate(PEOPLE)}
    for name, (role, details) in PEOPLE.items():
        add_person(role, emails[name], name="Ada Example", **details)
    user = {
        name: db.session.query(User).filter_by(email=email).one() for name, email in emails.items()
    }
    for name in ("officer with an interest", "dco with an interest"):
        interest = {"nature": "Kin", "declared_at": now()}
        db.session.add(Interest(case_id=planted.case_id, user_id=user[name].id, **interest))
    for name, agency, until in (
        ("dco with a release", "social_care", TODAY),
        ("lead with a release", "health", TODAY),
        ("lead whose release is over", "health", TODAY - timedelta(days=1)),
    ):
        db.session.add(
            AdviceRelease(
                case_id=planted.case_id,
                agency=agency,
                asked_by_id=user[name].id,
                asked_at=now(),
                reason="A joint plan",
                decided_by_id=user["dco"].id,
                decided_at=now(),
                is_granted=True,
                until_day=until,
            )
        )
    seat = db.session.get_one(User, user["panel-member"].id)
    seat_member(db.session.get_one(Panel, planted.panel_id), seat)
    db.session.commit()
    return emails


def shown_to(client: FlaskClient, app: Flask, planted: Planted, role: str) -> dict[str, str]:
    """Return, by page, the letters of what shows to the person who is signed in."""
    allowed, found = written(), {}
    for rule, method in routes(app):
        if method != "GET" or allowed[rule.endpoint, "GET"][role] != "yes":
            continue
        with app.app_context():
            addresses = list(planted.address(app, rule))
        text = "".join(client.get(one).get_data().decode(errors="replace") for one in addresses)
        if told := letters(text):
            found[rule.endpoint] = told
    return found


def test_each_page_shows_each_person_what_the_table_says_and_nothing_more(
    app: Flask, sign_in: SignIn
) -> None:
    set_today(TODAY)
    with app.app_context():
        planted = Planted()
        emails = make_people(planted)
    rows, differ = table(), {}
    for name, (role, _) in PEOPLE.items():
        found = shown_to(sign_in(email=emails[name]), app, planted, role)
        expected = {page: row[name] for page, row in rows.items() if row[name] != "-"}
        for page in found.keys() | expected.keys():
            if found.get(page, "-") != expected.get(page, "-"):
                differ[page, name] = f"{found.get(page, '-')}, not {expected.get(page, '-')}"
    assert not differ


def test_the_table_has_a_column_for_each_person_and_only_pages_that_are_there(app: Flask) -> None:
    there = {rule.endpoint for rule, method in routes(app) if method == "GET"}
    assert not set(table()) - there
    for page, row in table().items():
        assert list(row) == list(PEOPLE), page
        assert not set("".join(row.values())) - set("hspeHSPEn-"), page


def test_no_email_and_no_list_taken_out_holds_any_of_it(app: Flask, sign_in: SignIn) -> None:
    set_today(TODAY)
    with app.app_context():
        planted = Planted()
        make_user("manager", email="none@example.org")
        letters_out = db.session.scalars(select(Message)).all()
        assert letters_out, "something was sent back, so somebody was told"
        for message in letters_out:
            assert not letters(message.subject + message.body)
            assert "Invented" not in message.subject + message.body
        assert db.session.query(Case).one().id == planted.case_id
        assert db.session.query(AdviceCheck).count() == 8
    manager = sign_in("manager")
    token = manager.get("/account").text.split('name="csrf_token"', 1)[1].split('value="', 1)[1]
    taken = manager.post("/cases/download", data={"csrf_token": token.split('"', 1)[0]})
    assert taken.status_code == 200
    assert "EHC-" in taken.get_data(as_text=True)
    assert not letters(taken.get_data(as_text=True))


def test_every_part_is_planted_where_an_officer_reads_it(app: Flask, sign_in: SignIn) -> None:
    """So that a page which shows none of them shows none of what was there."""
    set_today(TODAY)
    with app.app_context():
        planted = Planted()
    officer = sign_in("case-officer")
    place = f"/cases/{planted.case_public_id}/advice"
    pages = [officer.get(f"{place}/{one}").text for one in planted.advisers]
    text = "".join([officer.get(place).text, *pages])
    parts = ("asks", "summary", "voice", "author", "post", "by", "often", "outcomeE", "reasons")
    sections = [f"need{one}" for one in NEEDS] + [f"provision{one}" for one in PROVISIONS]
    missing = [word(one, part) for one in ASKED for part in (*parts, *sections)]
    missing += [word(one, "reuse") for one in USED] + [word(one.upper(), "title") for one in ASKED]
    assert not [one for one in missing if one not in text]
