"""An invented child, by whom a template is tried before any real letter is made from it."""

from datetime import date, timedelta

from casework.holidays import england_and_wales
from casework.letters import documents
from casework.letters.documents import Made
from casework.rules.letter_values import Addressed, Facts, Services, values
from casework.rules.letters import LetterKind

_TO = Addressed(name="Sam Specimen", address="1 Example Street\nAnytown\nAA1 1AA")


def example(
    template: bytes, kind: LetterKind, authority: str, address: str, services: Services, day: date
) -> Made:
    """Return the letter to an invented family. Raises NotMade, Unanswerable."""
    facts = Facts(
        kind=kind.key,
        authority=authority,
        authority_address=address,
        services=services,
        calendar=england_and_wales(),
        reference="EHC-000000",
        forenames="Alex",
        surname="Specimen",
        born=date(2018, 5, 4),
        is_young_person=False,
        day=day,
        officer="Robin Example",
        officer_post="Case officer",
        reasons="This is where the reasons stand.\nThey may be several paragraphs.",
        more="This is what an officer adds.",
        next_due="This is what happens next, and by when.",
        served_on=day,
        limit="send the final plan",
        limit_on=day,
        expected_on=day + timedelta(weeks=2),
        grounds="exceptional personal circumstances affected the child, parent or young person",
        lifted_under="the provision that lists it",
        is_family_request=True,
        is_listed=True,
        asks="This is what is asked besides.",
        reply_by=day + timedelta(weeks=6),
    )
    made = documents.make(
        template, [values(facts, _TO)], title=f"{kind.words}: example", author=authority
    )
    return made[0]
