"""What an exception asks for at each of its steps."""

from collections.abc import Mapping

from wtforms.validators import ValidationError

from casework.queries.cases import CaseView
from casework.queries.clock_lines import ClockLine
from casework.rules.civil_dates import spoken_date
from casework.rules.closures import CLOSURE_GROUNDS, borne_out
from casework.rules.exceptions import GROUNDS
from casework.rules.lifting import lifting
from casework.services.exceptions import Particulars
from casework.web.cases.event_forms import grounds
from casework.web.cases.forms import ExceptionParticulars, VersionForm
from casework.web.fields import (
    ChooseOne,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    offer,
)
from casework.web.kept_forms import load

#: How a family is told, for the list and for the record.
WAYS = {
    "letter": "By letter",
    "email": "By email",
    "telephone": "By telephone",
    "meeting": "At a meeting",
}


class ProposeForm(ExceptionParticulars, VersionForm):
    """An exception to one time limit or more, on one ground."""

    limits = ChooseSeveral(
        "Time limits it lifts",
        description="Whether the circumstances made it impractical is judged for each limit apart",
        validators=[Given("Choose the time limit")],
    )
    #: For each limit on the form, its words and the grounds that lift it.
    lifted_by: Mapping[str, tuple[str, tuple[str, ...]]] = {}

    def validate_limits(self, field: ChooseSeveral) -> None:
        """Raise ValidationError where the law lists no such ground for a limit."""
        ground = self.ground.data
        for words, listed in (self.lifted_by[key] for key in field.data or ()):
            if ground in GROUNDS and ground not in listed:
                raise ValidationError(
                    f"The law does not list this ground for “{words}”. Leave that limit out, or "
                    "choose another ground"
                )


class DecideForm(VersionForm):
    """Whether a proposal is approved."""

    decision = ChooseOne(
        "Your decision",
        choices=(("approve", "Approve: it lifts the time limit"), ("refuse", "Do not approve")),
        validators=[Given("Choose whether you approve it")],
    )
    reason = LongTextField(
        "Why it is not approved",
        description="Only if you do not approve it",
        longest=2000,
    )

    def validate_reason(self, field: LongTextField) -> None:
        """Raise ValidationError where there is none for not approving."""
        if self.decision.data == "refuse" and not field.data:
            raise ValidationError("Enter why it is not approved")


class TellForm(VersionForm):
    """That the family was told, on which day and how."""

    on = DayField("Day they were told", validators=[Given("Enter the day they were told")])
    way = ChooseOne(
        "How they were told",
        choices=WAYS.items(),
        validators=[Given("Choose how they were told")],
    )
    words = LongTextField(
        "What was said (optional)",
        description="Only what differs from the words above",
        longest=2000,
    )

    @property
    def told(self) -> str:
        """Return how they were told and what was said, as it is kept."""
        way = WAYS[self.way.data]
        return f"{way}: {self.words.data}" if self.words.data else way


class EndForm(VersionForm):
    """The day on which what was exceptional ended, and why."""

    on = DayField("Day it ended", validators=[Given("Enter the day it ended")])
    reason = LongTextField(
        "Why it has ended",
        longest=2000,
        validators=[Given("Enter why it has ended")],
    )


def propose_form(view: CaseView, limit: ClockLine) -> ProposeForm:
    """Return the form for an exception to a limit, which offers those that may go with it."""
    form = load(ProposeForm, data={"version": view.case.version, "limits": [limit.key]})
    listed = lifting(limit.clock.duty, limit.clock.duty.lifted_by, limit.clock.due)
    form.ground.choices = offer(grounds(limit.clock.duty.lifted_under, listed))
    lines = [limit, *(line for line in view.limits_beside(limit) if _shares(line, listed))]
    form.lifted_by = {line.key: (_words(line), _lifting(line)) for line in lines}
    form.limits.choices = offer(
        (line.key, f"{_words(line)}, due {spoken_date(line.clock.due.on)}") for line in lines
    )
    if len(listed) == 1:
        form.ground.data = listed[0]
    return form


def proposals(form: ProposeForm, view: CaseView) -> list[Particulars]:
    """Return what a valid form proposes: one exception for each provision and adviser.

    The days of a closure that bears the ground out are taken from it where none were typed.
    """
    first, last = form.first_day.data, form.last_day.data
    if form.ground.data in CLOSURE_GROUNDS and not (first or last):
        first, last = borne_out(view.asked_of_school, view.closures) or (None, None)
    lines = [line for line in map(view.limit, form.limits.data or ()) if line]
    under = {(line.clock.duty.lifted_under or "", line.clock.adviser_id) for line in lines}
    return [
        Particulars(
            regulation=regulation,
            adviser_id=adviser_id,
            ground=form.ground.data,
            first_day=first,
            last_day=last,
            evidence=form.evidence.data,
            reason=form.reason.data or "",
        )
        for regulation, adviser_id in sorted(under, key=lambda one: (one[1] or 0, one[0]))
    ]


def _shares(line: ClockLine, listed: tuple[str, ...]) -> bool:
    return bool(set(listed) & set(_lifting(line)))


def _lifting(line: ClockLine) -> tuple[str, ...]:
    return lifting(line.clock.duty, line.clock.duty.lifted_by, line.clock.due)


def _words(line: ClockLine) -> str:
    label = line.clock.duty.label
    return f"{label}, for {line.whose}" if line.whose else label
