"""Forecasts are written for open cases alone, only where they differ, whatever one case holds."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import Adviser, Case, CaseEvent, Forecast, ForecastCurve
from casework.queries import forecasts as queries
from casework.services import forecasts
from casework.services.events import NewEvent
from tests.factories import TODAY, log, make_case

mon_7_sep = date(2026, 9, 7)
#: A road from the request to the final plan, in days from the request.
ROAD = {"told_will_assess": 35, "advice_requested": 38, "advice_received": 80}
ROAD |= {"decided_to_issue": 85, "draft_served": 92}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def walk(case: Case, until: str = "final_plan_sent", began: date = mon_7_sep) -> None:
    """Log the steps of the road up to one of them."""
    for kind, day in ROAD.items():
        log(case, NewEvent(kind=kind, on=began + timedelta(days=day), **_adviser(case, kind)))
        if kind == until:
            return
    sent = began + timedelta(days=110)
    for to in ("family", "institution", "health_body"):
        log(case, NewEvent(kind="final_plan_sent", on=sent, recipient=to))


def _adviser(case: Case, kind: str) -> dict[str, Any]:
    if kind == "advice_requested":
        return {"service": "school"}
    if kind == "advice_received":
        (adviser,) = db.session.query(Adviser.id).filter_by(case_id=case.id).one()
        return {"adviser_id": adviser, "outcome": "advice"}
    return {}


def kept() -> dict[str, Forecast]:
    rows = db.session.query(Case.reference, Forecast).join(Case, Case.id == Forecast.case_id)
    return dict(rows)


def test_each_open_case_has_a_forecast_and_no_other() -> None:
    going = make_case(mon_7_sep)
    walk(going, until="told_will_assess")
    gone = make_case(mon_7_sep, person={"surname": "Gone"})
    log(gone, NewEvent(kind="withdrawn", on=TODAY))
    made = make_case(date(2026, 3, 2), person={"surname": "Made"})
    walk(made, began=date(2026, 3, 2))
    found = forecasts.refresh(TODAY)
    assert (found.forecast, found.changed, found.failed) == (1, 1, ())
    (one,) = kept().values()
    assert (one.case_id, one.worked_out_on) == (going.id, TODAY)
    assert one.due_on == date(2027, 1, 25)
    assert not one.is_own_history, "one case is no history to go by"


def test_a_second_refresh_changes_nothing_and_an_ended_case_loses_its_forecast() -> None:
    case = make_case(mon_7_sep)
    assert forecasts.refresh(TODAY).changed == 1
    assert forecasts.refresh(TODAY).changed == 0
    log(case, NewEvent(kind="withdrawn", on=TODAY))
    assert queries.of_cases([case.id]) == {}
    assert forecasts.refresh(TODAY).changed == 1
    assert kept() == {}


def test_a_refusal_has_no_plan_ahead_and_a_transfer_no_history() -> None:
    refused = make_case(mon_7_sep)
    log(refused, NewEvent(kind="decided_not_to_assess", on=TODAY))
    old = {"surname": "Old", "date_of_birth": date(2008, 5, 4)}
    make_case(date(2017, 9, 4), kind="transfer", person=old)
    make_case(mon_7_sep, kind="reassessment", person={"surname": "Again"})
    assert forecasts.refresh(TODAY).forecast == 0


def test_what_was_struck_out_or_put_right_is_not_counted() -> None:
    case = make_case(mon_7_sep)
    walk(case, until="told_will_assess")
    (road,) = queries.roads(mon_7_sep)
    assert road.journey.decided == date(2026, 10, 12)
    told = db.session.query(CaseEvent.id).filter_by(kind="told_will_assess").scalar()
    log(case, NewEvent(kind="struck_out", on=TODAY, corrects_id=told))
    (road,) = queries.roads(mon_7_sep)
    assert road.journey.decided is None


def test_one_case_that_makes_no_sense_is_named_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound, poison = make_case(mon_7_sep), make_case(mon_7_sep, person={"surname": "Poison"})
    real = queries.roads

    def poisoned(since: date) -> Iterator[queries.Road]:
        for road in real(since):
            wrong = road.journey._replace(started=None)  # type: ignore[arg-type]
            yield queries.Road(
                road.case_id,
                road.reference,
                road.is_open,
                wrong if road.reference == poison.reference else road.journey,
                road.limits,
            )

    monkeypatch.setattr(queries, "roads", poisoned)
    with pytest.raises(RuntimeError, match=f"could not be forecast: {poison.reference}$"):
        forecasts.refresh_nightly(TODAY)
    assert list(kept()) == [sound.reference]


def test_the_nightly_words_count_and_name_nobody() -> None:
    make_case(mon_7_sep)
    make_case(date(2026, 11, 16), person={"surname": "New"})
    assert forecasts.refresh_nightly(TODAY) == "2 cases forecast, 1 likely late"


def test_a_curve_comes_back_as_it_was_kept() -> None:
    for number in range(3):
        began = date(2026, 2, 2) + timedelta(days=number)
        walk(make_case(began, person={"surname": f"N{number}"}), began=began)
    forecasts.refresh(TODAY)
    found = queries.curves()
    assert found["advice:school"].begun == 3
    assert found["advice:school"].done_by(0.5) == 42
    assert found["advice:any"] == found["advice:school"]
    row = db.session.get(ForecastCurve, "final")
    assert row is not None
    assert (row.begun, row.done, row.is_own_history) == (3, 3, False)
    assert (row.from_day, row.until_day) == (date(2025, 11, 23), TODAY)


def test_a_list_has_the_words_of_its_cases_in_one_statement() -> None:
    case = make_case(mon_7_sep)
    log(
        case,
        NewEvent(kind="told_will_assess", on=date(2026, 10, 12)),
        NewEvent(kind="advice_requested", on=date(2026, 11, 9), service="educational_psychology"),
    )
    forecasts.refresh(TODAY)
    found = queries.of_cases([case.id, 999])[case.id]
    assert found.words == (
        "Likely 3 weeks late: advice from educational psychology is taken to need about 4 weeks, "
        "for want of history"
    )
    assert not found.is_lifted
