"""One family's page to open, where the setting asks for family pages."""

from datetime import date

from sqlalchemy import select

from casework import current
from casework.access import EVERY_CASE
from casework.extensions import db
from casework.models import Case, Contact, FamilyLink
from casework.queries import cases
from casework.queries.family_links import may_be_given
from casework.rules.stages import Stage
from casework.services import family_links
from casework.services.audit_trail import Actor


def keep(today: date) -> str:
    """Make a link and a code for the family of one draft, and commit; return what to open, in
    words. Nothing where family pages are off, or no family has a draft.
    """
    if not current.settings().family_pages:
        return ""
    has_draft = (
        select(Case.public_id)
        .join(Contact, Contact.person_id == Case.person_id)
        .where(
            Case.stage == Stage.DRAFT_OUT,
            Case.officer_id.is_not(None),
            Contact.has_parental_responsibility,
            Contact.ended_on.is_(None),
        )
        .order_by(Case.id)
        .limit(1)
    )
    public_id = db.session.scalar(has_draft)
    view = cases.view(EVERY_CASE, public_id or "", today=today, soon_within=1)
    if view is None:
        return ""
    actor = Actor(view.case.officer_id, "command line")
    contact = may_be_given(view)[0]
    secret = family_links.make_link(actor=actor, view=view, contact_id=contact.public_id)
    link = db.session.scalars(select(FamilyLink).where(FamilyLink.contact_id == contact.id)).one()
    code = family_links.give_code(actor=actor, view=view, link_id=link.public_id)
    return f"/family/{secret} with the code {code}, once"
