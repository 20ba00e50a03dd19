"""Children, the people around them and the places they learn, looked up."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select

from casework.extensions import db
from casework.models import Case, Contact, Person, Setting
from casework.models.base import LONGEST_KEY
from casework.names import search_key
from casework.queries.matches import Match as Match
from casework.queries.matches import matches as matches


@lru_cache(maxsize=4_096)
def folded(name: str) -> str:
    """Return the folded words by which a setting or an officer is found and told from others."""
    return search_key(name)[:LONGEST_KEY]


def setting_by_name(name: str) -> Setting | None:
    """Return the setting whose name folds to the same words, or None."""
    return db.session.scalars(
        select(Setting).where(Setting.name_key == folded(name)).order_by(Setting.id)
    ).first()


def contacts(person_id: int) -> Sequence[Contact]:
    """Return everyone to be told about a child: those now, then those who no longer are."""
    return db.session.scalars(
        select(Contact)
        .where(Contact.person_id == person_id)
        .order_by(Contact.ended_on.is_not(None), Contact.id)
    ).all()


def contact(person_id: int, public_id: str) -> Contact | None:
    """Return one of a child's contacts by the identifier in its address, or None."""
    return db.session.scalar(
        select(Contact).where(Contact.person_id == person_id, Contact.public_id == public_id)
    )


def missing(case: Case, person: Person, contacts: Sequence[Contact]) -> list[str]:
    """Return what is still to be found out, in words for a list, the most wanted first.

    Each is an item of the SEN2 return or someone whom the law says must be told.
    """
    has_number = person.upn or person.uln or person.upn_unknown
    telling = [c for c in contacts if c.ended_on is None and c.has_parental_responsibility]
    wanted = {
        "someone with parental responsibility": telling,
        "how to reach anyone with parental responsibility": not telling
        or any(c.email or c.phone or c.address for c in telling),
        "date of birth": person.date_of_birth,
        "UPN, ULN or the reason there is neither": has_number,
        "school or other setting": case.setting_id,
        "primary need": person.primary_need,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "postcode": person.postcode,
        "who asked for the assessment": case.source,
        "whether the child is looked after": person.looked_after is not None,
        "whether the school showed its graduated approach": case.source != "2"
        or case.graduated_approach is not None,
    }
    return [words for words, held in wanted.items() if not held]
