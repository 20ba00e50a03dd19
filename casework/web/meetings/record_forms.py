"""The form on which the record of a meeting is signed: it asks only what has to be asked."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from casework.queries.records import Line, Record
from casework.rules.civil_dates import spoken
from casework.services.signer import Signer, Signing
from casework.services.unheard import AS_OFFICER, DEFER, LEAVE
from casework.web.fields import ChooseOne, LongTextField, SelectOne, offer

_OFFICER = "I take these decisions myself, as an officer of the authority"
_LEAVE = "Sign the rest, and leave these to a manager"


class SignForm(FlaskForm):
    """What the person who signs says with their name."""

    why = LongTextField("Why the other cases were not heard", longest=500)
    without_quorum = ChooseOne("What becomes of the cases decided without a quorum?")
    to = SelectOne("The meeting that they go to", empty="Choose a meeting")
    change_why = LongTextField("Why the record is changed", longest=500)
    #: The record's fingerprint, as the person saw it.
    seen = HiddenField()

    def ask(self, record: Record, own: Sequence[Line], signer: Signer, to: Sequence[Any]) -> None:
        """Leave out what need not be said, and offer what may be chosen."""
        unrecorded = [line for line in own if line.decision is None]
        inquorate = [line for line in own if line.lacks_quorum]
        changed = record.is_attendance_changed or any(line.is_changed for line in own)
        self._only("why", wanted=bool(unrecorded))
        self._only("without_quorum", wanted=bool(inquorate))
        self._only("to", wanted=bool(unrecorded or inquorate))
        self._only("change_why", wanted=changed)
        if "without_quorum" in self:
            self.without_quorum.choices = offer(_ways_out(signer))
        if "to" in self:
            self.to.choices = offer((one.public_id, spoken(one.on_day)) for one in to)

    def signing(self, to: Sequence[Any]) -> Signing:
        """Return what was said, as the service takes it."""
        chosen = {one.public_id: one.id for one in to}
        return Signing(
            seen=self.seen.data or "",
            why=self._said("why"),
            to_id=chosen.get(self._said("to") or ""),
            without_quorum=self._said("without_quorum"),
            change_why=self._said("change_why"),
        )

    def _only(self, name: str, *, wanted: bool) -> None:
        if not wanted:
            del self[name]

    def _said(self, name: str) -> str | None:
        return self[name].data if name in self else None


def _ways_out(signer: Signer) -> list[tuple[str, str]]:
    ways = [(DEFER, "They go to a meeting that has a quorum")]
    if signer.may_decide:
        ways.append((AS_OFFICER, _OFFICER))
    if signer.is_chair:
        ways.append((LEAVE, _LEAVE))
    return ways
