"""The invented authority’s forecasts: one for each open case, the same wherever they are read."""

from datetime import date

import pytest

from casework import current
from casework.access import EVERY_CASE
from casework.database import reading
from casework.extensions import db
from casework.models import Case, Forecast
from casework.queries import case_forecast, forecasts
from casework.queries.cases import view
from casework.rules.journeys import FINALS, Journey
from tests.factories import TODAY

#: Of the cases that have ended, every so many.
SOME = 9


@pytest.mark.usefixtures("loaded")
def test_the_page_of_a_case_tells_what_the_nightly_refresh_told_of_all() -> None:
    kept = {one.case_id: one for one in db.session.query(Forecast)}
    roads = {road.case_id: road for road in forecasts.roads(date.min)}
    public_ids = dict(db.session.query(Case.id, Case.public_id).all())
    db.session.rollback()
    assert len(kept) > 30
    with reading():
        soon = current.settings().soon_within
        for case_id, road in roads.items():
            if not road.is_open and case_id % SOME:
                continue
            seen = view(EVERY_CASE, public_ids[case_id], today=TODAY, soon_within=soon)
            assert seen is not None
            finals = [line for line in seen.own_clocks if line.clock.duty.id in FINALS]
            read = case_forecast.journey_of(seen, finals)
            assert _in_order(read) == _in_order(road.journey), road.reference
            told = case_forecast.of_case(seen)
            assert (told is not None) == (case_id in kept), road.reference
            if told:
                assert told.told.likely_on == kept[case_id].likely_on
                assert told.told.chance == kept[case_id].chance


def _in_order(journey: Journey) -> Journey:
    return journey._replace(asked=tuple(sorted(journey.asked, key=repr)))
