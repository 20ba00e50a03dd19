"""Invented children and the people who answer for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stdnum.gb import upn

from casework.demonstration import weights
from casework.demonstration.draw import Draw
from casework.demonstration.words import words

#: The authority's number in a UPN: 999 is nobody's.
LA_NUMBER = "999"
_WEIGHTS = range(10, 1, -1)


@dataclass(frozen=True, slots=True)
class Child:
    """Columns of Person, and of a Contact for each person to be told."""

    person: dict[str, Any]
    contacts: list[dict[str, Any]] = field(default_factory=list)


def invent(draw: Draw, serial: int, *, age: int, on: date, **known: Any) -> Child:
    """Return a child of this age in years on a day. `serial` makes their numbers their own.

    `known` are columns of Person that are not drawn.
    """
    sex = known.get("sex") or draw.weighted(weights.SEX)
    ethnicity = draw.weighted(weights.ETHNICITY)
    origin = words()["origins"][draw.choice(words()["origins_by_ethnicity"][ethnicity])]
    person = {
        "surname": draw.choice(origin["s"]),
        "forenames": _forenames(draw, origin["f" if sex == "F" else "m"]),
        "known_as": None,
        "date_of_birth": _birthday(draw, age, on),
        "sex": sex,
        "ethnicity": ethnicity,
        "postcode": _postcode(draw),
        "first_language": origin["lang"],
        "primary_need": draw.weighted(weights.NEED),
        "secondary_need": draw.weighted(weights.NEED) if draw.happens(0.4) else None,
        **_numbers(draw, serial, age),
        **_looked_after(draw),
    }
    person["has_hearing_impairment"] = person["primary_need"] in ("HI", "MSI")
    person["has_vision_impairment"] = person["primary_need"] in ("VI", "MSI")
    person |= known
    return Child(person, _contacts(draw, person, serial, origin))


def sibling(draw: Draw, serial: int, child: Child, **known: Any) -> Child:
    """Return a twin of the child: the same birthday, home and family."""
    numbers = _numbers(draw, serial, 6)
    person = {**child.person, **numbers, **known}
    return Child(person, [dict(contact) for contact in child.contacts])


def _forenames(draw: Draw, names: list[str]) -> str:
    first = draw.choice(names)
    middle = draw.choice(names)
    return f"{first} {middle}" if middle != first and draw.happens(0.25) else first


def _birthday(draw: Draw, age: int, on: date) -> date:
    """A day that makes the child this old on `on`."""
    latest = on.replace(year=on.year - age, day=min(on.day, 28))
    return latest - draw.between(0, 364)


def _postcode(draw: Draw) -> str:
    """ZZ is no postcode area."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return (
        f"ZZ{draw.randint(1, 9)} {draw.randint(1, 9)}{draw.choice(letters)}{draw.choice(letters)}"
    )


def _numbers(draw: Draw, serial: int, age: int) -> dict[str, Any]:
    """NHS numbers from 999 000 0000 are never issued; neither are UPNs of authority 999."""
    unknown = "UN1" if age < 4 else "UN8" if draw.happens(0.03) else None
    return {
        "upn": None if unknown else _upn(serial),
        "upn_unknown": unknown,
        "upn_verified": True,
        "nhs_number": _nhs_number(serial) if draw.happens(0.85) else None,
        "uln": _uln(serial) if age >= 14 else None,
    }


def _upn(serial: int) -> str:
    number = f"{LA_NUMBER}{serial:09d}"
    return upn.calc_check_digit(number) + number


def _nhs_number(serial: int) -> str | None:
    """Return a number with its check digit, or None for the eleventh part that can have none."""
    check = (11 - _remainder(serial)) % 11
    return f"999{serial:06d}{check}" if check < 10 else None


def _uln(serial: int) -> str | None:
    """Return a number with its check digit, or None where the remainder is one never issued."""
    remainder = _remainder(serial)
    return f"999{serial:06d}{10 - remainder}" if remainder else None


def _remainder(serial: int) -> int:
    weighed = zip(_WEIGHTS, f"999{serial:06d}", strict=True)
    return sum(weight * int(digit) for weight, digit in weighed) % 11


def _looked_after(draw: Draw) -> dict[str, Any]:
    if not draw.happens(0.06):
        return {"looked_after": False, "looked_after_by": None}
    return {
        "looked_after": True,
        "looked_after_by": draw.choice(["Anyshire Council", "Othershire"]),
    }


def _contacts(
    draw: Draw, person: Mapping[str, Any], serial: int, origin: Mapping[str, Any]
) -> list[dict[str, Any]]:
    address = f"{draw.randint(1, 180)} {draw.choice(words()['streets'])}\n"
    address += f"{draw.choice(words()['places'])}\n{person['postcode']}"
    mother = _contact(draw, draw.choice(origin["f"]), person["surname"], "Mother", serial, address)
    found = [mother]
    if draw.happens(0.45):
        father = draw.choice(origin["m"])
        found.append(_contact(draw, father, person["surname"], "Father", serial, address))
    if person["looked_after"]:
        worker = _contact(draw, "Robin", "Caseley", "Social worker", serial, "County Hall, Anyton")
        found.append(worker | {"has_parental_responsibility": False})
    return found


def _contact(
    draw: Draw, forename: str, surname: str, relation: str, serial: int, address: str
) -> dict[str, Any]:
    """Telephone numbers from 07700 900000 are kept for drama (Ofcom)."""
    return {
        "name": f"{forename} {surname}",
        "relationship_to_child": relation,
        "has_parental_responsibility": True,
        "email": f"family.{serial}@example.com" if draw.happens(0.8) else None,
        "phone": f"07700 900{draw.randint(0, 999):03d}",
        "address": address,
        "address_is_protected": draw.happens(0.03),
        "prefers": draw.choice(["email", "phone", "post", "text", None]),
        "contact_notes": "Interpreter needed" if draw.happens(0.05) else None,
        "ended_on": None,
    }
