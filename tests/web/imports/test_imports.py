"""A manager brings a tracker in by its pages: sent, checked, brought in, forgotten."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from casework import clock
from casework.extensions import db
from casework.models import AuditEntry, Case, Person, TrackerMapping, TrackerUpload
from casework.services import tracker_uploads
from tests.fixtures.people import SignIn, token_in

pytestmark = pytest.mark.embedded
TRACKERS = Path(__file__).parents[2] / "trackers"
BAD = TRACKERS / "west-berkshire-2024.xlsx"
SMALL = b"Ref,Surname,Forename,Request received\nA1,Invented,Ida,3/4/25\nA2,Invented,Ivo,n/a\n"


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in("manager")


@pytest.fixture
def ask(app: Flask) -> Callable[[Any], Any]:
    """Give a function that answers a statement from the database."""

    def ask(statement: Any) -> Any:
        with app.app_context():
            return db.session.scalar(statement)

    return ask


def send(client: FlaskClient, content: bytes, name: str = "tracker.csv") -> TestResponse:
    token = token_in(client.get("/imports"))
    data = {"csrf_token": token, "tracker": (BytesIO(content), name)}
    return client.post("/imports", data=data, content_type="multipart/form-data")


def press(client: FlaskClient, place: str, act: str) -> TestResponse:
    token = token_in(client.get(place))
    return client.post(f"{place}/{act}", data={"csrf_token": token}, follow_redirects=True)


def held(client: FlaskClient, content: bytes = SMALL, name: str = "tracker.csv") -> str:
    answer = send(client, content, name)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def count(ask: Callable[[Any], Any], model: type[Any]) -> int:
    return int(ask(select(func.count()).select_from(model)))


def test_a_tracker_is_checked_brought_in_and_forgotten(
    manager: FlaskClient, ask: Callable[[Any], Any]
) -> None:
    place = held(manager, BAD.read_bytes(), BAD.name)
    page = manager.get(place).text
    for words in ("616", "Row", "31 February 2024 is not a day that exists", "Officer 1"):
        assert words in page
    assert count(ask, Case) == 0

    done = press(manager, place, "bring-in")
    assert "616 cases brought in" in done.text
    assert count(ask, Case) == 616

    sheet = openpyxl.load_workbook(BytesIO(manager.get(f"{place}/refused-rows.xlsx").data)).active
    assert sheet is not None
    assert sheet.max_row == 8
    assert "Why this row was refused" in [cell.value for cell in sheet[1]]

    press(manager, place, "forget")
    assert manager.get(place).status_code == 404
    assert count(ask, TrackerUpload) == 0
    acts = [
        "sent tracker", "imported case", "imported tracker", "saved refused rows", "forgot tracker"
    ]  # fmt: skip
    for act in acts:
        assert ask(select(func.count()).where(AuditEntry.action == act)) >= 1


def test_the_button_pressed_twice_brings_the_file_in_once(
    manager: FlaskClient, ask: Callable[[Any], Any]
) -> None:
    place = held(manager)
    token = token_in(manager.get(place))
    for _ in range(2):
        answer = manager.post(f"{place}/bring-in", data={"csrf_token": token})
        assert answer.status_code == 303
    assert "1 case brought in" in manager.get(place).text
    assert count(ask, Case) == 1


def test_a_second_sending_of_the_same_file_has_nothing_new(manager: FlaskClient) -> None:
    press(manager, held(manager), "bring-in")
    assert "There is nothing new to bring in." in manager.get(held(manager)).text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "tracker.xlsx", "The file is empty"),
        (b"not a workbook", "tracker.xlsx", "not an Excel workbook"),
        (b"%PDF-1.7", "tracker.pdf", "whose name ends in .xlsx or .csv"),
        (b"", "", "Choose the tracker’s file"),
    ],
)
def test_a_file_that_is_no_tracker_is_refused_beside_the_box_and_not_held(
    manager: FlaskClient, ask: Callable[[Any], Any], content: bytes, name: str, words: str
) -> None:
    answer = send(manager, content, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    assert count(ask, TrackerUpload) == 0


def test_more_rows_than_a_request_can_take_are_sent_to_the_command_line(
    manager: FlaskClient, ask: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker_uploads, "MOST_ROWS", 1)
    answer = manager.get(held(manager))
    assert answer.status_code == 422
    assert "casework import-cases" in answer.text


STRANGE = b"Kid,Came to us,School\nInvented Ida,3/4/25,Elm School\n"


def columns(client: FlaskClient, place: str, **chosen: str) -> TestResponse:
    token = token_in(client.get(f"{place}/columns"))
    return client.post(f"{place}/columns", data={"csrf_token": token, **chosen})


def test_headings_nobody_knows_are_chosen_and_remembered(
    manager: FlaskClient, ask: Callable[[Any], Any]
) -> None:
    place = held(manager, STRANGE)
    page = manager.get(place)
    assert page.status_code == 422
    assert "No column was found for: Request received" in page.text
    assert "Came to us (such as 3/4/25)" in manager.get(f"{place}/columns").text
    chosen = {"full_name": "Kid", "request_received": "Came to us"}
    assert columns(manager, place, **chosen).status_code == 303
    assert "Bring 1 case in" in manager.get(place).text
    assert count(ask, TrackerMapping) == 1
    again = manager.get(held(manager, STRANGE)).text
    assert "Bring 1 case in" in again
    press(manager, place, "bring-in")
    assert ask(select(Person.surname)) == "Ida"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"full_name": "Kid"}, "Choose the column of the day of the request"),
        ({"request_received": "Came to us"}, "Choose the column of the child’s surname"),
        (
            {"request_received": "Kid", "full_name": "Kid"},
            "“Kid” is already chosen for full name",
        ),
        ({"request_received": "Nowhere", "full_name": "Kid"}, "Choose an answer from the list"),
    ],
)
def test_a_choice_of_columns_that_cannot_be_is_refused_and_kept(
    manager: FlaskClient, ask: Callable[[Any], Any], chosen: dict[str, str], words: str
) -> None:
    answer = columns(manager, held(manager, STRANGE), **chosen)
    assert answer.status_code == 422
    assert words in answer.text
    assert '<option value="Kid" selected' in answer.text or "full_name" not in chosen
    assert count(ask, TrackerMapping) == 0


def test_a_tracker_is_its_senders_alone(manager: FlaskClient, sign_in: SignIn, app: Flask) -> None:
    place = held(manager)
    with app.app_context():
        from tests.fixtures.people import add_person

        add_person("manager", "other@example.org")
    other = sign_in(email="other@example.org")
    token = token_in(other.get("/imports"))
    for path in ("", "/columns", "/refused-rows.xlsx"):
        assert other.get(place + path).status_code == 404
    for act in ("bring-in", "forget", "columns"):
        answer = other.post(f"{place}/{act}", data={"csrf_token": token})
        assert answer.status_code == 404
    assert "tracker.csv" not in other.get("/imports").text
    assert "tracker.csv" in manager.get("/imports").text


def test_a_file_is_gone_after_a_day(
    app: Flask, manager: FlaskClient, ask: Callable[[Any], Any]
) -> None:
    place = held(manager)
    with app.app_context():
        yesterday = clock.now() - timedelta(days=1, minutes=1)
        db.session.execute(update(TrackerUpload).values(uploaded_at=yesterday))
        db.session.commit()
    assert manager.get(place).status_code == 404
    with app.app_context():
        assert tracker_uploads.forget_old(clock.today()) == "1 tracker files forgotten"
    assert count(ask, TrackerUpload) == 0


def test_what_was_kept_of_the_file_after_it_came_in_is_only_the_refused_rows(
    manager: FlaskClient, ask: Callable[[Any], Any]
) -> None:
    place = held(manager)
    press(manager, place, "bring-in")
    kept = ask(select(TrackerUpload.content))
    sheet = openpyxl.load_workbook(BytesIO(kept)).active
    assert sheet is not None
    assert [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["Ivo"]
    assert manager.get(f"{place}/columns").status_code == 404


def test_an_import_under_way_is_said_and_one_that_ended_without_a_word_can_be_tried_again(
    app: Flask, manager: FlaskClient, ask: Callable[[Any], Any]
) -> None:
    place = held(manager)

    def began(ago: timedelta) -> None:
        with app.app_context():
            db.session.execute(update(TrackerUpload).values(imported_at=clock.now() - ago))
            db.session.commit()

    began(timedelta(minutes=1))
    page = manager.get(place).text
    assert "The tracker is being brought in" in page
    token = token_in(manager.get("/imports"))
    manager.post(f"{place}/bring-in", data={"csrf_token": token})
    assert count(ask, Case) == 0
    began(timedelta(minutes=11))
    assert "Bring 1 case in" in manager.get(place).text
    manager.post(f"{place}/bring-in", data={"csrf_token": token})
    assert count(ask, Case) == 1


def test_what_a_cell_says_is_shown_as_text(manager: FlaskClient) -> None:
    content = SMALL.replace(b"Invented,Ivo,n/a", b"<b>Bold</b>,Ivo,<script>alert(1)</script>")
    page = manager.get(held(manager, content)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"<script>alert", page)


def test_no_name_of_a_child_is_in_an_address(manager: FlaskClient) -> None:
    place = held(manager)
    assert re.fullmatch(r"/imports/[\w-]{22}", place)
    for address in re.findall(r'(?:href|action)="([^"]+)"', manager.get(place).text):
        assert "Invented" not in address
