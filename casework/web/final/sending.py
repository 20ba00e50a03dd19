"""Whom a final plan is sent to: each of the family by name, and whom the law names besides."""

from collections.abc import Sequence

from casework.queries.cases import CaseView
from casework.queries.final_plans import Recipient
from casework.services.errors import Refused
from casework.web.final.forms import FAMILY, YOUNG_PERSON, SendForm

#: From when the plan may be a young person's own: none is one before the end of Year 11.
YOUNG_PERSON_FROM = 15


def offered_to(view: CaseView, waiting: Sequence[Recipient]) -> list[tuple[str, str]]:
    """Return who still waits for the plan, as choices: of the family, each who must have it."""
    found: list[tuple[str, str]] = []
    for one in waiting:
        found += _family(view) if one.key == "family" else [(one.key, one.words)]
    return found


def has_several_parents(view: CaseView) -> bool:
    """Return whether one with parental responsibility could be sent it and another not."""
    return len([key for key, _ in _family(view) if key != YOUNG_PERSON]) > 1


def chosen_of(view: CaseView, form: SendForm) -> dict[str, str | None]:
    """Return the recipients that a valid form names, each with a note of whom it was sent to.

    Raises Refused where somebody with parental responsibility is left out without a reason.
    """
    chosen = form.to.data or []
    family = dict(_family(view))
    names = [family[key] for key in chosen if key in family]
    others: dict[str, str | None] = {key: None for key in chosen if key not in family}
    if not names:
        return others
    is_their_own = YOUNG_PERSON in chosen
    left = (
        [] if is_their_own else [w for k, w in family.items() if k not in (*chosen, YOUNG_PERSON)]
    )
    note = f"To {' and '.join(names)}"
    if left:
        who, why = " and ".join(left), form.why_not_all.data if "why_not_all" in form else None
        if not why:
            raise Refused({"why_not_all": f"Tick {who} too, or enter why they are not sent it"})
        note += f". Not to {who}: {why}"
    return {"family": note, **others}


def _family(view: CaseView) -> list[tuple[str, str]]:
    telling = [
        (contact.public_id, f"{contact.name}, {contact.relationship_to_child}")
        for contact in view.person.contacts
        if contact.ended_on is None and contact.has_parental_responsibility
    ]
    if view.age is not None and view.age >= YOUNG_PERSON_FROM:
        telling.append((YOUNG_PERSON, f"{view.name}, as a young person"))
    return telling or [(FAMILY, "The parents or young person")]
