"""When the final plan is likely, on the page of a case: beside the limit, never as the limit."""

from collections.abc import Callable
from datetime import date

import pytest

from casework.services.events import NewEvent
from tests.fixtures.people import SignIn

Happen = Callable[..., None]
TITLE = "When the final plan is likely"


@pytest.mark.embedded
def test_an_open_case_says_when_its_plan_is_likely_beside_the_limit(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    happen(NewEvent(kind="told_will_assess", on=date(2026, 9, 20)))
    happen(NewEvent(kind="advice_requested", on=date(2026, 11, 9), service="camhs"))
    page = sign_in().get(f"/cases/{case}").text
    panel = page[page.index(TITLE) :][: page[page.index(TITLE) :].index("</section>")]
    assert "late: advice from child and adolescent mental health (CAMHS) is taken to need" in panel
    assert "for want of history" in panel
    assert "Limit in law" in panel
    assert "This is no date in law" in panel
    assert "There is too little history to go by" in panel


@pytest.mark.embedded
def test_a_case_that_has_ended_or_is_refused_says_nothing(
    sign_in: SignIn, case: str, happen: Happen
) -> None:
    client = sign_in()
    assert TITLE in client.get(f"/cases/{case}").text
    happen(NewEvent(kind="decided_not_to_assess", on=date(2026, 9, 20)))
    assert TITLE not in client.get(f"/cases/{case}").text
