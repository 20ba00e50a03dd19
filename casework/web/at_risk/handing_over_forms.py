"""The form by which chosen cases are handed to an officer."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm

from casework.filters import counted
from casework.queries.officers import Workload
from casework.web.fields import Given, SelectOne


class HandOverForm(FlaskForm):
    """Who takes the cases over; each officer is offered with what they hold now."""

    to = SelectOne(
        "Who takes them over?", [Given("Choose who takes them over")], empty="Choose an officer"
    )

    def __init__(self, *args: Any, workloads: Sequence[Workload], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takers = {one.public_id: one for one in workloads if one.public_id and one.is_active}
        self.to.choices = [(key, _words(one)) for key, one in self.takers.items()]


def _words(one: Workload) -> str:
    holds = f"{one.name}: {counted(one.open, 'open case')}, {one.overdue:,} overdue"
    return f"{holds}, takes complex cases" if one.takes_complex_cases else holds
