"""The check screen of a letter: who gets it, what it will say, and what in it is not right yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from casework import current
from casework.database import reading
from casework.letters import documents
from casework.letters.documents import Made, NotMade
from casework.queries import final_plans, letter_templates
from casework.queries.cases import CaseView
from casework.queries.letter_copies import Copy, Written, copies
from casework.queries.letter_recipients import wait_for_final_plan
from casework.queries.protected_particulars import must_not_hold
from casework.rules.civil_dates import spoken_date
from casework.rules.errors import Unanswerable
from casework.rules.found_in_text import KINDS, found, others_in
from casework.rules.history import standing_events
from casework.rules.letter_values import empty_parts
from casework.rules.letters import LetterKind, Part, To
from casework.services import viewing
from casework.web.letters.tokens import Token, digest


class NotComposed(Exception):
    """The letter cannot be made as it is. `str(error)` says why and what to do."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One recipient, with their copy as it will be."""

    copy: Copy
    made: Made
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Everything that the check screen of a letter shows."""

    kind: LetterKind
    template_id: int
    template_version: int
    lines: Sequence[Line]
    digest: str
    #: Whether an address around the child is protected, so that care is confirmed.
    needs_care: bool
    #: Of a final plan: who else must be sent it and was not yet.
    others_waiting: Sequence[final_plans.Recipient]
    #: What is to be looked at before it goes out, in words.
    doubts: Sequence[str]

    @property
    def parts(self) -> Sequence[Part]:
        """Return what the law demands of the letter, all of which it has."""
        return self.kind.parts

    @property
    def may_leave_out(self) -> bool:
        """Return whether one of several might be left out who cannot be written to afterwards."""
        is_once = self.kind.to is To.FAMILY and self.kind.notes is not None
        return is_once and len(self.lines) > 1

    @property
    def left_out(self) -> list[str]:
        """Return the names of those to whom the law has it sent, and who are not ticked."""
        if not self.may_leave_out:
            return []
        lines = (line for line in self.lines if not line.is_ticked)
        return [line.copy.recipient.name for line in lines if line.copy.recipient.is_due]

    @property
    def to_issue(self) -> list[tuple[Copy, bytes]]:
        """Return the copies that are ticked, with their documents."""
        return [(line.copy, line.made.content) for line in self.lines if line.is_ticked]

    def token(self, view: CaseView) -> Token:
        """Return what the screen’s form carries: a new letter’s identifier with it."""
        return Token(
            case=view.case.public_id,
            kind=self.kind.key,
            version=view.case.version,
            letter=token_urlsafe(16),
            template=self.template_id,
            words=self.digest,
        )


def checked(view: CaseView, written: Written, ticked: Sequence[str] | None) -> Checked:
    """Return the letter as it would be issued now; `ticked` are the recipients’ keys, or None for
    those to whom the law has it sent. Raises NotComposed.
    """
    settings, kind = current.settings(), written.row
    with reading():
        template, content = letter_templates.content_in_use(written.kind)
        viewing.let_go()
    composed = _composed(view, written)
    try:
        made = documents.make(
            content,
            [copy.values for copy in composed],
            title=f"{kind.words}, {view.case.reference}",
            author=settings.authority_name,
        )
    except NotMade:
        raise NotComposed(
            "day",
            "The letter cannot be made from its template. Nothing was issued. Ask a manager to "
            "look at the template",
        ) from None
    lines = [
        Line(copy=copy, made=one, is_ticked=_is_ticked(copy, ticked))
        for copy, one in zip(composed, made, strict=True)
    ]
    return Checked(
        kind=kind,
        template_id=template.id,
        template_version=template.version,
        lines=lines,
        digest=digest([(line.copy.recipient.key, line.made) for line in lines]),
        needs_care=view.person.has_protected_contact,
        others_waiting=_others_waiting(view, kind),
        doubts=_doubts(view, written, lines),
    )


def _others_waiting(view: CaseView, kind: LetterKind) -> list[final_plans.Recipient]:
    if kind.key != "final":
        return []
    with reading():
        return [one for one in wait_for_final_plan(view) if one.key != "family"]


def _doubts(view: CaseView, written: Written, lines: Sequence[Line]) -> list[str]:
    """What may be amiss in the letter, which only a person can tell."""
    with reading():
        others = must_not_hold(view.case.id).others
    said = [f"Another person’s name: “{hit.words}”" for hit in others_in(written.typed, others)]
    said += [f"{KINDS[hit.kind].capitalize()}: “{hit.words}”" for hit in found(written.typed)]
    if written.day != view.today:
        said.append(
            f"The letter bears {spoken_date(written.day)}, not today. The family’s time runs from "
            "the day on which it is sent"
        )
    said += [
        f"No address is held for {line.copy.recipient.name}, so none is printed"
        for line in lines
        if line.is_ticked and line.copy.recipient.lacks_address
    ]
    said += [
        f"{line.copy.recipient.name} is not ticked, and the law has the letter sent to them"
        for line in lines
        if line.copy.recipient.is_due and not line.is_ticked
    ]
    served = any(event.kind == "draft_served" for event in standing_events(view.entered))
    if written.row.to is To.SETTING and not served:
        said.append("No draft was served yet, and a copy of it goes with the consultation")
    if view.case.youth_accommodation:
        said.append(
            "The child or young person is detained: read the letter against the SEND (Detained "
            "Persons) Regulations 2015"
        )
    return said


def _composed(view: CaseView, written: Written) -> list[Copy]:
    try:
        with reading():
            found = copies(view, written, current.settings())
            viewing.let_go()
    except Unanswerable:
        raise NotComposed(
            "day", "A date in the letter cannot be worked out. Check the day"
        ) from None
    if not found:
        raise NotComposed(
            "day",
            "Nobody with parental responsibility is recorded for this child. Add them to the "
            "child’s record first",
        )
    demanded = [part.field for part in written.row.parts]
    if missing := {name for copy in found for name in empty_parts(demanded, copy.values)}:
        law = next(part for part in written.row.parts if part.field in missing)
        raise NotComposed("day", f"The letter must say this and would not: {law.words} ({law.law})")
    return found


def _is_ticked(copy: Copy, ticked: Sequence[str] | None) -> bool:
    return copy.recipient.is_due if ticked is None else copy.recipient.key in ticked
