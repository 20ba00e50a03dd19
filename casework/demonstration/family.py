"""One family's page to open, where the setting asks for family pages."""

from datetime import date

from sqlalchemy import select

from casework import current
from casework.access import EVERY_CASE
from casework.extensions import db
from casework.models import Case, Contact, FamilyLink
from casework.queries import cases
from casework.queries.cases import CaseView
from casework.queries.family_links import may_be_given
from casework.rules.stages import Stage
from casework.services import family_links
from casework.services.audit_trail import Actor

#: How many drafts are looked at: a young person of 18 has a page of their own alone.
MOST = 50


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
        .limit(MOST)
    )
    for public_id in db.session.scalars(has_draft).all():
        view = cases.view(EVERY_CASE, public_id, today=today, soon_within=1)
        if view and (given := may_be_given(view)):
            return _kept(view, given[0])
    return ""


def _kept(view: CaseView, contact: Contact) -> str:
    actor = Actor(view.case.officer_id, "command line")
    secret = family_links.make_link(actor=actor, view=view, contact_id=contact.public_id)
    link = db.session.scalars(select(FamilyLink).where(FamilyLink.contact_id == contact.id)).one()
    code = family_links.give_code(actor=actor, view=view, link_id=link.public_id)
    return f"/family/{secret} with the code {code}, once"
