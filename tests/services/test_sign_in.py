"""The brake on guessing: it stops a guesser, and nobody can use it to stop the staff."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import AuditEntry, SignInAttempt, User
from casework.services import accounts, passwords, sessions, sign_in
from casework.services.audit_trail import COMMAND_LINE
from casework.services.sign_in import TooManyAttempts, WrongDetails
from tests.fixtures.people import PASSWORD, Later, add_person

EMAIL = "case-officer@example.org"
OFFICE, HOME, ABROAD = "192.0.2.1", "192.0.2.77", "203.0.113.9"


@pytest.fixture(autouse=True)
def _an_officer(app: Flask) -> Iterator[None]:
    with app.app_context():
        add_person()
        yield


def attempt(address: str, password: str = "wrong", email: str = EMAIL) -> str:
    try:
        sign_in.sign_in(email=email, password=password, address=address)
    except WrongDetails:
        return "wrong"
    except TooManyAttempts:
        return "braked"
    return "in"


def test_a_thousand_addresses_get_ten_guesses_between_them() -> None:
    answers = [attempt(f"203.0.113.{n}") for n in range(12)]
    assert answers == ["wrong"] * 10 + ["braked"] * 2
    assert attempt(ABROAD, PASSWORD) == "braked"


def test_the_lock_opens_by_itself_after_a_quarter_of_an_hour(later: Later) -> None:
    for _ in range(10):
        attempt(ABROAD)
    later(minutes=14)
    assert attempt(ABROAD, PASSWORD) == "braked"
    later(minutes=2)
    assert attempt(ABROAD, PASSWORD) == "in"


def test_guessing_at_a_locked_account_does_not_lock_it_for_longer(later: Later) -> None:
    for _ in range(10):
        attempt(ABROAD)
    for _ in range(14):
        later(minutes=1)
        attempt(ABROAD)
    later(minutes=2)
    assert attempt(ABROAD, PASSWORD) == "in"


def test_a_guesser_elsewhere_cannot_lock_a_person_out_of_their_usual_place() -> None:
    assert attempt(OFFICE, PASSWORD) == "in"
    for _ in range(11):
        attempt(ABROAD)
    assert attempt(HOME, PASSWORD) == "braked"
    assert attempt(OFFICE, PASSWORD) == "in"


def test_in_their_usual_place_a_guesser_is_braked_all_the_same() -> None:
    assert attempt(OFFICE, PASSWORD) == "in"
    assert [attempt(OFFICE) for _ in range(11)] == ["wrong"] * 10 + ["braked"]
    assert attempt(OFFICE, PASSWORD) == "braked"


def test_a_place_not_used_for_a_month_is_known_no_more(later: Later) -> None:
    assert attempt(OFFICE, PASSWORD) == "in"
    later(days=31)
    for _ in range(11):
        attempt(ABROAD)
    assert attempt(OFFICE, PASSWORD) == "braked"


def test_one_address_is_braked_after_a_hundred_failures_but_not_for_those_known_there() -> None:
    assert attempt(OFFICE, PASSWORD) == "in"
    for n in range(100):
        assert attempt(OFFICE, email=f"guess{n}@example.org") == "wrong"
    add_person("manager")
    assert attempt(OFFICE, PASSWORD, "manager@example.org") == "braked"
    assert attempt(HOME, PASSWORD, "manager@example.org") == "in"
    assert attempt(OFFICE, PASSWORD) == "in"


def test_many_guesses_at_once_do_not_pass_the_brake_together(app: Flask) -> None:
    def guess(_: int) -> str:
        with app.app_context():
            return attempt(ABROAD)

    db.session.rollback()  # or this thread would hold SQLite's only place to write
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(24)))
    assert answers.count("wrong") <= 10
    assert answers.count("wrong") + answers.count("braked") == 24


def test_locking_leaves_one_entry_and_no_guessed_password() -> None:
    for _ in range(15):
        attempt(ABROAD, "a guessed password")
    actions = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions.count("locked account") == 1
    assert actions.count("failed to sign in") == 10


def test_a_new_one_time_password_lifts_the_lock() -> None:
    for _ in range(10):
        attempt(ABROAD)
    assert sign_in.is_locked(EMAIL)
    public_id = db.session.query(User.public_id).filter_by(email=EMAIL).scalar()
    drawn = accounts.draw_password(actor=COMMAND_LINE, public_id=public_id)
    assert not sign_in.is_locked(EMAIL)
    assert attempt(ABROAD, drawn) == "in"


def test_failures_are_forgotten_after_a_day(later: Later) -> None:
    attempt(ABROAD, email="nobody@example.org")
    later(hours=25)
    attempt(HOME, PASSWORD)
    assert db.session.query(SignInAttempt).count() == 0


def test_a_hash_of_old_parameters_is_made_anew_at_the_next_sign_in() -> None:
    user = db.session.query(User).filter_by(email=EMAIL).one()
    old = passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    user.password_hash = old.hash(PASSWORD)
    db.session.commit()
    assert attempt(HOME, PASSWORD) == "in"
    assert not passwords.is_outdated(user.password_hash)
    assert attempt(HOME, PASSWORD) == "in"


def test_a_person_with_no_password_cannot_sign_in_with_an_empty_one() -> None:
    db.session.query(User).filter_by(email=EMAIL).one().password_hash = None
    db.session.commit()
    assert attempt(HOME, "") == "wrong"


def test_a_token_that_was_never_given_opens_nothing() -> None:
    assert sessions.find("no such token") is None
    assert sessions.find("") is None


def test_two_sessions_have_two_tokens_of_256_bits() -> None:
    tokens = {sign_in.sign_in(email=EMAIL, password=PASSWORD, address=HOME) for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) == 43 for token in tokens)
