"""The register of schools taken in, on both databases. Every school is invented."""

from collections.abc import Iterator
from time import perf_counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.extensions import db
from casework.models import AuditEntry, Setting
from casework.services import settings_register
from casework.services.audit_trail import COMMAND_LINE
from casework.services.settings_register import Outcome, in_words
from tests.fixtures.gias import file_of, school
from tests.fixtures.plans import make_setting


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def load(*rows: dict[str, str], apply: bool = True) -> Outcome:
    return settings_register.load(actor=COMMAND_LINE, content=file_of(*rows), apply=apply)


def held(urn: str = "999101") -> Setting:
    db.session.rollback()
    return db.session.scalars(select(Setting).where(Setting.urn == urn)).one()


def test_a_dry_run_reports_and_changes_nothing() -> None:
    outcome = load(school(), apply=False)
    assert outcome.added == 1
    assert "Settings would be added: 1" in in_words(outcome, applied=False)[0]
    assert db.session.query(Setting).count() == 0


def test_settings_are_added_and_a_second_time_nothing_changes() -> None:
    rows = [school(), school(URN="999102", UKPRN="19999102", EstablishmentStatus="Closed")]
    first = load(*rows)
    assert (first.added, first.not_taken) == (1, 1)
    made = held()
    assert made.address_lines == [
        *("Invented Primary School", "1 Nowhere Lane", "Felpersham", "ZZ1 1ZZ")
    ]
    assert (made.kind, made.la_name, made.needs_review) == ("primary", "Borsetshire", False)
    entries = db.session.query(AuditEntry).count()
    again = load(*rows)
    assert (again.added, again.changed, again.unchanged, again.not_taken) == (0, 0, 1, 1)
    assert db.session.query(AuditEntry).count() == entries


def test_what_the_register_renames_is_renamed_and_what_it_closes_is_closed() -> None:
    load(school())
    outcome = load(school(EstablishmentName="Invented Academy", EstablishmentStatus="Closed"))
    assert outcome.renamed == ["URN 999101: Invented Primary School is now Invented Academy"]
    assert outcome.closed == ["URN 999101: Invented Academy"]
    found = held()
    assert (found.name, found.name_key, found.is_open) == (
        *("Invented Academy", "invented academy", False),
    )
    assert found.version == 2


def test_what_a_person_reviewed_is_kept_and_the_difference_is_shown_every_time() -> None:
    make_setting("Our Own Name", urn="999101", kind="special")
    for _ in range(2):
        outcome = load(school())
        assert outcome.kept == [
            "URN 999101: name “Our Own Name” is kept, and the register has “Invented Primary "
            "School”",
            "URN 999101: kind “special” is kept, and the register has “primary”",
        ]
    found = held()
    assert (found.name, found.kind, found.postcode) == ("Our Own Name", "special", "ZZ1 1ZZ")


def test_what_waits_for_review_takes_what_the_register_says() -> None:
    make_setting("Inventd Prim", urn="999101", needs_review=True)
    assert load(school()).kept == []
    found = held()
    assert (found.name, found.needs_review) == ("Invented Primary School", False)


def test_nothing_is_deleted_and_a_namesake_without_a_urn_is_pointed_out() -> None:
    make_setting("Invented Primary School", needs_review=True)
    make_setting("Elsewhere", urn="999199")
    outcome = load(school())
    assert outcome.doubles == ["Invented Primary School: perhaps URN 999101"]
    assert db.session.query(Setting).count() == 3


def test_a_ukprn_that_another_has_is_left_out_and_named() -> None:
    make_setting("Elsewhere", urn="999199", ukprn="19999101")
    outcome = load(school(), school(URN="999102", UKPRN="19999102"))
    assert [str(one) for one in outcome.left_out] == [
        "Line 2, UKPRN, “19999101”: URN 999199 has this UKPRN"
    ]
    assert (held().ukprn, held("999102").ukprn) == (None, "19999102")


def test_the_whole_country_goes_in_in_seconds() -> None:
    rows: list[dict[str, Any]] = [
        school(URN=str(100000 + n), UKPRN=str(10000000 + n), EstablishmentName=f"Invented {n}")
        for n in range(25_000)
    ]
    content = file_of(*rows)
    began = perf_counter()
    outcome = settings_register.load(actor=COMMAND_LINE, content=content, apply=True)
    assert outcome.added == 25_000
    assert perf_counter() - began < 20, "it takes about three"
