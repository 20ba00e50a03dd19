"""The fields of a child, of a contact and of what a case is about, shared by the forms with them.

A field has the name of the column that it fills.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from casework import identifiers
from casework.codes import Ethnicity, RequestRoute, SenType, Sex, UpnUnknown
from casework.web.fields import (
    ChooseOne,
    DayField,
    Given,
    LongTextField,
    SelectOne,
    TextField,
    Tick,
    TimeField,
    Typed,
    YesNo,
    code_choices,
)
from casework.web.schools.fields import SettingField

#: A name given in one box is still a name: the other may stay empty.
UNKNOWN = "Not known yet"
#: A plan may run to the end of the academic year in which a young person turns 25
#: (Children and Families Act 2014, section 46).
OLDEST = 25

#: What is wrong: the field's name and the words to put beside it.
Objection = tuple[str, str]


class ChildFields:
    """A child or young person; only a surname is asked for at once."""

    forenames = TextField("First names", description="As the family gives them")
    surname = TextField("Last name", [Given("Enter the child’s last name")])
    known_as = TextField("Known as (if different)")
    date_of_birth = DayField(
        "Date of birth", description="For example, 31/8/2018", offers_today=False
    )
    sex = SelectOne("Sex", choices=Sex.choices(), empty=UNKNOWN)
    postcode = Typed("Postcode", read=identifiers.postcode, width="10")
    upn = Typed("UPN", read=identifiers.upn, width="20")
    uln = Typed("ULN", read=identifiers.uln, width="20")
    nhs_number = Typed("NHS number", read=identifiers.nhs_number, width="20")
    upn_unknown = SelectOne(
        "Why there is no UPN or ULN", choices=code_choices(UpnUnknown), empty="Not answered"
    )
    primary_need = SelectOne("Primary need", choices=code_choices(SenType), empty=UNKNOWN)
    secondary_need = SelectOne("Secondary need", choices=code_choices(SenType), empty="None")
    has_hearing_impairment = Tick("Has a hearing impairment")
    has_vision_impairment = Tick("Has a vision impairment")
    ethnicity = SelectOne("Ethnicity", choices=code_choices(Ethnicity), empty=UNKNOWN)
    first_language = TextField("First language", longest=100)
    looked_after = YesNo("Is the child looked after by a local authority?")
    looked_after_by = TextField("Which authority looks after them?")


#: Columns of Person, in the order in which they are asked.
CHILD = tuple(name for name in vars(ChildFields) if not name.startswith("_"))


def child_values(form: Any) -> dict[str, Any]:
    """Return what was typed of a child, as columns of Person."""
    typed = {name: form[name].data for name in CHILD if name in form}
    typed |= {"looked_after": form.looked_after.answer}
    typed["forenames"] = typed["forenames"] or ""
    return typed


def child_objections(form: Any) -> Iterator[Objection]:
    """Yield what does not fit together in what was typed of a child."""
    if form.upn_unknown.data and (form.upn.data or form.uln.data):
        yield "upn_unknown", "Take out this reason, or take out the UPN and ULN"
    if form.secondary_need.data and not form.primary_need.data:
        yield "primary_need", "Choose the primary need, since there is a secondary one"
    elif form.secondary_need.data and form.secondary_need.data == form.primary_need.data:
        yield "secondary_need", "Choose a secondary need that is not the primary one, or none"
    if form.looked_after_by.data and not form.looked_after.answer:
        yield "looked_after", "Choose Yes, since you have said which authority looks after them"


class ContactFields:
    """Someone with parental responsibility, or another adult to be told."""

    name = TextField("Full name")
    relationship_to_child = TextField(
        "Relationship to the child", longest=100, description="For example, mother"
    )
    has_parental_responsibility = Tick("Has parental responsibility")
    phone = Typed("Telephone", read=identifiers.phone, width="20")
    email = Typed("Email address", read=identifiers.email)
    address = LongTextField("Address", longest=1000)
    address_is_protected = Tick("Address and numbers are protected: nobody else may find them out")
    prefers = ChooseOne(
        "How they want to be contacted",
        choices=[("phone", "Phone"), ("text", "Text"), ("email", "Email"), ("post", "Post")],
    )
    contact_notes = LongTextField(
        "Notes on contacting them",
        longest=1000,
        description="For example, an interpreter is needed. Never put an address here",
    )


#: Columns of Contact, in the order in which they are asked.
CONTACT = tuple(name for name in vars(ContactFields) if not name.startswith("_"))
#: What a protected contact keeps from those who may not see it.
PROTECTED = ("phone", "email", "address")
_NEEDED_FOR = {
    "phone": ("phone", "Enter a telephone number, or choose another way to be contacted"),
    "text": ("phone", "Enter a telephone number, or choose another way to be contacted"),
    "email": ("email", "Enter an email address, or choose another way to be contacted"),
    "post": ("address", "Enter an address, or choose another way to be contacted"),
}


def contact_values(form: Any) -> dict[str, Any]:
    """Return what was typed of a contact, as columns of Contact."""
    return {name: form[name].data for name in CONTACT if name in form}


def contact_objections(form: Any) -> Iterator[Objection]:
    """Yield what is wanting or does not fit together in what was typed of a contact."""
    if not form["name"].data and not form["name"].errors:
        yield "name", "Enter the contact’s full name"
    if not form.relationship_to_child.data and not form.relationship_to_child.errors:
        yield "relationship_to_child", "Enter how they are related to the child"
    if form.prefers.data and not form.prefers.errors:
        needed, words = _NEEDED_FOR[form.prefers.data]
        if needed in form and not form[needed].data and not form[needed].errors:
            yield needed, words


class CaseFields:
    """What a case is about, and how the request came."""

    requested_by = TextField(
        "Name and role of who asked", description="For example, Amal Nasser, mother"
    )
    received_time = TimeField("Time received (optional)")
    route = SelectOne("How it came", choices=RequestRoute.choices(), empty=UNKNOWN)
    setting = SettingField("School or other setting", new="setting_is_new")
    setting_is_new = Tick("Add this setting if it is not in the list")
    graduated_approach = YesNo(
        "Does the request show the graduated approach?",
        description="For a school’s request: what it has tried, for how long, what came of it",
    )
    asks = LongTextField("What it asks for", longest=4000)
    youth_accommodation = Tick("The child is in relevant youth accommodation")
    is_complex = Tick("Complex case")


#: Columns of Case that stand in a form as they are.
CASE = ("requested_by", "received_time", "route", "asks", "youth_accommodation", "is_complex")


def case_values(form: Any) -> dict[str, Any]:
    """Return what was typed of a case, as columns of Case; a new setting has no id yet."""
    typed: dict[str, Any] = {name: form[name].data for name in CASE}
    typed["graduated_approach"] = form.graduated_approach.answer
    typed["setting_id"] = form.setting.setting_id
    return typed


def explain(form: Any, objections: Iterator[Objection]) -> bool:
    """Put each objection beside its field; return whether there was none."""
    fits = True
    for name, words in objections:
        form[name].errors = [*form[name].errors, words]
        fits = False
    return fits


def held(record: Any, columns: tuple[str, ...]) -> Mapping[str, Any]:
    """Return a record's columns as a form's `data` takes them."""
    return {name: getattr(record, name) for name in columns}
