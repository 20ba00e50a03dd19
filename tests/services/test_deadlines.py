"""What is stored of a case's deadlines equals what its events say, or is found and mended."""

from collections.abc import Iterator, Sequence
from datetime import date
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import text

from casework.extensions import db
from casework.models import Case
from casework.services import deadlines
from casework.services.events import NewEvent
from tests.factories import log, make_case

mon_7_sep = date(2026, 9, 7)
fri_2_oct = date(2026, 10, 2)

#: One wrong row of every kind, as a slip in SQL or in a restore would leave it.
WRONG = [
    "UPDATE deadline SET due_on = '2027-01-01' WHERE duty = 'final_20w'",
    "UPDATE deadline SET act_by = NULL WHERE duty = 'final_20w'",
    "UPDATE deadline SET started_on = '2026-09-08' WHERE duty = 'final_20w'",
    "UPDATE deadline SET met_on = '2026-10-05' WHERE duty = 'assess_decision_6w'",
    "UPDATE deadline SET met_on = NULL WHERE duty = 'assess_decision_6w'",
    "UPDATE deadline SET closed_on = '2026-10-05' WHERE duty = 'final_20w'",
    "UPDATE deadline SET lifted_by = 'X3' WHERE duty = 'final_20w'",
    "UPDATE deadline SET met_as = 'advice' WHERE adviser_id IS NOT NULL",
    "DELETE FROM deadline WHERE duty = 'no_plan_16w'",
    "DELETE FROM deadline",
    "INSERT INTO deadline (case_id, clock, duty, started_on, due_on) "
    "VALUES (1, 'case', 'reassess_final_14w', '2026-09-07', '2026-12-14')",
    "UPDATE ehc_case SET stage = 'final'",
    "UPDATE ehc_case SET started_on = '2026-09-08'",
    "UPDATE ehc_case SET ended_on = '2026-10-05'",
    "UPDATE ehc_case SET next_duty = 'final_20w'",
    "UPDATE ehc_case SET next_due_on = '2027-01-01'",
    "UPDATE ehc_case SET next_act_by = NULL",
    "UPDATE ehc_case SET next_lifted_by = 'X1'",
    "UPDATE ehc_case SET waiting_on = 'family'",
    "UPDATE ehc_case SET advice_outstanding = 7",
    "UPDATE ehc_case SET advice_due_on = NULL",
]


@pytest.fixture(autouse=True)
def case(app: Flask) -> Iterator[Case]:
    """Give a case with an adviser who has not answered."""
    with app.app_context():
        case = make_case(mon_7_sep)
        log(case, NewEvent(kind="told_will_assess", on=fri_2_oct))
        log(case, NewEvent(kind="advice_requested", on=fri_2_oct, service="camhs"))
        yield case


def snapshot() -> list[tuple[object, ...]]:
    """Return everything that is derived, as stored."""
    db.session.rollback()
    columns = "case_id, clock, adviser_id, duty, started_on, due_on, act_by, earliest_on, "
    columns += "met_on, met_as, closed_on, lifted_by"
    rows = db.session.execute(text(f"SELECT {columns} FROM deadline ORDER BY clock, duty")).all()
    rows += db.session.execute(text("SELECT * FROM ehc_case")).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def test_any_planted_wrong_row_is_found_and_mended(case: Case) -> None:
    true = snapshot()
    reference = case.reference
    for wrong in WRONG:
        db.session.execute(text(wrong))
        db.session.commit()
        assert snapshot() != true, wrong

        assert deadlines.rebuild(mend=False).differing == (reference,), wrong
        assert snapshot() != true, "a check changes nothing"
        assert deadlines.rebuild().differing == (reference,), wrong
        assert snapshot() == true, wrong
    assert deadlines.rebuild().differing == ()


def test_the_nightly_check_raises_where_a_case_differs() -> None:
    db.session.execute(text(WRONG[0]))
    db.session.commit()
    with pytest.raises(RuntimeError, match="1 of 1 cases differ"):
        deadlines.check_rebuild(fri_2_oct)


def test_only_the_cases_that_differ_are_written(case: Case) -> None:
    other = make_case(mon_7_sep, person={"surname": "Another"})
    kept = "SELECT id FROM deadline WHERE case_id = :case ORDER BY id"
    before = db.session.scalars(text(kept), {"case": case.id}).all()
    db.session.execute(text("DELETE FROM deadline WHERE case_id = :case"), {"case": other.id})
    db.session.commit()
    assert deadlines.rebuild().differing == (other.reference,)
    assert db.session.scalars(text(kept), {"case": case.id}).all() == before


def test_every_case_is_looked_at_whatever_the_size_of_a_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("Two", "Three"):
        make_case(mon_7_sep, person={"surname": name})
    monkeypatch.setattr(deadlines, "BATCH", 2)
    done: list[int] = []
    assert deadlines.rebuild(done.append).cases == 3
    assert done == [2, 1]
    assert deadlines.how_many() == 3


def test_an_event_logged_while_a_case_is_mended_is_not_overwritten_by_what_stood_before(
    app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = case.id
    db.session.execute(text("UPDATE deadline SET due_on = '2027-01-01' WHERE duty = 'final_20w'"))
    db.session.commit()
    read_rows = deadlines._stored_rows

    def log_meanwhile() -> None:
        with app.app_context():
            again = db.session.get_one(Case, case_id)
            log(again, NewEvent(kind="decided_to_issue", on=date(2026, 11, 2)))

    officer = Thread(target=log_meanwhile)

    def read_rows_while_an_officer_works(ids: Sequence[int]) -> object:
        if not officer.is_alive():
            officer.start()
            officer.join(timeout=0.5)
        return read_rows(ids)

    monkeypatch.setattr(deadlines, "_stored_rows", read_rows_while_an_officer_works)
    assert deadlines.rebuild().differed == 1
    officer.join()
    monkeypatch.undo()
    assert deadlines.rebuild(mend=False).differing == ()
    db.session.expire_all()
    assert db.session.get_one(Case, case_id).stage == "drafting"


def test_a_correction_of_the_start_moves_every_day_that_rests_on_it(case: Case) -> None:
    ids = select_ids("request_received")
    log(case, NewEvent(kind="request_received", on=date(2026, 9, 1), corrects_id=ids[0]))
    assert case.next_due_on == date(2026, 12, 22)
    assert deadlines.rebuild().differing == ()


def select_ids(kind: str) -> list[int]:
    found = db.session.scalars(text("SELECT id FROM case_event WHERE kind = :kind"), {"kind": kind})
    return list(found)
