"""The invented authority shows everything there is to see, and nobody who is real."""

import stat
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import aliased

from casework import identifiers, readiness
from casework.access import EVERY_CASE, ROLES
from casework.codes import Accepted, Ethnicity, PlaceKind, RequestSource, SenType, SettingType
from casework.demonstration import load
from casework.demonstration.load import NotHere
from casework.demonstration.sign_ins import FILE, kept
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import (
    AuditEntry,
    Case,
    CaseEvent,
    CaseEventException,
    Consultation,
    ConsultationReply,
    Contact,
    Deadline,
    ExceptionStep,
    OfficerAssignment,
    PanelMember,
    Person,
    PlacementRequest,
    Representation,
    RepresentationAnswer,
    Setting,
    SettingClosure,
    Team,
    User,
)
from casework.queries import approvals, caseload, history, informing_items
from casework.queries.cases import view
from casework.queries.indicators import figures
from casework.rules.book import duty
from casework.rules.civil_dates import london_date
from casework.rules.clocks import CONSULTED, SEND_FINAL
from casework.rules.comments import MEETINGS
from casework.rules.consultations import REASONS, REPLIES, State, Story, of_each, story
from casework.rules.deadlines import Due, Standing, standing
from casework.rules.events import CASE_KINDS, DOUBTS, EVENTS, OUTCOMES
from casework.rules.exception_course import State as CourseState
from casework.rules.figures import Rate
from casework.rules.history import standing_events
from casework.rules.indicators import Period
from casework.rules.lateness import CANNOT_IN_TIME, CAUSES
from casework.rules.stages import Stage
from casework.services import audit_trail, deadlines, passwords
from casework.services.people import setting_named
from tests.factories import TODAY, make_user
from tests.fixtures.demonstration import CASES

#: Kinds of event whose outcome is the key of a cause of lateness.
WITH_A_CAUSE = ("advice_expected", "advice_late_because")


def column(attribute: object) -> set[object]:
    return set(db.session.scalars(select(attribute)))  # type: ignore[call-overload]


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.usefixtures("loaded")
def test_every_stage_kind_and_way_of_standing_is_there_to_see() -> None:
    assert column(Case.stage) == {stage.value for stage in Stage}
    assert column(Case.kind) == set(CASE_KINDS)
    assert standings_of_limits() == set(Standing)
    when = caseload.day(TODAY, england_and_wales(), 10)
    counted = caseload.tallies(EVERY_CASE, caseload.Filters(), when).by_standing
    assert all(counted[way] for way in caseload.FILTERED), counted


def standings_of_limits() -> set[Standing]:
    """Return the ways in which the stored limits stand, those that nobody owes left out."""
    found = set()
    for row in db.session.scalars(select(Deadline).where(Deadline.closed_on.is_(None))):
        stand = standing(
            duty(row.duty),
            Due(
                on=row.due_on,
                act_by=row.act_by,
                earliest=row.earliest_on,
                limit=None,
                warn_on=None,
                started_on=row.started_on,
                because="",
            ),
            ended_on=row.met_on,
            lifted=row.lifted_by is not None,
            today=TODAY,
            calendar=england_and_wales(),
        )
        found.add(stand.standing)
    return found


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_every_kind_of_event_and_doubt_and_ground_is_there_to_see() -> None:
    # A holding letter is issued with its document, one at a time.
    assert column(CaseEvent.kind) >= set(EVENTS) - {"holding_letter_sent"}
    assert outcomes_of("advice_received") == set(OUTCOMES)
    assert outcomes_of("advice_late_because") == set(CAUSES)
    assert {None} < outcomes_of("advice_expected") | {None} <= {None, *CANNOT_IN_TIME}
    assert outcomes_of("consultation_replied") == set(REPLIES)
    assert outcomes_of("meeting_held") == set(MEETINGS)
    with_an_answer = ("advice_received", "consultation_replied", "meeting_held", *WITH_A_CAUSE)
    of_others = CaseEvent.kind.not_in(with_an_answer)
    assert set(db.session.scalars(select(CaseEvent.outcome).where(of_others))) == {None}
    # A return that nobody waits for, or of a child whose day of birth is not held, is too rare.
    of_returns = {"after_withdrawal", "after_the_end", "born_not_recorded", "nhs_not_recorded"}
    assert column(CaseEvent.doubt) == {None, *DOUBTS} - of_returns
    assert column(CaseEventException.ground) >= {None, "X1", "X2", "X3", "X4", "X5"}
    assert column(CaseEventException.regulation) == {"5(4)", "8(2)", "10(4)", "13(3)"}
    assert column(CaseEventException.evidence) > {None}
    corrections = select(CaseEvent.kind).where(CaseEvent.corrects_id.is_not(None))
    assert len(set(db.session.scalars(corrections))) > 1, "struck out, and corrected"
    assert db.session.scalar(select(CaseEvent.id).where(CaseEvent.oddity.is_not(None)))
    assert count(OfficerAssignment) > count(Case), "some cases changed hands"


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_exceptions_are_there_to_see_at_every_step_and_by_two_people() -> None:
    proposal, by = aliased(CaseEvent), aliased(User)
    pairs = db.session.execute(
        select(proposal.entered_by_id, CaseEvent.entered_by_id, by.role, CaseEvent.kind)
        .join(ExceptionStep, ExceptionStep.event_id == CaseEvent.id)
        .join(proposal, proposal.id == ExceptionStep.proposal_id)
        .outerjoin(by, by.id == CaseEvent.entered_by_id)
    ).all()
    decided = [row for row in pairs if row[3] in ("exception_recorded", "exception_refused")]
    assert decided
    assert {role for _, _, role, _ in decided} == {"manager"}
    assert [row for row in decided if row[0] == row[1]] == []
    found = approvals.approvals(EVERY_CASE)
    assert found.waiting
    assert found.to_be_told
    share, _ = approvals.share(TODAY)
    assert 0 < share.numerator < share.denominator
    cases = db.session.scalars(
        select(Case.public_id)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(CaseEvent.kind.startswith("exception_"))
    )
    assert {state for one in set(cases) for state in states(one)} == set(CourseState)


def states(public_id: str) -> set[CourseState]:
    found = view(EVERY_CASE, public_id, today=TODAY, soon_within=10)
    return {course.state for course in found.exception_courses} if found else set()


def outcomes_of(kind: str) -> set[object]:
    return set(db.session.scalars(select(CaseEvent.outcome).where(CaseEvent.kind == kind)))


@pytest.mark.usefixtures("loaded")
def test_consultations_in_every_standing_and_with_every_answer_are_there_to_see() -> None:
    entered = history.entered_events(db.session.scalars(select(Case.id)).all())
    told = {n: story(of) for e in entered.values() for n, of in of_each(standing_events(e)).items()}
    ids = db.session.scalars(select(Consultation.id)).all()
    assert {told.get(number, Story()).state for number in ids} == set(State)
    owed = Deadline.duty == CONSULTED, Deadline.met_on.is_(None), Deadline.closed_on.is_(None)
    due = db.session.scalars(select(Deadline.due_on).where(*owed)).all()
    assert min(due) < TODAY <= max(due), "some are late, and some are not due yet"
    assert column(ConsultationReply.reason) == {None, *REASONS}
    assert column(PlacementRequest.is_listed) == {True, False}
    assert column(Consultation.is_family_request) == {True, False}
    assert column(Consultation.place_kind) == {None, PlaceKind.UNIT, PlaceKind.RESOURCED}


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_the_flags_of_children_and_cases_are_there_to_see() -> None:
    for shown in (
        Case.is_complex,
        Case.youth_accommodation,
        Case.officer_id.is_(None),
        Case.tracker_reference.is_not(None),
        Person.looked_after,
        Person.has_hearing_impairment,
        Person.has_vision_impairment,
        Person.upn.is_(None),
        Contact.address_is_protected,
    ):
        assert db.session.scalar(select(func.count()).where(shown)), shown
    assert column(Person.ethnicity) <= {code.value for code in Ethnicity}
    assert column(Person.primary_need) <= {code.value for code in SenType}
    assert column(Case.source) == {code.value for code in RequestSource}
    assert column(Setting.kind) <= {code.value for code in SettingType}
    assert count(Setting) >= 20
    summers = select(func.count()).where(SettingClosure.reason == "Summer")
    assert (db.session.scalar(summers) or 0) > 3 * 15


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_each_team_has_one_manager_and_no_two_people_have_one_address() -> None:
    managers = select(User.team_id).where(User.role == "manager").order_by(User.team_id)
    teams = select(Team.id).order_by(Team.id)
    assert db.session.scalars(managers).all() == db.session.scalars(teams).all()
    addresses = [str(email).casefold() for email in db.session.scalars(select(User.email))]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_names_are_of_many_origins_and_shapes() -> None:
    surnames = {str(name) for name in column(Person.surname)}
    everything = "".join(surnames)
    assert {"'", "’", "-", " "} <= set(everything)
    assert any("\u0590" <= letter <= "\u06ff" for letter in everything), "right to left"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in everything), "ideographs"
    assert max(map(len, surnames)) > 30
    assert "" in column(Person.forenames), "a single name"
    twins = select(Person.surname).group_by(Person.surname, Person.date_of_birth)
    assert "O’Brien" in set(db.session.scalars(twins.having(func.count() == 2)))
    twice = select(Case.person_id).group_by(Case.person_id).having(func.count() > 1)
    assert db.session.scalars(twice).all(), "a child with two cases"


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_it_is_three_years_deep_and_nothing_is_later_than_today() -> None:
    recent = select(Case.started_on).where(Case.kind != "transfer").order_by(Case.started_on)
    days = db.session.scalars(recent).all()
    assert TODAY - timedelta(days=366 * 3) <= days[0] <= TODAY - timedelta(days=365 * 2 + 300)
    assert days[-1] <= TODAY
    happened = db.session.execute(select(CaseEvent.happened_on, CaseEvent.entered_at)).all()
    assert all(on <= london_date(at) <= TODAY for on, at in happened)
    first = aliased(CaseEvent)
    slips = select(first.entered_at, CaseEvent.entered_at).join(
        first, first.id == CaseEvent.corrects_id
    )
    assert all(entered < put_right for entered, put_right in db.session.execute(slips))
    born = select(Person.date_of_birth, Case.started_on).join(Case, Case.person_id == Person.id)
    assert all(birth < start for birth, start in db.session.execute(born))


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_about_half_of_the_plans_are_late() -> None:
    sent = select(Deadline).where(Deadline.duty.in_(SEND_FINAL), Deadline.met_on.is_not(None))
    plans = db.session.scalars(sent).all()
    late = sum(plan.met_on > plan.due_on for plan in plans if plan.met_on)
    assert len(plans) > 150
    assert 0.4 < late / len(plans) < 0.6


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_nobody_in_it_is_real() -> None:
    assert column(User.is_demonstration) == {True}
    assert all(str(email).endswith("@example.org") for email in column(User.email))
    assert all(str(email).endswith("@example.com") for email in column(Contact.email) - {None})
    assert all(str(phone).startswith("07700 900") for phone in column(Contact.phone))
    assert all(str(code).startswith("ZZ") for code in column(Person.postcode))
    assert all(str(number)[1:4] == "999" for number in column(Person.upn) - {None})
    assert all(str(number).startswith("999") for number in column(Person.nhs_number) - {None})
    assert all(str(number).startswith("999") for number in column(Setting.urn) - {None})
    assert readiness.has_demonstration_accounts()


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_its_numbers_are_such_as_could_be_typed() -> None:
    for attribute, check in (
        (Person.upn, identifiers.upn),
        (Person.nhs_number, identifiers.nhs_number),
        (Person.uln, identifiers.uln),
        (Person.postcode, identifiers.postcode),
        (Setting.urn, identifiers.urn),
        (Setting.ukprn, identifiers.ukprn),
    ):
        typed = [str(value) for value in column(attribute) - {None}]
        assert typed
        assert [check(value) for value in typed] == typed


def test_what_is_stored_follows_from_the_events_and_is_on_the_trail(loaded: load.Loaded) -> None:
    assert (loaded.cases, loaded.children) == (count(Case), count(Person))
    assert loaded.events == count(CaseEvent)
    assert loaded.cases == CASES
    assert deadlines.rebuild(mend=False).differing == ()
    assert audit_trail.verify().faults == ()
    assert audit_trail.length() == count(AuditEntry) == CASES


@pytest.mark.embedded
def test_each_role_has_a_sign_in_kept_for_its_owner_alone(
    loaded: load.Loaded, settings: object, tmp_path: Path
) -> None:
    assert [sign_in.role for sign_in in loaded.sign_ins[: len(ROLES)]] == list(ROLES)
    assert kept(tmp_path) == loaded.sign_ins
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    for sign_in in loaded.sign_ins:
        account = db.session.scalars(select(User).where(User.email == sign_in.email)).one()
        assert (account.role, account.name) == (sign_in.role, sign_in.name)
        assert account.is_active
        assert passwords.is_right(account.password_hash, sign_in.passphrase)
    assert len({sign_in.passphrase for sign_in in loaded.sign_ins}) == len(loaded.sign_ins)
    able = select(func.count()).where(User.password_hash.is_not(None))
    assert db.session.scalar(able) == len(loaded.sign_ins), "nobody else can sign in"


@pytest.mark.embedded
def test_everyone_who_sits_on_a_panel_can_sign_in_and_it_says_as_what(loaded: load.Loaded) -> None:
    sitting = select(User.email).join(PanelMember).where(PanelMember.until_day.is_(None))
    able = {sign_in.email: sign_in.sits_as for sign_in in loaded.sign_ins if sign_in.sits_as}
    assert able.keys() == set(db.session.scalars(sitting))
    assert able["panel-chair@example.org"] == "Education: chair, Assessment panel"
    assert able["dco@example.org"] == "Health: member, Assessment panel; member, Plan panel"


@pytest.mark.embedded
@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2027, 1, 1), date(2016, 3, 28)])
def test_it_can_be_loaded_on_any_day(app: Flask, today: date) -> None:
    with app.app_context():
        loaded = load.load(today=today, cases=1, seed=1)
        assert loaded.cases > 60, "the specimens come whatever is asked for"
        assert deadlines.rebuild(mend=False).differing == ()


SECRET = {"stored_as", "public_id", "password_hash", "created_at", "at", "previous_hash", "hash"}


def everything() -> dict[str, list[dict[str, object]]]:
    """Return every row of every table, without what is drawn anew each time."""
    return {
        table.name: [
            {name: value for name, value in row.items() if name not in SECRET}
            for row in db.session.execute(table.select()).mappings()
        ]
        for table in db.metadata.sorted_tables
    }


def stored(app: Flask, seed: int, today: date = TODAY) -> dict[str, list[dict[str, object]]]:
    """Return what a load would store, and take it back."""
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(db.session, "commit", lambda: None)
        load.load(today=today, cases=120, seed=seed)
        db.session.flush()
        found = everything()
        db.session.rollback()
        return found


@pytest.mark.embedded
def test_the_same_seed_and_day_give_the_same_records(app: Flask) -> None:
    first = stored(app, seed=7)
    assert stored(app, seed=7) == first
    assert stored(app, seed=8)["person"] != first["person"]
    assert stored(app, seed=7, today=TODAY - timedelta(days=1))["case_event"] != first["case_event"]


@pytest.mark.embedded
@pytest.mark.parametrize("held", ["an account", "a setting"])
def test_a_database_that_holds_anything_is_refused_and_left_as_it_was(
    app: Flask, tmp_path: Path, held: str
) -> None:
    with app.app_context():
        if held == "an account":
            make_user("administrator")
        else:
            setting_named("A real school")
            db.session.commit()
        before = everything()
        with pytest.raises(NotHere, match="already holds records"):
            load.load(today=TODAY, cases=1, seed=1)
        assert everything() == before
        assert not (tmp_path / FILE).exists()


@pytest.mark.embedded
def test_production_is_refused(app: Flask, tmp_path: Path) -> None:
    ours = app.extensions["casework.settings"]
    app.extensions["casework.settings"] = replace(ours, environment="production")
    with app.app_context():
        with pytest.raises(NotHere, match="never loaded in production"):
            load.load(today=TODAY, cases=1, seed=1)
        assert load.is_empty()
        assert not (tmp_path / FILE).exists()


@pytest.mark.embedded
def test_a_load_that_fails_leaves_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_ids: object) -> None:
        raise RuntimeError("half-way")

    monkeypatch.setattr(deadlines, "refresh", fail)
    with app.app_context():
        with pytest.raises(RuntimeError, match="half-way"):
            load.load(today=TODAY, cases=1, seed=1)
        db.session.remove()
        assert load.is_empty()
        held = db.session.execute(text("SELECT count(*) FROM case_event")).scalar()
        assert held == 0


@pytest.mark.embedded
@pytest.mark.usefixtures("loaded")
def test_what_families_say_and_who_was_told_is_there_to_see_in_every_way() -> None:
    assert count(Representation) > count(RepresentationAnswer) > 20, "some wait"
    assert column(RepresentationAnswer.accepted) == set(Accepted)
    found = figures(Period(TODAY - timedelta(days=300), TODAY))["kept_informed"]
    assert isinstance(found, Rate)
    assert 0.5 < found.numerator / found.denominator < 0.9
    assert informing_items.to_be_told(EVERY_CASE, TODAY, limit=500)
