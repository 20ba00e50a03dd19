"""The page of one case: what it says, who may see it, and that looking is recorded first."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from casework.extensions import db
from casework.models import AuditEntry, Case, Contact, Setting, SettingClosure
from casework.services import audit_trail
from casework.services.audit_trail import COMMAND_LINE
from casework.services.events import NewEvent
from tests.factories import event_id, log, make_case
from tests.fixtures.people import SignIn, token_in
from tests.fixtures.statements import counted

Happen = Callable[..., None]


def audited(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_looking_at_a_case_is_recorded_before_the_page_is_sent(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in()
    assert client.get(f"/cases/{case}").status_code == 200
    assert audited(app)[-1] == "viewed case"


def test_a_case_is_not_shown_where_looking_cannot_be_recorded(
    app: Flask, sign_in: SignIn, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in()

    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(audit_trail, "record", full)
    answer = client.get(f"/cases/{case}")
    assert answer.status_code == 503
    assert "O’Brien" not in answer.text


def test_the_page_takes_at_most_sixteen_statements_however_long_its_history(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    client = sign_in()
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    client.get(f"/cases/{case}")
    with counted(app) as few:
        client.get(f"/cases/{case}")
    services = ("camhs", "school", "social_care", "physiotherapy", "other_health")
    for service in services * 4:
        happen(NewEvent(kind="advice_requested", on=date(2026, 9, 21), service=service))
    with counted(app) as many:
        page = client.get(f"/cases/{case}").text
    assert page.count("Advice asked for") > 20
    # One more on PostgreSQL, whose audit trail takes its head by a lock of its own.
    assert len(many) == len(few) <= 16, many


@pytest.mark.embedded
def test_the_page_says_what_is_due_next_with_its_reason_and_regulation(
    sign_in: SignIn, case: str
) -> None:
    page = " ".join(sign_in().get(f"/cases/{case}").text.split())
    assert "Decide whether to assess, and say so by" in page
    assert "Monday 19 October 2026" in page
    assert "Overdue by 35 days" in page
    assert (
        "Because it is 6 weeks after the request was received on Monday 7 September 2026; "
        "the day it was received is not counted. SEND Regulations 2014, reg 5(1)." in page
    )


@pytest.mark.embedded
def test_whose_case_it_is_stands_on_every_page_about_it(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    with app.app_context():
        entry = event_id(db.session.query(Case).one(), "told_will_assess")
    client = sign_in("manager")
    paths = [
        *("", "/explain", "/views", "/hand-over", "/events/new?kind=withdrawn"),
        *("/exceptions", "/exceptions/propose", f"/events/{entry}/correct"),
        f"/events/{entry}/strike-out",
    ]
    titles = set()
    for path in paths:
        page = client.get(f"/cases/{case}{path}").text
        assert "José O’Brien" in page, path
        assert "4 May 2018 (aged 8)" in page, path
        assert "EHC-000001" in page, path
        assert len(re.findall("<h1", page)) == 1, path
        titles |= set(re.findall("<title>(.*?)</title>", page))
    assert len(titles) == len(paths)


@pytest.mark.embedded
@pytest.mark.parametrize("path", ["", "/explain"])
def test_a_case_out_of_scope_is_answered_as_one_that_is_not_there(
    sign_in: SignIn, case: str, path: str
) -> None:
    client = sign_in("dco")
    hidden, absent = client.get(f"/cases/{case}{path}"), client.get(f"/cases/nosuchcase{path}")
    assert hidden.status_code == absent.status_code == 404

    def plain(text: str) -> str:
        return re.sub(r'<strong class="casework-reference">.*?</strong>', "", text)

    assert plain(hidden.text) == plain(absent.text)


@pytest.mark.embedded
def test_a_case_comes_into_scope_when_health_is_asked(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    client = sign_in("dco")
    happen(NewEvent(kind="advice_requested", on=date(2026, 10, 1), service="camhs"))
    page = client.get(f"/cases/{case}").text
    assert "José O’Brien" in page
    assert "Family and contacts" not in page
    assert "Log what happened" not in page
    assert "Who has looked at it" not in page


@pytest.mark.embedded
def test_another_case_of_the_child_is_named_only_to_those_who_may_see_it(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="advice_requested", on=date(2026, 10, 1), service="camhs"))
    with app.app_context():
        person_id = db.session.query(Case).one().person_id
        make_case(person_id=person_id)
    assert "EHC-000002" in sign_in().get(f"/cases/{case}").text
    assert "EHC-000002" not in sign_in("dco").get(f"/cases/{case}").text


def hide_address(app: Flask) -> None:
    with app.app_context():
        db.session.add(
            Contact(
                person_id=db.session.query(Case).one().person_id,
                name="Ana O’Brien",
                relationship_to_child="Mother",
                phone="01632 960001",
                email="ana@example.org",
                address="2 Hidden Road",
                address_is_protected=True,
            )
        )
        db.session.commit()


@pytest.mark.embedded
def test_a_protected_address_is_shown_only_to_a_manager_who_asks_and_that_is_recorded(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    hide_address(app)
    officer, manager = sign_in(), sign_in("manager")
    for client in (officer, manager):
        page = client.get(f"/cases/{case}").text
        assert "Protected: the address and numbers are not shown" in page
        for secret in ("2 Hidden Road", "960001", "ana@example.org"):
            assert secret not in page
    assert "Show protected addresses" not in officer.get(f"/cases/{case}").text
    token = token_in(manager.get(f"/cases/{case}"))
    path = f"/cases/{case}/protected-addresses"
    assert officer.post(path, data={"csrf_token": token}).status_code in (400, 403)
    shown = manager.post(path, data={"csrf_token": token})
    assert "2 Hidden Road" in shown.text
    assert audited(app)[-1] == "viewed protected address"


@pytest.mark.embedded
def test_a_corrected_entry_stays_struck_through_and_linked(
    app: Flask, sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    with app.app_context():
        old = event_id(db.session.query(Case).one(), "told_will_assess")
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 22), corrects_id=old))
    page = sign_in().get(f"/cases/{case}").text
    assert "<del>20 September 2026</del>" in page
    assert "Corrected to 22 September 2026" in page
    assert f'href="#entry-{old}"' in page


@pytest.fixture
def closed_school(app: Flask, case: str) -> None:
    """Record the closure of the statute's ninth worked example: 23 July to 1 September 2026."""
    with app.app_context():
        setting = Setting(name="Willowmere Primary School", name_key="willowmere primary school")
        setting.closures = [
            SettingClosure(first_day=date(2026, 7, 23), last_day=date(2026, 9, 1), reason="Summer")
        ]
        db.session.add(setting)
        db.session.flush()
        db.session.query(Case).one().setting_id = setting.id
        db.session.commit()


EXCUSED = {"regulation": "13(3)", "ground": "X1", "reason": "The school was closed"}


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (date(2026, 7, 15), "The dates do not bear this out."),
        (date(2026, 7, 16), "The dates bear this out."),
        (date(2026, 8, 26), "The dates bear this out."),
        (date(2026, 8, 27), "The dates do not bear this out."),
    ],
)
def test_a_closure_ground_is_checked_against_the_schools_closures(
    app: Flask, sign_in: SignIn, asked: date, words: str
) -> None:
    with app.app_context():
        setting = Setting(name="Willowmere", name_key="willowmere")
        setting.closures = [SettingClosure(first_day=date(2026, 7, 23), last_day=date(2026, 9, 1))]
        db.session.add(setting)
        db.session.commit()
        made = make_case(date(2026, 6, 1), setting_id=setting.id)
        log(made, NewEvent(kind="advice_requested", on=asked, service="school"))
        log(made, NewEvent(kind="exception_recorded", on=date(2026, 9, 2), exception=EXCUSED))
        public_id = made.public_id
    page = " ".join(sign_in().get(f"/cases/{public_id}").text.split())
    assert words in page
    assert "from 16 July 2026 to 26 August 2026" in page
    assert "SEND Regulations 2014, reg 13(3)(a)" in page


@pytest.mark.embedded
@pytest.mark.usefixtures("closed_school")
def test_an_exception_without_its_particulars_says_what_is_in_doubt(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(
        NewEvent(
            kind="exception_recorded",
            on=date(2026, 10, 2),
            exception=EXCUSED,
            doubt="as_recorded",
        )
    )
    page = sign_in().get(f"/cases/{case}").text
    assert "As recorded in the tracker, not checked" in page
    assert "No evidence is recorded" in page
    assert "Who approved it is not recorded" in page
    assert "The dates cannot be checked." in page
    assert "Exception: still owed" in page


@pytest.mark.embedded
def test_words_typed_by_people_are_never_run(
    app: Flask, sign_in: SignIn, happen: Happen, case: str
) -> None:
    happen(NewEvent(kind="considering_notified", on=date(2026, 9, 9), note="<img src=x onerror=1>"))
    page = sign_in().get(f"/cases/{case}").text
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


@pytest.mark.embedded
def test_an_ended_case_says_when_and_that_nothing_is_due(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="withdrawn", on=date(2026, 10, 5)))
    page = " ".join(sign_in().get(f"/cases/{case}").text.split())
    assert "Withdrawn on Monday 5 October 2026. Nothing more is due." in page
    assert "No longer owed" in page


@pytest.mark.embedded
def test_who_has_looked_is_a_page_of_its_own(sign_in: SignIn, case: str) -> None:
    client = sign_in("manager", name="Mandeep Manager")
    client.get(f"/cases/{case}")
    page = client.get(f"/cases/{case}/views").text
    assert "Viewed case" in page
    assert "Mandeep Manager" in page
    assert "Opened case" in page


def hand_over(client: FlaskClient, case: str, to: str):
    page = client.get(f"/cases/{case}/hand-over")
    if page.status_code != 200:
        return page
    chosen = re.search(rf'<option value="([^"]+)"[^>]*>{to}<', page.text)
    data = {"csrf_token": token_in(page), "officer": chosen[1] if chosen else ""}
    return client.post(f"/cases/{case}/hand-over", data=data, follow_redirects=True)


@pytest.mark.embedded
def test_a_case_is_handed_over_and_its_officers_are_kept(sign_in: SignIn, case: str) -> None:
    officer = sign_in(name="Oona Officer")
    manager = sign_in("manager", name="Mandeep Manager")
    assert "Oona Officer now holds this case." in hand_over(manager, case, "Oona Officer").text
    page = hand_over(officer, case, "Mandeep Manager").text
    assert "Mandeep Manager now holds this case." in page
    assert "Oona Officer, from 23 November 2026 to 23 November 2026" in page
    assert hand_over(officer, case, "Oona Officer").status_code == 403


@pytest.mark.embedded
def test_handing_over_to_nobody_says_what_to_choose(sign_in: SignIn, case: str) -> None:
    answer = hand_over(sign_in("manager"), case, "Nobody Such")
    assert answer.status_code == 422
    assert "Choose the officer who takes the case" in answer.text


def test_nothing_that_is_looked_at_breaks_the_audit_trail(
    app: Flask, sign_in: SignIn, case: str
) -> None:
    client = sign_in("manager")
    for path in ("", "/explain", "/views"):
        client.get(f"/cases/{case}{path}")
    with app.app_context():
        audit_trail.record(COMMAND_LINE, "checked")
        db.session.commit()
        assert audit_trail.verify().faults == ()


def test_a_childs_name_stays_out_of_the_title_that_a_browser_remembers(
    sign_in: SignIn, case: str
) -> None:
    page = sign_in().get(f"/cases/{case}").get_data(as_text=True)
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert "EHC-000001" in title
    assert "O’Brien" in page
    assert "O’Brien" not in title


@pytest.mark.parametrize(("served", "waits_for"), [(8, "Us"), (9, "The family")])
def test_a_draft_waits_for_the_family_no_longer_than_its_days(
    sign_in: SignIn, case: str, happen: Happen, served: int, waits_for: str
) -> None:
    client = sign_in()
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    happen(NewEvent(kind="draft_served", on=date(2026, 11, served)))
    page = client.get(f"/cases/{case}").text
    assert f"<dt>Waiting for</dt><dd>{waits_for}</dd>" in page


def test_a_working_day_that_is_past_is_no_longer_a_day_to_act_by(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in()
    with app.app_context():  # six weeks after these two Sundays is a Sunday
        past = make_case(date(2026, 9, 6)).public_id
        to_come = make_case(date(2026, 11, 1)).public_id
    assert "The last working day before it was Friday 16 October 2026" in (
        client.get(f"/cases/{past}").text
    )
    assert "<strong>Act by Friday 11 December 2026</strong>" in client.get(f"/cases/{to_come}").text
