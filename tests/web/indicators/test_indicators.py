"""The indicators' pages: every figure, its definition and the cases behind it."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.rules.indicators import INDICATORS, OF_INFORMING, OF_PANELS, OF_SAMPLES
from casework.services import imports
from casework.services.audit_trail import COMMAND_LINE
from casework.tracker.reading import read_tracker
from tests.factories import (
    TODAY,
    circulate,
    decide,
    make_case,
    make_meeting,
    make_panel,
    make_user,
    put_on_agenda,
    seat_member,
    sign,
)
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded
TRACKER = Path(__file__).parents[2] / "trackers" / "west-berkshire-2024.xlsx"
YEAR = "from=2024-01-01&to=31/12/2024"
LATER = OF_PANELS | OF_SAMPLES | OF_INFORMING
COLLECTED = [row.id for row in INDICATORS.values() if row.is_collected and row.id not in LATER]


@pytest.fixture
def tracker(app: Flask) -> None:
    rows = read_tracker(TRACKER.read_bytes(), TRACKER.name, today=TODAY).rows
    with app.app_context():
        imports.import_rows(actor=COMMAND_LINE, rows=rows, today=TODAY)


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    return sign_in("manager")


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.mark.usefixtures("tracker")
def test_the_figures_of_a_period_are_shown_each_with_its_definition(manager: FlaskClient) -> None:
    page = text_of(manager, f"/indicators?{YEAR}")
    assert "1 January 2024 to 31 December 2024" in page
    for figure in ("55.8% 125 of 224", "75.7% 334 of 441", "475", "the oldest 50.4 weeks"):
        assert figure in page
    for row in INDICATORS.values():
        assert row.title in page
    assert "out of all new final plans with no exception to the 20 weeks recorded" in page


@pytest.mark.usefixtures("tracker")
@pytest.mark.parametrize("indicator", COLLECTED)
def test_every_figure_opens_the_cases_behind_it(manager: FlaskClient, indicator: str) -> None:
    page = text_of(manager, f"/indicators/{indicator}?{YEAR}")
    assert INDICATORS[indicator].title in page
    assert "The cases behind it" in page


@pytest.mark.usefixtures("tracker")
def test_the_cases_behind_a_figure_are_as_many_as_it_counts_and_the_misses_come_first(
    manager: FlaskClient,
) -> None:
    page = text_of(manager, f"/indicators/plans_20w_exc?{YEAR}")
    assert "55.8% 125 of 224" in page
    assert "224 cases that you may see, those that do not count first" in page
    html = manager.get(f"/indicators/plans_20w_exc?{YEAR}").text
    answers = re.findall(r"Counts\">(Yes|No)</td>", html)
    assert answers == ["No"] * 50
    last = manager.get(f"/indicators/plans_20w_exc?{YEAR}&page=99").text
    assert re.findall(r"Counts\">(Yes|No)</td>", last) == ["Yes"] * 24
    assert "Invented" not in html


@pytest.mark.usefixtures("tracker")
def test_an_agency_sees_all_of_its_own_advice_and_no_small_number_of_other_cases(
    sign_in: SignIn,
) -> None:
    dco = sign_in("dco")
    own = text_of(dco, f"/indicators/health_advice_6w?{YEAR}")
    assert "The cases behind it" in own
    assert "EHC-0" in own
    for indicator in set(COLLECTED) - {"health_advice_6w"}:
        page = text_of(dco, f"/indicators/{indicator}?quarter=2025-1")
        assert "The cases behind it" not in page
        assert "Month by month" not in page
    assert "Numbers from 1 to 5" in text_of(dco, "/indicators?quarter=2025-1")


@pytest.mark.usefixtures("tracker")
@pytest.mark.parametrize("role", ["board-reader", "auditor", "data-protection-officer"])
def test_those_who_see_no_case_see_no_small_number_and_no_list(sign_in: SignIn, role: str) -> None:
    reader = sign_in(role)
    page = text_of(reader, "/indicators?quarter=2025-1")
    assert "1 January 2025 to 31 March 2025" in page
    assert "Not shown" in page
    assert "Numbers from 1 to 5" in page
    for indicator in COLLECTED:
        page = text_of(reader, f"/indicators/{indicator}?quarter=2025-1")
        assert "The cases behind it" not in page
        assert "EHC-0" not in page
        assert "Month by month" not in page


@pytest.mark.usefixtures("tracker")
def test_a_rate_is_charted_over_the_24_months_up_to_the_periods_end(manager: FlaskClient) -> None:
    html = manager.get(f"/indicators/decision_6w?{YEAR}").text
    assert 'role="img" aria-labelledby="months-title months-description"' in html
    table = html[html.index("The chart as a table") : html.index("The cases behind it")]
    months = re.findall(r'scope="row">([^<]+)<', table)
    assert (len(months), months[0], months[-1]) == (24, "January 2023", "December 2024")
    year = [re.search(rf"{month}</th>\s*<td[^>]*>([^<]*)", table) for month in months[12:]]
    counted = [re.search(r"of (\d+)", found[1]) for found in year if found]
    assert sum(int(found[1]) for found in counted if found) == 441


@pytest.mark.usefixtures("tracker")
def test_a_month_that_is_not_over_says_so_and_a_chart_begins_with_the_first_item(
    manager: FlaskClient,
) -> None:
    page = text_of(manager, "/indicators/decision_6w?from=1/1/2024&to=15/12/2024")
    assert "December 2024 so far" in page
    before = text_of(manager, "/indicators/decision_6w?from=1/1/2022&to=31/3/2023")
    assert "January 2022" not in before.split("The chart as a table")[-1].split("The cases")[0]
    later = text_of(manager, "/indicators/decision_6w?from=1/1/2024&to=1/1/2031")
    assert "November 2026 so far" in later
    assert "December 2026" not in later.split("The chart as a table")[-1]


@pytest.mark.usefixtures("tracker")
def test_a_count_has_bars_and_no_chart_of_variation(manager: FlaskClient) -> None:
    html = manager.get(f"/indicators/requests_received?{YEAR}").text
    assert "Month by month" in html
    assert "casework-xmr" not in html


@pytest.mark.usefixtures("tracker")
def test_an_outsider_gets_no_chart_that_would_give_small_numbers_away(sign_in: SignIn) -> None:
    reader = sign_in("board-reader")
    for indicator in COLLECTED:
        html = reader.get(f"/indicators/{indicator}?quarter=2025-1").text
        assert "casework-xmr" not in html
        assert "By provider" not in html


@pytest.mark.usefixtures("tracker")
def test_a_targets_line_is_drawn_and_named(manager: FlaskClient) -> None:
    html = manager.get(f"/indicators/graduated_approach?{YEAR}").text
    assert "casework-xmr__target" in html
    assert "Target 80%" in html


def test_an_outsider_cannot_choose_a_period_of_their_own(sign_in: SignIn) -> None:
    reader = sign_in("board-reader")
    page = text_of(reader, f"/indicators?{YEAR}")
    assert "1 July 2026 to 30 September 2026" in page
    assert reader.get("/indicators?quarter=2024-01-01").status_code == 422


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2024-12-31&to=2024-01-01", "The last day must be the same as or after"),
        ("from=31/2/2024&to=1/3/2024", "31 February"),
        ("from=&to=1/3/2024", "Enter the first day"),
    ],
)
def test_a_period_that_is_none_is_refused_and_what_was_typed_is_kept(
    manager: FlaskClient, query: str, words: str
) -> None:
    answer = manager.get(f"/indicators?{query}")
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text


def test_without_a_period_the_year_so_far_is_shown(manager: FlaskClient) -> None:
    page = text_of(manager, "/indicators")
    assert "1 January 2026 to 23 November 2026" in page
    assert "None" in page


@pytest.mark.parametrize("name", ["audits", "nothing", "panel_held", "advice_quality"])
def test_what_is_not_collected_has_no_page(manager: FlaskClient, name: str) -> None:
    assert manager.get(f"/indicators/{name}").status_code == 404


def test_a_board_reader_begins_at_the_indicators(sign_in: SignIn) -> None:
    assert sign_in("board-reader").get("/").location == "/indicators"


@pytest.fixture
def sitting(app: Flask) -> None:
    """A meeting on 18 November that decided one case and deferred another."""
    with app.app_context():
        meeting = make_meeting(make_panel(), date(2026, 11, 18))
        one, other = (put_on_agenda(meeting, make_case()) for _ in range(2))
        record = sign(meeting, decide(one), decide(other, None, handled="deferred"))
        sent = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
        circulate(meeting, "decisions", record_id=record.id, circulated_at=sent)
        seat_member(meeting.panel, make_user("panel-member"))


@pytest.mark.usefixtures("sitting")
def test_a_figure_of_panels_opens_the_meetings_behind_it(manager: FlaskClient) -> None:
    page = text_of(manager, "/indicators?from=1/11/2026&to=30/11/2026")
    assert "1 case decided, 1 deferred" in page
    answer = manager.get("/indicators/panel_held?from=1/11/2026&to=30/11/2026").text
    link = re.search(r'href="(/meetings/[^"]+)">18 November 2026', answer)
    assert link is not None
    assert manager.get(link[1]).status_code == 200
    attendance = text_of(manager, "/indicators/panel_attendance?from=1/11/2026&to=30/11/2026")
    for words in ("The meetings behind it", "Meetings with a quorum 100.0% (1 of 1)", "0 of 1"):
        assert words in attendance
    decisions = text_of(manager, "/indicators/panel_circulated?from=1/11/2026&to=30/11/2026")
    assert "1 decision that you may see" in decisions
    assert "18 November 2026 1 day Yes" in decisions


@pytest.mark.usefixtures("sitting")
def test_an_outsider_sees_no_meeting_behind_a_figure(sign_in: SignIn) -> None:
    reader = sign_in("board-reader")
    for name in sorted(OF_PANELS):
        page = text_of(reader, f"/indicators/{name}")
        assert "behind it" not in page
        assert "Numbers from 1 to 5" in page
