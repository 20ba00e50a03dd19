"""Settings consulted: which test applies, what may be recorded, and the 15 days of guidance."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.codes import SettingType
from casework.holidays import england_and_wales
from casework.rules.clocks import CONSULTED, Clock, clocks
from casework.rules.consultations import (
    State,
    Story,
    cannot_choose,
    cannot_record,
    is_listed,
    story,
)
from casework.rules.deadlines import Standing, standing
from casework.rules.history import Happened

START, ASKED = date(2026, 9, 7), date(2026, 11, 2)
DAYS = st.integers(0, 40).map(lambda n: ASKED + timedelta(days=n))


def of(*events: tuple[str, date], number: int = 7) -> list[Happened]:
    return [
        Happened(id=n, kind=f"consultation_{kind}", on=on, consultation_id=number)
        for n, (kind, on) in enumerate(events, start=100 * number)
    ]


def clocks_of(*events: Happened) -> list[Clock]:
    began = [
        Happened(id=1, kind="request_received", on=START),
        Happened(id=2, kind="told_will_assess", on=date(2026, 10, 12)),
    ]
    every = sorted([*began, *events], key=lambda event: event.on)
    found = clocks(
        kind="request", detained=False, advisers={}, events=every, calendar=england_and_wales()
    )
    return [clock for clock in found if clock.duty.id == CONSULTED]


@pytest.mark.parametrize("kind", [None, *SettingType])
def test_what_section_41_approves_is_listed_whatever_its_kind(kind: str | None) -> None:
    assert is_listed(kind, is_section_41=True) is True


def test_the_list_of_section_38_3_is_read_off_the_kind_where_the_kind_tells() -> None:
    told = {kind: is_listed(kind, is_section_41=False) for kind in SettingType}
    assert [kind for kind, listed in told.items() if listed is None] == [
        *(SettingType.ALTERNATIVE_PROVISION, SettingType.OTHER)
    ]
    assert [kind for kind, listed in told.items() if listed is False] == [
        *(SettingType.EARLY_YEARS, SettingType.INDEPENDENT, SettingType.SPECIAL_POST_16)
    ]
    assert is_listed(None, is_section_41=False) is None


@given(sent=DAYS, received=st.none() | st.integers(0, 9), replied=st.none() | st.integers(0, 40))
def test_the_fifteen_days_follow_receipt_and_sending_stands_for_it(
    sent: date, received: int | None, replied: int | None
) -> None:
    events = [("sent", sent)]
    begins = sent + timedelta(days=received or 0)
    if received is not None:
        events.append(("received", begins))
    if replied is not None:
        events.append(("replied", begins + timedelta(days=replied)))
    [clock] = clocks_of(*of(*events))
    assert clock.key == "consultation-7"
    assert clock.due.on == begins + timedelta(days=15)
    assert clock.is_owed is (replied is None)
    if replied is not None:
        assert clock.met_on == begins + timedelta(days=replied)


def test_the_first_answer_ends_the_days_and_each_setting_has_its_own() -> None:
    one = of(("sent", ASKED), ("replied", date(2026, 11, 10)), ("replied", date(2026, 11, 30)))
    two = of(("sent", date(2026, 11, 9)), number=8)
    first, second = clocks_of(*one, *two)
    assert (first.met_on, second.met_on) == (date(2026, 11, 10), None)
    assert (first.due.on, second.due.on) == (date(2026, 11, 17), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("kind", "recipient"), [("withdrawn", None), ("final_plan_sent", "family"), ("moved_out", None)]
)
def test_nothing_is_owed_any_more_of_a_case_that_is_over_or_a_setting_let_off(
    kind: str, recipient: str | None
) -> None:
    over = date(2026, 11, 20)
    asked = of(("sent", ASKED))
    ends = [Happened(id=900, kind=kind, on=over)]
    if recipient:
        ends = [
            Happened(id=900 + n, kind=kind, on=over, recipient=whom)
            for n, whom in enumerate(("family", "institution", "health_body"))
        ]
    [clock] = clocks_of(*asked, *ends)
    assert clock.closed_on == over
    [let_off] = clocks_of(*of(("sent", ASKED), ("withdrawn", over)))
    assert (let_off.closed_on, let_off.is_owed) == (over, False)


def test_no_exception_lifts_guidance_for_a_setting() -> None:
    lifted = Happened(id=50, kind="exception_recorded", on=ASKED, regulation="10(4)", ground="X1")
    [clock] = clocks_of(*of(("sent", ASKED)), lifted)
    assert clock.lifted_by == ()
    stand = standing(
        clock.duty,
        clock.due,
        ended_on=None,
        lifted=False,
        today=date(2026, 12, 1),
        calendar=england_and_wales(),
    )
    assert stand.standing is Standing.OVERDUE, "shown as a target missed, being guidance"


@given(st.lists(st.sampled_from(["sent", "received", "chased", "replied", "withdrawn"])))
def test_what_may_be_recorded_follows_from_where_it_is(kinds: list[str]) -> None:
    told = Story()
    recorded: list[tuple[str, date]] = []
    for kind in kinds:
        before = told.state
        if cannot_record(f"consultation_{kind}", told):
            continue
        recorded.append((kind, ASKED))
        told = story(of(*recorded))
        assert before is not State.WITHDRAWN
        assert kind == "sent" or before is not State.CHOSEN or kind == "withdrawn"
    assert [kind for kind, _ in recorded].count("sent") <= 1
    assert (cannot_choose([told]) is None) == (told.state in (State.REPLIED, State.WITHDRAWN))
