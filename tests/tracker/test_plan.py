"""Whose row it is: the same child is not made twice, and two children never become one."""

from datetime import date
from typing import Any

from casework.tracker.matching import Child, Children
from casework.tracker.plan import Plan, plan
from casework.tracker.rows import TrackerRow

TODAY = date(2026, 11, 23)
BORN, STARTED = date(2018, 5, 4), date(2025, 1, 6)


def row(line: int = 4, **details: Any) -> TrackerRow:
    given = {"surname": "Invented", "forename": "Ida", "date_of_birth": BORN}
    return TrackerRow(**{"line": line, "request_received": STARTED} | given | details)


def held(**details: Any) -> Child:
    given = {"id": 1, "surname": "Invented", "forenames": ("Ida",), "date_of_birth": BORN}
    return Child(**given | {"held": [("R-1", STARTED)]} | details)


def planned(*rows: TrackerRow, known: tuple[Child, ...] = ()) -> Plan:
    return plan(rows, Children(known))


def children(found: Plan) -> list[int | None]:
    return [made.child.id for made in found.to_make]


def test_a_case_of_the_same_child_and_start_is_held_already() -> None:
    found = planned(row(), known=(held(),))
    assert (found.already_held, found.to_make, found.doubts) == (1, [], [])


def test_names_are_compared_as_people_are_searched_for() -> None:
    known = held(surname="O’Brien", forenames=("José",))
    assert planned(row(surname="OBRIEN", forename="Jose"), known=(known,)).already_held == 1


def test_another_start_is_another_case_of_the_same_child() -> None:
    found = planned(row(request_received=date(2026, 1, 5), reference="R-2"), known=(held(),))
    assert (found.already_held, children(found)) == (0, [1])


def test_the_same_reference_of_the_same_child_is_held_and_the_other_day_is_said() -> None:
    found = planned(row(request_received=date(2025, 1, 7), reference="R-1"), known=(held(),))
    assert (found.already_held, len(found.doubts)) == (1, 1)


def test_the_same_reference_of_another_child_is_another_case() -> None:
    found = planned(row(surname="Other", reference="R-1", request_received=TODAY), known=(held(),))
    assert children(found) == [None]


def test_twins_are_two_children() -> None:
    found = planned(row(forename="Ivo"), known=(held(),))
    assert children(found) == [None]
    assert not found.doubts


def test_a_twin_under_the_others_number_is_a_child_of_their_own_and_is_doubted() -> None:
    found = planned(row(forename="Ivo", upn="A123"), known=(held(upn="A123"),))
    assert children(found) == [None]
    assert not found.to_make[0].upn_verified
    assert [(doubt.line, doubt.value) for doubt in found.doubts] == [(4, "A123")]


def test_a_changed_surname_is_the_same_child_by_the_number() -> None:
    assert planned(row(surname="New", upn="A123"), known=(held(upn="A123"),)).already_held == 1


def test_the_same_name_and_birthday_with_another_number_is_another_child() -> None:
    assert children(planned(row(upn="B123"), known=(held(upn="A123"),))) == [None]


def test_a_name_put_right_since_is_known_by_its_reference_and_start() -> None:
    known = held(surname="Invented-Put-Right")
    assert planned(row(reference="R-1"), known=(known,)).already_held == 1


def test_without_a_birthday_a_name_proves_nothing_unless_the_case_is_the_same() -> None:
    known = held(date_of_birth=None)
    nameless = {"date_of_birth": None}
    assert planned(row(**nameless), known=(known,)).already_held == 1
    later = row(**nameless, request_received=date(2025, 9, 1))
    assert children(planned(later, known=(known,))) == [None]


def test_one_row_twice_is_one_case_and_the_second_is_said() -> None:
    found = planned(row(4), row(5))
    assert (len(found.to_make), found.already_held) == (1, 1)
    assert [doubt.line for doubt in found.doubts] == [5]


def test_two_rows_of_one_child_and_one_reference_are_two_cases() -> None:
    found = planned(row(4, reference="C-9"), row(5, reference="C-9", request_received=TODAY))
    first, second = found.to_make
    assert first.child is second.child
    assert [doubt.line for doubt in found.doubts] == [5]
