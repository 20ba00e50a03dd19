"""The lists and the search are answered by the indexes made for them, on both databases."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from casework.access import EVERY_CASE, Scope
from casework.demonstration import load
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.queries import candidates, caseload
from casework.queries.caseload import Filters
from casework.rules.panels import QUESTIONS, SOUGHT
from tests.factories import TODAY

WHEN = caseload.day(TODAY, england_and_wales(), 10)
IN_ORDER = "ix_ehc_case_open_in_order"
BY_OFFICER = "ix_ehc_case_open_by_officer"
NAMES = "ix_person_name_key_key_person_id"


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def plan(ask: Callable[[], object]) -> str:
    """Return how the database would answer the last statement that `ask` sends.

    PostgreSQL reads a table as small as a test's whole, and sorts it; it is told not to, so that
    it shows how it would read one of fifty thousand rows.
    """
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, given))

    event.listen(db.engine, "before_cursor_execute", note)
    ask()
    event.remove(db.engine, "before_cursor_execute", note)
    statement, given = sent[-1]
    if db.engine.dialect.name == "sqlite":
        rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        return "\n".join(str(row[3]) for row in rows)
    for habit in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
        db.session.execute(text(f"SET LOCAL enable_{habit} = off"))
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN {statement}", given)
    return "\n".join(str(row[0]) for row in rows)


def page(**filters: Any) -> str:
    return plan(lambda: caseload.page(EVERY_CASE, Filters(**filters), WHEN, total=900))


def sorts(found: str) -> bool:
    """Whether the list is sorted; the few events of one case may be, in a plan of their own."""
    found = found.split("SubPlan")[0]
    return "TEMP B-TREE FOR ORDER BY" in found or "Sort" in found


def reads_every_case(found: str) -> bool:
    return "SCAN ehc_case\n" in f"{found}\n" or "Seq Scan on ehc_case" in found


def test_the_list_of_all_is_read_in_its_order_and_no_further_than_its_page() -> None:
    found = page()
    assert IN_ORDER in found
    assert not sorts(found), found


def test_a_list_of_one_stands_on_the_index_of_open_cases() -> None:
    found = page(officer_id=3)
    assert BY_OFFICER in found or IN_ORDER in found, found
    assert not reads_every_case(found)


def test_ended_cases_are_read_in_their_order() -> None:
    found = page(ended=True)
    assert "ix_ehc_case_ended_in_order" in found
    assert not sorts(found), found


def test_a_count_reads_an_index_and_no_case() -> None:
    load.load(today=TODAY, cases=1, seed=1)
    if db.engine.dialect.name == "postgresql":
        # Only what a vacuum has seen is known to be visible to all, and need not be looked up.
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("VACUUM ANALYZE ehc_case"))
    for filters in (Filters(), Filters(officer_id=3), Filters(standing="overdue")):
        found = plan(partial(caseload.tallies, EVERY_CASE, filters, WHEN))
        ways = (f"COVERING INDEX {BY_OFFICER}", f"Index Only Scan using {BY_OFFICER}")
        assert any(way in found for way in ways), found


@pytest.mark.parametrize("words", ["josé", "jose garcia", "oliver van der berg"])
@pytest.mark.parametrize("scope", [EVERY_CASE, Scope(agencies=frozenset({"health"}))])
def test_a_search_by_name_reads_the_names_that_begin_so(words: str, scope: Scope) -> None:
    found = plan(lambda: caseload.search(scope, words, WHEN))
    assert NAMES in found
    assert "ix_ehc_case_person_id" in found
    assert not reads_every_case(found), found


def test_a_search_by_number_uses_the_index_of_each_number() -> None:
    found = plan(lambda: caseload.search(EVERY_CASE, "943 476 5919", WHEN))
    for index in ("ix_person_upn", "ix_person_nhs_number", "ix_ehc_case_tracker_reference"):
        assert index in found
    assert not reads_every_case(found), found


def test_a_search_by_reference_finds_the_one_case() -> None:
    found = plan(lambda: caseload.search(EVERY_CASE, "EHC-000042", WHEN))
    assert "reference" in found
    assert not reads_every_case(found), found


@pytest.mark.embedded  # PostgreSQL joins so many empty tables in whatever way
@pytest.mark.parametrize("question", SOUGHT)
def test_the_cases_that_wait_for_a_panel_are_found_by_their_stage(question: str) -> None:
    found = plan(lambda: candidates.waiting(EVERY_CASE, [QUESTIONS[question]], is_ready=True))
    assert "ix_ehc_case_stage" in found
    assert "ix_agenda_item_case_id" in found
    assert not reads_every_case(found), found
