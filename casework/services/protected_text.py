"""Protected details kept out of free text: who may read a note is not who may see an address."""

from collections.abc import Mapping

from casework.extensions import db
from casework.queries.protected_particulars import protected_of
from casework.rules.found_in_text import protected_in
from casework.services import audit_trail
from casework.services.audit_trail import Actor
from casework.services.errors import Refused

#: It says neither what was found nor whose it is.
WORDS = (
    "Take out every address, postcode, telephone number and email address. This case has contact "
    "details that are protected, and they are kept in Contacts only"
)


def refuse_protected(actor: Actor, case_id: int, texts: Mapping[str, str | None]) -> None:
    """Raise Refused where a protected detail of this case stands in a text, by its field.

    Nobody is let past, and the audit trail keeps each refusal, so that trying one address after
    another shows. The open transaction is undone. One statement, and none where nothing is typed.
    """
    typed = {field: text for field, text in texts.items() if text}
    protected = protected_of(case_id) if typed else ()
    faulty = [field for field, text in typed.items() if protected_in(text, protected)]
    if not faulty:
        return
    db.session.rollback()
    audit_trail.record(actor, "was refused", case_id=case_id, subject="protected detail in text")
    db.session.commit()
    raise Refused(dict.fromkeys(faulty, WORDS))
