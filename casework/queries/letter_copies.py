"""A letter as an officer wrote it, composed for each of those it goes to from one case alone."""

from dataclasses import dataclass
from datetime import date

from casework.config import Settings
from casework.holidays import england_and_wales
from casework.queries import letters
from casework.queries.cases import CaseView
from casework.queries.exceptions import Course
from casework.queries.letter_recipients import Recipient, recipients
from casework.rules.civil_dates import spoken
from casework.rules.exceptions import GROUNDS
from casework.rules.history import draft_with_the_family, standing_events
from casework.rules.letter_values import Addressed, Dated, Facts, Services, dates, values
from casework.rules.letters import LETTERS, LetterKind

#: As letters name it, by the kind of case.
_ASSESSMENTS = {"reassessment": "a further EHC needs assessment"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an officer gave for one letter; what its kind does not ask for stays empty."""

    kind: str
    day: date
    officer: str
    officer_post: str = ""
    reasons: str = ""
    more: str = ""
    #: Keys of what it is about: advisers, consultations, an exception.
    chosen: tuple[str, ...] = ()
    limit: str = ""
    expected_on: date | None = None
    #: The exception that the letter tells of, by the id of its proposal.
    exception: str = ""
    #: Of a final plan: who else was sent it on the day, keys of rules.events.RECIPIENTS.
    also: tuple[str, ...] = ()
    #: Why somebody to whom the law has it sent is left out.
    why_not_all: str = ""

    @property
    def row(self) -> LetterKind:
        """Return the kind of letter that it is."""
        return LETTERS[self.kind]

    @property
    def typed(self) -> str:
        """Return every word in it that a person typed."""
        return "\n\n".join(text for text in (self.reasons, self.more) if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy of a letter: whom it goes to, and the value of each of its fields."""

    recipient: Recipient
    facts: Facts
    values: dict[str, str]

    @property
    def dates(self) -> list[Dated]:
        """Return the days that it gives, each with its reason."""
        return dates(self.facts)


def copies(view: CaseView, written: Written, settings: Settings) -> list[Copy]:
    """Return a copy for each of those a letter goes to. Raises Unanswerable for a date that cannot
    be worked out.

    A protected address is in none of them, not even its own: a document is open to more people
    than may see it.
    """
    return [
        _copy(view, written, settings, one) for one in recipients(view, written.row, written.chosen)
    ]


def services_of(settings: Settings) -> Services:
    """Return whom a family may turn to, as the authority set them."""
    return Services(
        mediation_adviser=settings.mediation_adviser,
        disagreement_service=settings.disagreement_service,
        information_service=settings.information_service,
        local_offer=settings.local_offer,
    )


def services_unset(kind: LetterKind, settings: Settings) -> list[str]:
    """Return the settings that the letter needs and that nobody has given, by their names."""
    needs = {
        "mediation": "mediation_adviser",
        "disagreement_resolution": "disagreement_service",
        "information_service": "information_service",
        "find_schools": "local_offer",
    }
    fields = {part.field for part in kind.parts}
    named = [setting for field, setting in needs.items() if field in fields]
    return [name for name in ("letter_address", *named) if not getattr(settings, name)]


def _copy(view: CaseView, written: Written, settings: Settings, to: Recipient) -> Copy:
    facts = _facts(view, written, settings, to)
    addressed = Addressed(name=to.name, address=to.address)
    return Copy(recipient=to, facts=facts, values=values(facts, addressed))


def _facts(view: CaseView, written: Written, settings: Settings, to: Recipient) -> Facts:
    calendar, person = england_and_wales(), view.person
    limit = view.limit(written.limit) if written.limit else None
    course = letters.exception_to_tell(view, written.exception) if written.exception else None
    is_own = to.key == "self"
    is_draft = written.row.goes_with == "draft_served"
    served_on = draft_with_the_family(standing_events(view.entered)) if is_draft else None
    return Facts(
        kind=written.kind,
        authority=settings.authority_name,
        authority_address=settings.letter_address,
        services=services_of(settings),
        calendar=calendar,
        reference=view.case.reference,
        forenames=person.forenames,
        surname=person.surname,
        born=person.date_of_birth,
        is_young_person=is_own,
        day=written.day,
        assessment=_ASSESSMENTS.get(view.case.kind, "an EHC needs assessment"),
        officer=written.officer,
        officer_post=written.officer_post,
        reasons=written.reasons,
        more=written.more,
        next_due=letters.next_steps(view, written.row),
        served_on=served_on,
        limit=_lowered(limit.clock.duty.label) if limit else _limits(course),
        limit_on=limit.clock.due.on if limit else None,
        grounds=_ground(course),
        lifted_under=course.line.citation if course else "",
        expected_on=written.expected_on,
        asks=to.asked.words,
        reply_by=to.asked.reply_by,
        is_family_request=to.asked.is_family_request,
        is_listed=to.asked.is_listed,
    )


def _limits(course: Course | None) -> str:
    lifted = course.limits if course else []
    return " and ".join(
        f"{_lowered(one.clock.duty.label)}, by {spoken(one.clock.due.on)}" for one in lifted
    )


def _ground(course: Course | None) -> str:
    key = course.line.particulars.ground if course else None
    return GROUNDS[key].words if key else ""


def _lowered(label: str) -> str:
    return label[0].lower() + label[1:]
