"""The numbers and addresses by which people and settings are told apart and reached, checked.

Each function takes what a person typed and returns the one form in which we keep it, or raises
`NotValid` with words that say what to do. Spaces, hyphens and letter case never matter.
"""

import re
from typing import Final
from unicodedata import normalize

from stdnum.exceptions import ValidationError
from stdnum.gb import nhs as nhs_numbers
from stdnum.gb import upn as upn_numbers

#: The check letters leave out I, O and S, which are misread as digits.
_UPN: Final = re.compile(r"[A-HJ-NP-RT-Z]\d{11}[A-HJ-NP-RT-Z\d]", re.ASCII)
_POSTCODE: Final = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?|GIR)(\d[ABD-HJLNP-UW-Z]{2})", re.ASCII)
_SEPARATORS: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\-\u2010-\u2015\u2212.]+")
_EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(?:\.[^@\s,;<>.]+)+")
_PHONE: Final = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]+(?:(?:ext\.?|x)\s*\d+)?", re.IGNORECASE)
_ULN_WEIGHTS: Final = range(10, 1, -1)


class NotValid(ValueError):
    """What was typed is not the thing asked for; `str(error)` says what to do about it."""


def _compact(text: str) -> str:
    """Return `text` in capitals, full-width characters made plain, without separators."""
    return _SEPARATORS.sub("", normalize("NFKC", text)).upper()


def _digits(text: str, length: int, message: str) -> str:
    number = _compact(text)
    if not re.fullmatch(rf"\d{{{length}}}", number, re.ASCII):
        raise NotValid(message)
    return number


def upn(text: str) -> str:
    """Return a unique pupil number as 13 characters, its check letter proved.

    A temporary number ends in a letter and is a UPN too (see `is_temporary`). The authority's
    number inside is not held to a list: authorities come and go and a child keeps the number.
    Source: DfE, Unique pupil numbers guide. Raises NotValid.
    """
    number = _compact(text)
    if not _UPN.fullmatch(number):
        raise NotValid(
            "Enter a UPN as 1 letter and 12 numbers, like B801200005001. "
            "A temporary UPN ends in a letter"
        )
    if upn_numbers.calc_check_digit(number[1:]) != number[0]:
        raise NotValid(
            "Check the UPN: its first letter does not fit the numbers after it, "
            "so a character is wrong"
        )
    return number


def is_temporary(number: str) -> bool:
    """Return whether a UPN that `upn` returned is a temporary one: it ends in a letter."""
    return number[-1].isalpha()


def nhs_number(text: str) -> str:
    """Return an NHS number as 10 digits, its check digit proved.

    Source: NHS Data Dictionary, NHS NUMBER (modulus 11). Raises NotValid.
    """
    number = _digits(
        text, 10, "Enter an NHS number as 10 numbers, like 943 476 5919. Keep a zero at the start"
    )
    try:
        nhs_numbers.validate(number)
    except ValidationError as error:
        raise NotValid(_nhs_message()) from error
    if len(set(number)) == 1:  # 000 000 0000 passes the arithmetic and belongs to nobody
        raise NotValid(_nhs_message())
    return number


def _nhs_message() -> str:
    return "Check the NHS number: its last number does not fit the 9 before it, so one is wrong"


def spaced_nhs_number(number: str) -> str:
    """Return an NHS number as people read it, in groups of 3, 3 and 4: "943 476 5919"."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def uln(text: str) -> str:
    """Return a unique learner number as 10 digits, its check digit proved.

    The first nine digits, weighted 10 down to 2, are summed; the remainder on division by 11
    and the last digit make 10. A remainder of nothing is never issued.
    Source: Learning Records Service, ULN validation. Raises NotValid.
    """
    number = _digits(text, 10, "Enter a ULN as 10 numbers, like 1000000094")
    remainder = (
        sum(weight * int(digit) for weight, digit in zip(_ULN_WEIGHTS, number, strict=False)) % 11
    )
    if number[0] == "0" or 10 - remainder != int(number[9]):
        raise NotValid("Check the ULN: its numbers do not fit together, so one is wrong")
    return number


def urn(text: str) -> str:
    """Return a setting's unique reference number as 6 digits. Raises NotValid."""
    return _digits(text, 6, "Enter a URN as 6 numbers, like 109890")


def ukprn(text: str) -> str:
    """Return a UK provider reference number as 8 digits beginning with 1. Raises NotValid."""
    message = "Enter a UKPRN as 8 numbers beginning with 1, like 10012345"
    number = _digits(text, 8, message)
    if number[0] != "1":
        raise NotValid(message)
    return number


def postcode(text: str) -> str:
    """Return a UK postcode in capitals with one space, like "SL6 1RF". Raises NotValid."""
    matched = _POSTCODE.fullmatch(_compact(text))
    if not matched:
        raise NotValid(
            "Enter a full UK postcode, like SL6 1RF. "
            "Leave it empty if there is no fixed address or it is abroad"
        )
    return f"{matched[1]} {matched[2]}"


def email(text: str) -> str:
    """Return an e-mail address as typed, in the one shape that tells it from a slip.

    Nothing but a message that arrives proves an address; marks and other alphabets are passed.
    Raises NotValid.
    """
    if not _EMAIL.fullmatch(text):
        raise NotValid("Enter an email address in the correct format, like name@example.com")
    return text


def phone(text: str) -> str:
    """Return a telephone number as typed, if it is one: figures, and the marks between them.

    Raises NotValid.
    """
    plain = normalize("NFKC", text)
    if not _PHONE.fullmatch(plain) or len(re.sub(r"\D", "", plain)) < 6:
        raise NotValid(
            "Enter a telephone number, like 01632 960 001. Put words about it in the notes"
        )
    return plain
