"""The list of cases: who is found, what is counted, what comes first."""

from datetime import date

import pytest
from flask import Flask

from casework.access import EVERY_CASE, NO_CASE, Scope
from casework.holidays import england_and_wales
from casework.models import Case
from casework.queries import caseload
from casework.queries.caseload import CaseLine, Filters
from casework.rules.deadlines import Standing
from casework.services.events import NewEvent
from tests.factories import TODAY, event_id, log, make_case, make_user

WHEN = caseload.day(TODAY, england_and_wales(), 10)
HEALTH = Scope(agencies=frozenset({"health"}))


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask):
    with app.app_context():
        yield


def found(words: str = "", scope: Scope = EVERY_CASE, **filters: object) -> list[CaseLine]:
    return caseload.every_line(scope, Filters(words=words, **filters), WHEN)  # type: ignore[arg-type]


def references(*lines: CaseLine) -> list[str]:
    return [line.reference for line in lines]


def ask(case: Case, service: str, on: date = date(2026, 10, 1)) -> None:
    log(case, NewEvent(kind="advice_requested", on=on, service=service))


@pytest.mark.parametrize(
    ("forenames", "surname", "typed"),
    [
        ("José", "García", "jose"),
        ("José", "García", "JOSÉ garcia"),
        ("Jose", "Garcia", "José"),
        ("Niamh", "O’Brien", "obrien"),
        ("Niamh", "O'Brien", "o’brien"),
        ("Niamh", "OʼBrien", "niamh o brien"),
        ("Wei", "Smith-Jones", "jones"),
        ("Wei", "Zając", "zajac"),
        ("Bartholomew", "Example", "bart ex"),
    ],
)
def test_a_child_is_found_however_the_name_is_typed(
    forenames: str, surname: str, typed: str
) -> None:
    make_case(person={"forenames": forenames, "surname": surname})
    make_case(person={"forenames": "Another", "surname": "Child"})
    assert [line.surname for line in found(typed)] == [surname]


@pytest.mark.parametrize("typed", ["joe o’brien", "brien josé extra", "zzz", "%", "_", "''"])
def test_a_name_that_is_not_there_finds_nobody(typed: str) -> None:
    make_case(person={"forenames": "José", "surname": "O’Brien"})
    assert found(typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "B801200005001",
        "b8012 0000 5001",
        "943 476 5919",
        "943-476-5919",
        "EHC-000001",
        "ehc 1",
        "1",
    ],
)
def test_a_child_is_found_by_a_whole_number_however_it_is_spaced(typed: str) -> None:
    make_case(person={"upn": "B801200005001", "nhs_number": "9434765919"})
    make_case()
    assert references(*found(typed)) == ["EHC-000001"]


def test_part_of_a_number_finds_nobody() -> None:
    make_case(person={"nhs_number": "9434765919"})
    assert found("9434765") == []


def test_a_search_finds_ended_cases_after_open_ones() -> None:
    ended, opened = make_case(), make_case()
    log(ended, NewEvent(kind="withdrawn", on=date(2026, 11, 2)))
    assert references(*found("invented")) == [opened.reference, ended.reference]
    assert references(*found()) == [opened.reference]
    assert references(*found(ended=True)) == [ended.reference]


def test_overdue_comes_first_then_by_the_day_to_act_by_and_lifted_last() -> None:
    later, overdue, sooner = (
        make_case(date(2026, 11, 20)),
        make_case(date(2026, 9, 7)),
        make_case(date(2026, 10, 20)),
    )
    lifted = make_case(date(2026, 8, 3))
    exception = {"regulation": "5(4)", "ground": "X3", "reason": "Illness in the family"}
    log(lifted, NewEvent(kind="exception_recorded", on=date(2026, 9, 14), exception=exception))
    excused = {"regulation": "10(4)", "ground": "X3", "reason": "Illness in the family"}
    log(lifted, NewEvent(kind="exception_recorded", on=date(2026, 9, 14), exception=excused))
    last = {"regulation": "13(3)", "ground": "X3", "reason": "Illness in the family"}
    log(lifted, NewEvent(kind="exception_recorded", on=date(2026, 9, 14), exception=last))
    assert references(*found()) == references(*_lines(overdue, sooner, later, lifted))
    assert [line.stand.standing for line in found() if line.stand] == [
        Standing.OVERDUE,
        Standing.SOON,
        Standing.RUNNING,
        Standing.LIFTED,
    ]


def _lines(*cases: Case) -> list[CaseLine]:
    every = {line.reference: line for line in found()}
    return [every[case.reference] for case in cases]


def test_the_tallies_are_the_lists_that_they_lead_to() -> None:
    for day in range(1, 29):
        make_case(date(2026, 10, day))
        make_case(date(2026, 8, day))
    log(make_case(), NewEvent(kind="withdrawn", on=date(2026, 11, 2)))
    tallies = caseload.tallies(EVERY_CASE, Filters(), WHEN)
    assert tallies.total == 56
    assert sum(tallies.by_standing.values()) == 56
    assert tallies.by_standing[Standing.OVERDUE] > 0
    assert tallies.by_standing[Standing.SOON] > 0
    for standing, number in tallies.by_standing.items():
        assert len(found(standing=standing)) == number
        assert caseload.tallies(EVERY_CASE, Filters(standing=standing), WHEN).total == number
        assert all(
            line.stand and line.stand.standing is standing for line in found(standing=standing)
        )


def test_a_list_is_narrowed_by_officer_stage_and_whom_it_waits_for() -> None:
    officer = make_user()
    mine = make_case(officer_id=officer.id)
    theirs = make_case()
    log(theirs, NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    ask(theirs, "camhs")
    assert references(*found(officer_id=officer.id)) == [mine.reference]
    assert references(*found(stage="assessing")) == [theirs.reference]
    assert references(*found(waiting_on="advisers")) == [theirs.reference]
    line = found(waiting_on="advisers")[0]
    assert (line.advice_outstanding, line.advice_due_on) == (1, date(2026, 11, 12))


def test_a_case_waits_for_the_family_only_while_its_days_for_the_draft_run() -> None:
    had_its_time, has_days_left = make_case(), make_case()
    for case, served in ((had_its_time, date(2026, 11, 8)), (has_days_left, date(2026, 11, 9))):
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
        log(case, NewEvent(kind="draft_served", on=served))
    assert references(*found(waiting_on="family")) == [has_days_left.reference]
    assert references(*found(waiting_on="authority")) == [had_its_time.reference]
    assert [line.waits_for for line in found()] == ["Us", "The family"]


def test_someone_who_looks_after_health_advice_sees_only_cases_where_it_was_asked() -> None:
    asked, other = make_case(), make_case()
    ask(asked, "speech_and_language")
    ask(other, "educational_psychology")
    assert references(*found(scope=HEALTH)) == [asked.reference]
    assert references(*found("invented", scope=HEALTH)) == [asked.reference]
    assert found(other.reference, scope=HEALTH) == []
    assert caseload.tallies(HEALTH, Filters(), WHEN).total == 1
    assert found(scope=NO_CASE) == []


def test_a_page_past_the_last_is_the_last() -> None:
    for _ in range(3):
        make_case()
    page = caseload.page(EVERY_CASE, Filters(), WHEN, total=3, number=9)
    assert (page.number, page.pages, len(page.lines)) == (1, 1, 3)


def test_soon_is_counted_in_weeks_where_no_bank_holiday_is_known() -> None:
    calendar = england_and_wales()
    assert caseload.day(calendar.last, calendar, 10).soon_until == date(
        calendar.last.year + 1, 1, 14
    )


def test_figures_alone_are_a_reference_here_or_in_the_tracker_a_case_came_from() -> None:
    ours, theirs = make_case(), make_case(tracker_reference="0001")
    assert references(*found("0001")) == [ours.reference, theirs.reference]


def test_the_list_says_which_step_a_decision_asks_for_until_it_is_taken() -> None:
    case = make_case(date(2026, 10, 19))
    assert found()[0].step_words is None
    log(case, NewEvent(kind="decided_not_to_assess", on=date(2026, 11, 4)))
    log(case, NewEvent(kind="decided_to_assess", on=date(2026, 11, 18)))
    words = "Decided on 18 November 2026: tell the family that we will assess"
    assert found()[0].step_words == words
    number = event_id(case, "decided_to_assess")
    put_right = NewEvent(kind="decided_to_assess", on=date(2026, 11, 17), corrects_id=number)
    log(case, put_right)
    assert (found()[0].step_words or "").startswith("Decided on 17 November 2026")
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 11, 19)))
    assert found()[0].step_words is None


def test_what_an_order_decided_leaves_the_authoritys_own_decision_behind() -> None:
    case = make_case(date(2026, 3, 2))
    log(case, NewEvent(kind="told_will_assess", on=date(2026, 4, 1)))
    log(case, NewEvent(kind="decided_to_issue", on=date(2026, 5, 1)))
    log(case, NewEvent(kind="decided_not_to_issue", on=date(2026, 5, 6)))
    log(case, NewEvent(kind="no_plan_notice_sent", on=date(2026, 6, 1)))
    log(case, NewEvent(kind="ordered_to_make_plan", on=date(2026, 9, 1)))
    assert (found()[0].stage, found()[0].step_words) == ("drafting", None)
