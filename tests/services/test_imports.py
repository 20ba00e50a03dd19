"""Trackers brought in: all of the readable rows or none, once, and as the facts they are."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from casework.extensions import db
from casework.models import (
    AuditEntry,
    Case,
    CaseEvent,
    CaseEventException,
    Deadline,
    OfficerAssignment,
    Person,
    PersonNameKey,
    Setting,
    User,
)
from casework.services import deadlines, imports
from casework.services.audit_trail import COMMAND_LINE, verify
from casework.services.imports import BATCH, Busy, Outcome
from casework.tracker.reading import read_tracker
from casework.tracker.rows import TrackerRow
from tests.factories import TODAY, make_case, make_user

FOLDER = Path(__file__).parent.parent / "trackers"
TRACKERS = ("rbwm-2025", "west-berkshire-2024")
KEPT = (Person, PersonNameKey, Case, CaseEvent, Deadline, User, Setting, AuditEntry)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def count(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def rows_of(name: str) -> tuple[TrackerRow, ...]:
    content = (FOLDER / f"{name}.xlsx").read_bytes()
    return read_tracker(content, f"{name}.xlsx", today=TODAY).rows


def bring_in(*rows: TrackerRow, **options: Any) -> Outcome:
    return imports.import_rows(actor=COMMAND_LINE, rows=rows, today=TODAY, **options)


def row(line: int = 4, **details: Any) -> TrackerRow:
    given: dict[str, Any] = {"surname": "Invented", "forename": f"Ida {line}"}
    given |= {"date_of_birth": date(2018, 5, 4), "request_received": date(2025, 1, 6)}
    return TrackerRow(line=line, **given | details)


@pytest.mark.parametrize("name", TRACKERS)
def test_a_councils_tracker_comes_in_whole_and_a_second_import_adds_nothing(name: str) -> None:
    rows = rows_of(name)
    progress: list[int] = []
    outcome = bring_in(*rows, filename=f"{name}.xlsx", progress=progress.append)
    assert (outcome.imported, outcome.already_held, outcome.doubts) == (len(rows), 0, ())
    assert sum(progress) == len(rows) == count(Case)
    before = {model: count(model) for model in KEPT}
    again = bring_in(*rows)
    assert (again.imported, again.already_held) == (0, len(rows))
    assert {model: count(model) for model in KEPT} == before | {AuditEntry: before[AuditEntry] + 1}
    assert deadlines.rebuild().differed == 0
    assert verify().faults == ()


def test_a_preview_says_what_an_import_would_do_and_changes_nothing() -> None:
    rows = rows_of("west-berkshire-2024")
    foreseen = imports.preview(rows=rows, today=TODAY)
    assert [count(model) for model in KEPT] == [0] * len(KEPT)
    assert foreseen == bring_in(*rows)
    assert len(foreseen.new_officers) == 8


def test_each_case_made_is_on_the_audit_trail_with_its_row() -> None:
    bring_in(row(4, officer="Oona Officer", setting="Elm School"), row(5), filename="t.xlsx")
    said = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert said == [
        "made officer for review",
        "made setting for review",
        "imported case",
        "imported case",
        "imported tracker",
    ]


def test_a_case_has_the_reference_officer_setting_and_words_of_its_row() -> None:
    bring_in(
        row(
            reference="T-9",
            officer="Oona Officer",
            setting="Elm School",
            status="closed",
            complex=True,
            graduated_approach=False,
            requested_by="Mum",
        )
    )
    case = db.session.scalars(select(Case)).one()
    assert case.reference == f"EHC-{case.id:06d}"
    assert case.officer is not None
    assert case.setting is not None
    assert (case.tracker_reference, case.tracker_status, case.stage) == (
        "T-9",
        "closed",
        "received",
    )
    assert (case.officer.name, case.setting.name) == ("Oona Officer", "Elm School")
    assert (case.is_complex, case.graduated_approach, case.requested_by) == (True, False, "Mum")
    assert count(OfficerAssignment) == 1


def test_an_officer_made_for_review_cannot_sign_in() -> None:
    bring_in(row(officer="Oona Officer"))
    officer = db.session.scalars(select(User)).one()
    assert (officer.role, officer.is_active, officer.email) == ("case-officer", False, None)
    assert officer.password_hash is None


def test_an_officer_and_a_setting_held_are_recognised_however_they_are_typed() -> None:
    known = make_user(name="Zoë O’Neill")
    db.session.add(Setting(name="St Mary's CE Primary", name_key="st marys ce primary"))
    db.session.commit()
    outcome = bring_in(row(officer="zoe o'neill", setting="ST MARY’S CE PRIMARY"))
    assert (outcome.new_officers, outcome.new_settings) == ((), ())
    assert db.session.scalars(select(Case.officer_id)).one() == known.id


def test_two_officers_of_one_name_are_not_guessed_between() -> None:
    make_user(name="Sam Same", email="one@example.org")
    make_user(name="Sam Same", email="two@example.org")
    outcome = bring_in(row(7, officer="Sam Same"))
    assert [doubt.line for doubt in outcome.doubts] == [7]
    assert db.session.scalars(select(Case.officer_id)).one() is None


def test_a_case_keyed_by_hand_is_not_made_again() -> None:
    make_case(date(2025, 1, 6), person={"forenames": "Ida 4"})
    assert bring_in(row()).already_held == 1
    assert count(Person) == 1


def test_a_late_and_out_of_order_history_comes_in_as_it_was() -> None:
    bring_in(
        row(
            decision_to_assess=True,
            assess_decision_sent=date(2025, 6, 1),
            draft_served=date(2025, 5, 1),
            final_plan_sent=date(2025, 5, 5),
        )
    )
    case = db.session.scalars(select(Case)).one()
    assert (case.stage, case.ended_on) == ("final", date(2025, 5, 5))
    told = db.session.scalars(select(Deadline).where(Deadline.duty == "assess_decision_6w")).one()
    assert told.met_on is not None
    assert told.met_on > told.due_on


def test_an_exception_marked_lifts_the_twenty_weeks_as_recorded() -> None:
    bring_in(
        row(
            4,
            exception=True,
            exception_reason="family abroad 5 weeks",
            final_plan_sent=date(2025, 8, 1),
        ),
        row(5, exception=True, exception_reason="staffing", final_plan_sent=date(2025, 8, 1)),
    )
    lifted = select(Deadline.lifted_by).where(Deadline.duty == "final_20w").order_by(Deadline.id)
    assert db.session.scalars(lifted).all() == ["X4", "unread"]
    recorded = db.session.scalars(select(CaseEventException)).first()
    assert recorded is not None
    assert (recorded.evidence, recorded.first_day, recorded.approver_recorded) == (
        None,
        None,
        False,
    )


def test_a_row_that_fails_leaves_nothing_of_any_row(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        refuse = (
            "CREATE TRIGGER planted BEFORE INSERT ON ehc_case WHEN NEW.tracker_reference = 'bad' "
            "BEGIN SELECT RAISE(ABORT, 'planted'); END"
        )
    else:
        refuse = "ALTER TABLE ehc_case ADD CHECK (tracker_reference <> 'bad')"
    db.session.execute(text(refuse))
    db.session.commit()
    rows = [row(line, officer="New") for line in range(BATCH + 5)]
    with pytest.raises(Exception, match=r"planted|check constraint"):
        bring_in(*rows, row(9_999, reference="bad"))
    assert [count(model) for model in KEPT] == [0] * len(KEPT)


_KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from casework.app import create_app
from casework.services import imports
from casework.services.audit_trail import COMMAND_LINE
from casework.tracker.rows import TrackerRow

rows = [
    TrackerRow(line=n, surname="Invented", forename=f"Ida {n}", request_received=date(2025, 1, 6))
    for n in range(imports.BATCH * 2)
]
with create_app().app_context():
    imports.import_rows(
        actor=COMMAND_LINE, rows=rows, today=date(2026, 11, 23),
        progress=lambda done: os.kill(os.getpid(), signal.SIGKILL),
    )
"""


def test_an_import_killed_half_way_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    db.session.rollback()
    environment = {
        "CASEWORK_DATABASE_URL": database_url,
        "CASEWORK_INSTANCE_PATH": str(tmp_path / "killed"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run([sys.executable, "-c", _KILLED], env=environment, check=False)
    assert done.returncode == -9
    assert [count(model) for model in KEPT] == [0] * len(KEPT)
    assert bring_in(row()).imported == 1


def test_of_two_imports_at_once_one_makes_the_cases(app: Flask) -> None:
    rows = [row(line) for line in range(50)]
    db.session.rollback()
    together = threading.Barrier(2)
    ended: list[Outcome | Busy] = []

    def run() -> None:
        with app.app_context():
            together.wait()
            try:
                ended.append(bring_in(*rows))
            except Busy as busy:
                ended.append(busy)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [outcome.imported for outcome in ended if isinstance(outcome, Outcome)]
    assert sorted(made) in ([50], [0, 50])
    assert len(ended) == 2
    assert (count(Case), count(Person)) == (50, 50)


def test_a_second_import_is_told_to_wait_while_one_is_under_way(app: Flask) -> None:
    words: list[str] = []

    def another(_done: int) -> None:
        def run() -> None:
            with app.app_context():
                if db.engine.dialect.name == "sqlite":
                    db.session.connection(execution_options={"read_only": True})
                    db.session.execute(text("PRAGMA busy_timeout = 10"))
                    db.session.rollback()
                try:
                    bring_in(row(2))
                except Busy as busy:
                    words.append(str(busy))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()

    assert bring_in(row(1), progress=another).imported == 1
    assert len(words) == 1
    assert words[0].startswith("Another tracker is being brought in")


def test_the_expected_rows_of_both_trackers_are_what_came_in() -> None:
    for name in TRACKERS:
        expected = json.loads((FOLDER / f"{name}.expected.json").read_text())
        assert bring_in(*rows_of(name)).imported == expected["rows"]
