"""How a person is told: cases paused, who is told instead, and what was told. All are invented."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.clock import now
from casework.extensions import db
from casework.models import Absence, AuditEntry, Message, Quiet, Team, User
from casework.services import absences
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Refused
from tests.factories import TODAY, make_case, make_user
from tests.fixtures.forms import send_form
from tests.fixtures.people import SignIn, token_in

pytestmark = pytest.mark.embedded

DAY = timedelta(days=1)
COVER = {"how_long": "until", "from_day": "t", "until_day": "4/12/2026"}


@pytest.fixture
def officer(sign_in: SignIn) -> FlaskClient:
    """Give a browser in which an officer is signed in."""
    return sign_in(name="Ada Able")


def person(name: str, role: str = "case-officer", **details: object) -> User:
    """Return a saved account named so."""
    return make_user(role, name=name, email=f"{name.split()[0].lower()}@example.org", **details)


def acts() -> list[str]:
    """Return what the audit trail holds, in order."""
    return [one.action for one in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def test_a_case_is_paused_from_its_page_and_told_again_from_the_list(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        case = make_case()
        path, reference = f"/cases/{case.public_id}", case.reference
    assert f'href="{path}/alerts"' in officer.get(path).text
    asked = {"how_long": "until", "until_day": "4/12/2026"}
    for _ in range(2):
        assert send_form(officer, f"{path}/alerts", **asked).status_code == 303
    page = officer.get("/alerts")
    assert f"{reference}</a>" in page.text
    assert "To 4 December 2026" in page.text
    with app.app_context():
        assert [one.until_day for one in db.session.query(Quiet)] == [date(2026, 12, 4)]
        assert acts().count("snoozed alerts") == 1
    assert "up to 4 December 2026" in officer.get(f"{path}/alerts").text
    assert send_form(officer, f"{path}/alerts", how_long="for good").status_code == 303
    with app.app_context():
        assert [one.until_day for one in db.session.query(Quiet).filter_by(ended_at=None)] == [None]
    again = {"csrf_token": token_in(officer.get("/alerts"))}
    assert officer.post(f"{path}/alerts/again", data=again).status_code == 303
    assert "None. You can pause" in officer.get("/alerts").text
    with app.app_context():
        assert acts().count("ended quiet") == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"how_long": "until"}, "Enter the last day"),
        ({"how_long": "until", "until_day": "1/1/2026"}, "The last day must be today or later"),
        ({"how_long": "until", "until_day": "soon"}, "soon"),
        ({}, "Choose how long you want no alerts"),
    ],
)
def test_a_pause_without_a_good_day_is_refused_and_changes_nothing(
    app: Flask, officer: FlaskClient, typed: dict[str, str], words: str
) -> None:
    with app.app_context():
        path = f"/cases/{make_case().public_id}/alerts"
    answer = send_form(officer, path, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert not typed.get("until_day") or typed["until_day"] in answer.text
    with app.app_context():
        assert db.session.query(Quiet).count() == 0


def test_an_officer_names_a_cover_for_some_days_and_takes_it_back(
    app: Flask, officer: FlaskClient, sign_in: SignIn
) -> None:
    with app.app_context():
        cover = person("Cora Cover").public_id
    for _ in range(2):
        assert send_form(officer, "/alerts/cover", cover=cover, **COVER).status_code == 303
    said = "from 23 November 2026 to 4 December 2026"
    assert f"Cora Cover is told in your place {said}" in officer.get("/alerts").text
    with app.app_context():
        (held,) = db.session.query(Absence)
        number = held.id
    other = sign_in("manager", email="", name="Mo Manager")
    token = {"csrf_token": token_in(other.get("/alerts"))}
    assert other.post("/alerts/cover/999/take-back", data=token).status_code == 404
    token = {"csrf_token": token_in(officer.get("/alerts"))}
    assert officer.post(f"/alerts/cover/{number}/take-back", data=token).status_code == 303
    assert "You are told yourself" in officer.get("/alerts").text
    with app.app_context():
        assert [one for one in acts() if "cover" in one] == ["set cover", "took back cover"]


def test_handing_on_for_good_has_no_last_day(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        cover = person("Cora Cover").public_id
    typed = {"cover": cover, "from_day": "t", "how_long": "for good", "until_day": "4/12/2026"}
    assert send_form(officer, "/alerts/cover", **typed).status_code == 303
    assert "from 23 November 2026, for good" in officer.get("/alerts").text


def test_a_manager_covers_an_officer_of_the_team_and_of_no_other(
    app: Flask, sign_in: SignIn
) -> None:
    manager = sign_in("manager", name="Mo Manager", team="North")
    with app.app_context():
        north = db.session.query(Team).one().id
        sick, cover = person("Sid Sick", team_id=north).public_id, person("Cora Cover").public_id
        stranger = person("Stan Stranger").public_id
    page = manager.get("/alerts/cover").text
    assert "Sid Sick" in page
    assert send_form(manager, "/alerts/cover", person=sick, cover=cover, **COVER).status_code == 303
    assert "Cora Cover is told in the place of Sid Sick" in manager.get("/alerts").text
    refused = send_form(manager, "/alerts/cover", person=stranger, cover=cover, **COVER)
    assert refused.status_code == 422
    with app.app_context():
        assert db.session.query(Absence).count() == 1


def test_an_officer_names_no_cover_for_another(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        other, cover = person("Other One").public_id, person("Cora Cover").public_id
    answer = send_form(officer, "/alerts/cover", person=other, cover=cover, **COVER)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(Absence).count() == 0


def test_who_is_away_covers_nobody_and_one_is_away_once_at_a_time(app: Flask) -> None:
    with app.app_context():
        me, cover, third = (person(name) for name in ("Me Myself", "Cora Cover", "Tess Third"))
        gone = person("Gone Girl", is_active=False)
        clerk = person("Clara Clerk", role="panel-clerk")

        def away(whose: User, by: User, first: date, last: date | None) -> str:
            try:
                absences.set_cover(
                    actor=COMMAND_LINE,
                    today=TODAY,
                    user_id=whose.id,
                    cover_id=by.id,
                    from_day=first,
                    until_day=last,
                )
            except Refused as refused:
                return str(refused)
            return ""

        assert away(cover, third, TODAY + 5 * DAY, TODAY + 9 * DAY) == ""
        assert "Cora Cover is away from 28 November 2026 to 2 December 2026" in away(
            me, cover, TODAY, TODAY + 5 * DAY
        )
        assert away(me, cover, TODAY, TODAY + 4 * DAY) == ""
        assert "stands in already" in away(me, third, TODAY + 4 * DAY, None)
        assert away(me, third, TODAY + 5 * DAY, None) == ""
        for unable in (gone, clerk, third):
            assert "Choose somebody else" in away(third, unable, TODAY, None)
        assert "today or later" in away(third, me, TODAY - DAY, TODAY)
        assert "the first day or later" in away(third, cover, TODAY + DAY, TODAY)


def test_the_page_shows_the_emails_of_the_last_month_and_how_they_stand(
    app: Flask, officer: FlaskClient
) -> None:
    with app.app_context():
        me = db.session.query(User).filter_by(name="Ada Able").one()
        for kind, about, failure in (("digest", "digest of 2026-11-23", "closed account"),):
            db.session.add(
                Message(
                    about=about,
                    kind=kind,
                    to_user_id=me.id,
                    to_address=me.email,
                    subject="3 overdue: your cases",
                    body="x",
                    created_at=now(),
                    next_at=now(),
                    failed_at=now(),
                    failure=failure,
                )
            )
        db.session.commit()
    page = officer.get("/alerts").text
    assert "3 overdue: your cases" in page
    assert "The account is closed." in page
