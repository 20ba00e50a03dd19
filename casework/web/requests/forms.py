"""The form on which a new request is keyed: one page, in the order in which a letter says it."""

import re
from collections.abc import Iterator
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, Form, FormField, HiddenField

from casework import clock
from casework.access import Role, Viewer
from casework.codes import RequestSource
from casework.queries import officers
from casework.rules.ages import age
from casework.rules.civil_dates import LONDON
from casework.rules.events import CASE_KINDS
from casework.web.fields import ChooseOne, DayField, Given, SelectOne
from casework.web.people.fields import (
    CHILD,
    OLDEST,
    CaseFields,
    ChildFields,
    ContactFields,
    Objection,
    case_values,
    child_objections,
    child_values,
    contact_objections,
    contact_values,
    explain,
)


class FirstContact(ContactFields, Form):
    """The first person to be told: all or nothing of them may wait."""

    @property
    def is_given(self) -> bool:
        """Return whether anything was typed of a contact."""
        ticks = ("has_parental_responsibility", "address_is_protected")
        typed = {name: value for name, value in self.data.items() if name not in ticks}
        return any(typed.values()) or bool(self.errors)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether it reads, and whether it is whole where it is given at all."""
        reads = bool(super().validate(extra_validators))
        return (not self.is_given or explain(self, contact_objections(self))) and reads


class RequestForm(ChildFields, CaseFields, FlaskForm):
    """A new request; who asked, when, what kind and the child's name are all it needs."""

    #: The public id that the case will have, so that a form sent twice makes one case.
    key = HiddenField()
    source = ChooseOne("Who asked?", [Given("Choose who asked")], choices=RequestSource.choices())
    kind = ChooseOne(
        "What kind of case is it?",
        [Given("Choose what kind of case it is")],
        choices=[(kind, words) for kind, (words, _) in CASE_KINDS.items()],
        default="request",
    )
    received_on = DayField(
        "Day received",
        [Given("Enter the day it was received")],
        description="The day it reached the authority, whenever it is keyed. "
        "For example, 27/3/2026. Enter T for today",
    )
    officer_id = SelectOne("Case officer", empty="Nobody yet")
    contact = FormField(FirstContact)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fields: dict[str, Field] = dict(sorted(self._fields.items(), key=_place))
        self.officers = {str(user.id): user for user in officers.assignable()}
        self.officer_id.choices = [
            (key, f"{user.name} (takes complex cases)" if user.takes_complex_cases else user.name)
            for key, user in self.officers.items()
        ]
        if self.is_submitted():
            return
        self.key.data = self.key.data or token_urlsafe(16)
        if not kwargs.get("formdata"):
            self.contact.form.has_parental_responsibility.data = True
            if viewer.role == Role.CASE_OFFICER:
                self.officer_id.data = str(viewer.user_id)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every field reads and all of them fit together."""
        reads = bool(super().validate(extra_validators))
        return explain(self, _objections(self)) and reads

    @property
    def kind_recorded(self) -> str:
        """Return the kind of case to open: only a parent, a young person or a setting can request
        an assessment (Children and Families Act 2014, section 36(1)); from anyone else the child
        comes to the authority's attention (section 24(1))."""
        if self.kind.data == "request" and not RequestSource(self.source.data).makes_a_request:
            return "attention"
        return str(self.kind.data)

    def person(self) -> dict[str, Any]:
        """Return what was typed of the child, as columns of Person."""
        return child_values(self)

    def case(self) -> dict[str, Any]:
        """Return what was typed of the case, as columns of Case."""
        return case_values(self) | {
            "public_id": self.key.data,
            "kind": self.kind_recorded,
            "source": self.source.data,
        }

    def first_contact(self) -> dict[str, Any] | None:
        """Return what was typed of a contact, as columns of Contact; None for nobody."""
        form = self.contact.form
        return contact_values(form) if form.is_given else None


#: As casework.models.base.public_id makes them.
_KEY = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
#: The order of the page, which an error summary keeps to.
_PAGE = (
    *("key", "source", "requested_by", "received_on", "received_time", "route", "kind"),
    *CHILD,
    *("setting", "setting_is_new", "graduated_approach", "asks", "youth_accommodation"),
    *("contact", "is_complex", "officer_id"),
)


def _place(item: tuple[str, Field]) -> int:
    name, _ = item
    return _PAGE.index(name) if name in _PAGE else -1


def _objections(form: RequestForm) -> Iterator[Objection]:
    yield from child_objections(form)
    yield from _about_days(form)
    officer = form.officers.get(form.officer_id.data or "")
    if form.is_complex.data and officer and not officer.takes_complex_cases:
        able = [user.name for user in form.officers.values() if user.takes_complex_cases]
        others = f"Choose {' or '.join(able)}" if able else "Choose Nobody yet"
        yield "officer_id", f"{officer.name} does not take complex cases. {others}"
    if not _KEY.fullmatch(form.key.data or ""):
        yield "received_on", "Open this page again from the start: it was not sent whole"


def _about_days(form: RequestForm) -> Iterator[Objection]:
    received, born = form.received_on.data, form.date_of_birth.data
    if not received:
        return
    if born and born > received:
        yield "date_of_birth", "The date of birth must be on or before the day received"
    elif born and age(born, received) > OLDEST:
        yield (
            "date_of_birth",
            f"They would be {age(born, received)} on the day received. "
            f"A plan is for people up to {OLDEST}: check the date of birth",
        )
    if form.received_time.data and not clock.is_fixed() and received == clock.today():
        now = clock.now().astimezone(LONDON)
        if datetime.combine(received, form.received_time.data, LONDON) > now:
            yield "received_time", "Time received must be in the past"
