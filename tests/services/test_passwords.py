"""Which passwords are taken, and how they are kept."""

import time

import pytest
from argon2 import PasswordHasher
from flask import Flask

from casework.services import passwords
from casework.services.errors import Refused

pytestmark = pytest.mark.embedded
ABOUT = ("margaret.example@anyshire.gov.uk", "Margaret Example", "Anyshire Council")


@pytest.fixture(autouse=True)
def _context(app: Flask):
    with app.app_context():
        yield


def refusal(password: str) -> str | None:
    try:
        passwords.check(password, field="password", about=ABOUT)
    except Refused as refused:
        return refused.reasons["password"]
    return None


@pytest.mark.parametrize(
    "password",
    [
        "otter violin teapot glacier",
        "xkqv tbzr mwpl",
        "ŵyneb llwyd ŷd gwyrdd",
        "дождь стучит по медной крыше",
        "🦔🪗 hedgehog concertina",
        "a teapot for the violin and the otter by the glacier " * 2,
        "Qv7!kZ9#pLw2",
    ],
)
def test_a_long_password_of_any_characters_is_taken(password: str) -> None:
    assert refusal(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password12345!",
        "qwertyuiop[]",
        "123456789012",
        "aaaaaaaaaaaa",
        "iloveyou1234",
        "letmeinletmein",
        "football2026",
        "sunshine12345",
        "abcdefghijkl",
    ],
)
def test_a_common_password_is_refused_with_what_to_do(password: str) -> None:
    assert "Choose a" in (refusal(password) or "")


@pytest.mark.parametrize(
    "password",
    [
        "MargaretExample1",
        "anyshirecouncil",
        "Anyshire-Council-26",
        "ehcpcasework2026",
        "margaret.example",
    ],
)
def test_a_password_made_of_ones_name_or_the_councils_is_refused(password: str) -> None:
    assert "name" in (refusal(password) or "")


@pytest.mark.parametrize(("length", "words"), [(11, "12 characters or more"), (129, "128")])
def test_too_short_and_too_long_are_refused(length: int, words: str) -> None:
    assert words in (refusal(("xkqv9tbzr mwplc" * 10)[:length]) or "")


@pytest.mark.parametrize("length", [12, 64, 128])
def test_twelve_to_a_hundred_and_twenty_eight_characters_are_taken(length: int) -> None:
    assert refusal(("xkqv9tbzr mwplc" * 10)[:length]) is None


def test_examining_the_longest_password_is_quick() -> None:
    began = time.perf_counter()
    refusal("".join(chr(33 + (i * 37) % 90) for i in range(128)))
    assert time.perf_counter() - began < 2


def test_the_same_letters_typed_on_another_keyboard_open_the_account() -> None:
    kept = passwords.hash_password("café ŵ otter teapot")
    assert passwords.is_right(kept, "café ŵ otter teapot".encode().decode())
    assert passwords.is_right(kept, "cafe\u0301 w\u0302 otter teapot")
    assert not passwords.is_right(kept, "cafe w otter teapot")


def test_nobodys_password_is_never_right() -> None:
    assert not passwords.is_right(None, "otter violin teapot glacier")
    assert not passwords.is_right("not a hash", "otter violin teapot glacier")


def test_a_password_kept_by_other_parameters_is_outdated() -> None:
    kept = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("otter violin teapot")
    assert passwords.is_outdated(kept)
    assert not passwords.is_outdated(passwords.hash_password("otter violin teapot"))


def test_in_earnest_a_password_is_argon2id_at_no_less_than_owasp_asks() -> None:
    hasher = passwords._hasher(False)
    assert hasher.type.name == "ID"
    assert hasher.memory_cost >= 47104 or (hasher.memory_cost >= 19456 and hasher.time_cost >= 2)
    assert hasher.hash_len >= 16


def test_one_time_passwords_are_drawn_anew_and_pass_their_own_check() -> None:
    drawn = {passwords.one_time_password() for _ in range(200)}
    assert len(drawn) == 200
    assert all(refusal(password) is None for password in drawn)
