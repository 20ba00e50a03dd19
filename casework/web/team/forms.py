"""The form by which one officer's cases are handed to another."""

from typing import Any

from flask_wtf import FlaskForm

from casework.queries import officers
from casework.web.fields import Given, SelectOne


class HandOverForm(FlaskForm):
    """Whose open cases go to whom."""

    to = SelectOne(
        "Who takes them over?", [Given("Choose who takes them over")], empty="Choose an officer"
    )

    def __init__(self, *args: Any, giver: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takers = {o.public_id: o for o in officers.assignable() if o.id != giver.id}
        self.to.choices = [
            (key, f"{one.name} (takes complex cases)" if one.takes_complex_cases else one.name)
            for key, one in self.takers.items()
        ]
