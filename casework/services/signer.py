"""Who may sign what of a meeting's record, and what they say with their name."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.models import PanelMember
from casework.queries.records import Line, Record
from casework.rules.panels import CHAIRS


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What the person who signs says with their name."""

    #: `Record.fingerprint` as they saw it.
    seen: str
    #: Why the cases of which nothing is recorded were not heard.
    why: str | None = None
    #: The meeting that what was not heard, or is deferred for want of a quorum, goes to.
    to_id: int | None = None
    #: What becomes of cases decided without a quorum: one of casework.services.unheard.
    without_quorum: str | None = None
    #: For a later version: why what was signed is changed.
    change_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A person before the record of one meeting."""

    user_id: int | None
    #: Whether they are the chair or a deputy, and were there.
    is_chair: bool
    #: Whether they may take decisions outside a panel.
    may_decide: bool
    #: Why they can sign nothing of it, in words; None where they can.
    cannot: str | None

    def may_sign(self, line: Line) -> bool:
        """Return whether the case is theirs to sign.

        Never one in which they have an interest. The chair or a deputy signs the others; somebody
        who may decide outside a panel signs what had no quorum.
        """
        if self.cannot or self.user_id in line.interested:
            return False
        return self.is_chair or (self.may_decide and not line.quorum.is_met)


def signer_of(
    user_id: int | None, members: Sequence[PanelMember], record: Record, *, may_decide: bool
) -> Signer:
    """Return what this person may sign of the record as it stands."""
    chairs = [one for one in members if one.position in CHAIRS]
    place = next((one for one in chairs if one.user_id == user_id), None)
    is_chair = place is not None and record.roll.has(user_id)
    cannot = None
    if not is_chair and not (may_decide and any(_waits(line) for line in record.lines)):
        cannot = _who_does([one.user.name for one in chairs if record.roll.has(one.user_id)])
        if place is not None and record.roll.is_begun:
            cannot = f"You are not recorded as present. {cannot}"
    return Signer(user_id=user_id, is_chair=is_chair, may_decide=may_decide, cannot=cannot)


def _waits(line: Line) -> bool:
    """Whether the case had no quorum, and nobody has signed what becomes of it."""
    return not line.is_signed and not line.quorum.is_met


def _who_does(names: Sequence[str]) -> str:
    if names:
        return f"The record is signed by the chair or a deputy who was there: {', '.join(names)}"
    return (
        "The record is signed by the chair or a deputy who was there. Where neither was, there was "
        "no quorum, and a manager signs it"
    )
