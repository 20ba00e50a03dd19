"""The form by which existing advice is used, with the three agreements that it takes."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from casework.queries.asking import AskingPage
from casework.queries.cases import CaseView
from casework.queries.documents import Versions
from casework.rules.advisers import SERVICES, Agency
from casework.rules.plan_sections import PLAN_SECTIONS, USUALLY_FEEDS
from casework.services.reuse import AGREEMENTS, Existing, without_agreement
from casework.web.fields import (
    LARGEST_NUMBER,
    ChooseSeveral,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    offer,
)
from casework.web.kept_forms import load

_POSSIBLE = NumberRange(0, LARGEST_NUMBER, "Open this page again: it was not sent whole")


class ReuseForm(FlaskForm):
    """What the advice is, what it can feed, and on which days the three agreed."""

    kind = SelectOne(
        "Whose advice it is",
        [Given("Choose whose advice it is")],
        empty="Choose one",
    )
    author = TextField("Who gave it", [Given("Enter who gave the advice")], longest=200)
    described = LongTextField(
        "What the advice is",
        description="For example, report of 12 May 2026 for the annual review of an earlier plan. "
        "Leave empty if it is a document on this case",
        longest=2000,
    )
    document = SelectOne("Document on this case (optional)", empty="None")
    sections = ChooseSeveral(
        "Sections of the plan that it can feed",
        choices=[(one.key, f"{one.key}: {one.words}") for one in PLAN_SECTIONS.values()],
        validators=[Given("Choose the sections that it can feed")],
    )
    author_agreed_on = DayField(
        "Day whoever gave the advice agreed that it is enough",
        [Given(without_agreement("author_agreed_on"))],
    )
    authority_agreed_on = DayField(
        "Day the authority agreed",
        [Given(without_agreement("authority_agreed_on"))],
        description="",
    )
    family_agreed_on = DayField(
        "Day the parent or young person agreed",
        [Given(without_agreement("family_agreed_on"))],
        description="",
    )
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), _POSSIBLE])

    def existing(self, page: AskingPage) -> Existing:
        """Return what a valid form says."""
        kind = self.kind.data
        of_kind = [line.choices for line in page.lines if line.row.kind == kind]
        services = [one.service.id for choices in of_kind for one in choices]
        return Existing(
            kind=kind,
            advice_service_id=services[0] if len(services) == 1 else None,
            author=self.author.data,
            described=self.described.data or "",
            document=self.document.data,
            sections=self.sections.data,
            agreed={name: self[name].data for name in AGREEMENTS},
        )


def reuse_form(
    view: CaseView, page: AskingPage, documents: Sequence[Versions], kind: str
) -> ReuseForm:
    """Return the form for a case; `kind` is the kind of service that it was opened for."""
    listed = {line.row.kind: line.words for line in page.lines}
    kinds = {
        key: words for key, words in listed.items() if SERVICES[key].agency != Agency.FAMILY
    } | {"other": SERVICES["other"].words}
    kind = kind if kind in kinds else ""
    feeds = USUALLY_FEEDS[SERVICES[kind].agency] if kind else ()
    given = {"version": view.case.version, "kind": kind or None, "sections": list(feeds)}
    form = load(ReuseForm, data=given)
    form.kind.choices = offer(kinds.items())
    form.document.choices = offer(
        (one.current.document.public_id, one.current.document.title)
        for one in documents
        if not one.current.is_withdrawn
    )
    return form
