"""The email of time limits: one a morning, of what is true, to those who answer for the cases.

Every person is invented.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from casework.access import Scope
from casework.clock import now
from casework.extensions import db
from casework.holidays import england_and_wales
from casework.models import Absence, Alert, Case, Interest, Message, Quiet, Team, User
from casework.queries import caseload
from casework.queries.caseload import Filters
from casework.rules.deadlines import Standing
from casework.services import cases, digests, exceptions
from casework.services.audit_trail import COMMAND_LINE, Actor
from casework.services.events import NewEvent
from casework.services.exceptions import Particulars
from tests.factories import TODAY, log, make_case, make_user
from tests.fixtures.alerts import queue
from tests.fixtures.services import make_service
from tests.fixtures.statements import counted

DAY = timedelta(days=1)
TUESDAY = TODAY + DAY
#: Six weeks from this day end in ten working days of TODAY; from the other they ended a week ago.
SOON, OVERDUE = date(2026, 10, 19), date(2026, 10, 5)
CANARY = "Zebedee-Canary"


def team(name: str = "EHCP team North") -> Team:
    """Return a saved team."""
    made = Team(name=name)
    db.session.add(made)
    db.session.commit()
    return made


def officer(**details: Any) -> User:
    """Return an officer who had this week's email already, so that only news makes another."""
    told = details.pop("told_on", TODAY)
    user = make_user(**details)
    if told:
        tell(user, told)
    return user


def tell(user: User, on: date) -> None:
    """Record that somebody had a digest on a day."""
    db.session.add(
        Message(
            about=f"digest of {on}",
            kind="digest",
            to_user_id=user.id,
            to_address=user.email,
            subject="",
            body="",
            created_at=now(),
            next_at=now(),
            sent_at=now(),
        )
    )
    db.session.commit()


def mail(user: User) -> list[Message]:
    """Return what somebody was written, in order."""
    found = db.session.query(Message).filter_by(to_user_id=user.id).order_by(Message.id)
    return [one for one in found if one.body]


def only(user: User) -> Message:
    """Return the one email that somebody was written."""
    (found,) = mail(user)
    return found


def words(message: Message) -> str:
    """Return the text of an email, however its lines are broken."""
    return " ".join(message.body.split())


def test_a_reader_gets_one_email_that_tells_of_each_case_and_a_second_run_adds_nothing(
    app: Flask,
) -> None:
    with app.app_context():
        me = officer()
        alerts = [queue(make_case(SOON, officer_id=me.id), me) for _ in range(2)]
        assert digests.send_due(TUESDAY).startswith("1 digest, 0 all clear, 0 by themselves")
        assert digests.send_due(TUESDAY).startswith("0 digests, 0 all clear, 0 by themselves")
        told = only(me)
        assert told.about == "digest of 2026-11-24"
        assert told.subject == "0 overdue, 2 due in 10 working days: your cases, Tue 24 Nov"
        assert {one.message_id for one in alerts} == {told.id}
        for part in (told.body, told.html or ""):
            assert "EHC-000001" in part
            assert "EHC-000002" in part
            assert "Decide whether to assess" in part
            assert db.session.get_one(Case, 1).public_id in part


def test_the_counts_are_those_of_the_caseload_page(app: Flask) -> None:
    with app.app_context():
        north = team()
        me = officer(role="manager", team_id=north.id)
        mine = make_user(email="own@example.org", team_id=north.id)
        south = team("EHCP team South").id
        make_user("manager", email="south@example.org", team_id=south)
        other = make_user(email="other@example.org", team_id=south)
        for started, holder in ((SOON, mine), (OVERDUE, mine), (TODAY, mine), (OVERDUE, other)):
            case = make_case(started, officer_id=holder.id)
        queue(db.session.get_one(Case, 1), me)
        hidden = make_case(OVERDUE, officer_id=mine.id)
        declare(hidden, me)
        digests.send_due(TUESDAY)
        when = caseload.day(TUESDAY, england_and_wales(), 10)
        scope = Scope(everything=True, hidden_from=me.id)
        page = caseload.tallies(scope, Filters(team_id=north.id), when)
        overdue, soon = page.by_standing[Standing.OVERDUE], page.by_standing[Standing.SOON]
        assert (overdue, soon, page.total) == (1, 1, 3)
        assert only(me).subject == (
            "1 overdue, 1 due in 10 working days: EHCP team North, Tue 24 Nov"
        )
        assert "of 3 open" in only(me).body
        assert case.reference not in only(me).body


def declare(case: Case, user: User) -> None:
    """Record that somebody has an interest in a case."""
    db.session.add(Interest(case_id=case.id, user_id=user.id, nature="Kin", declared_at=now()))
    db.session.commit()


def test_what_is_no_longer_so_in_the_morning_is_dropped_with_why(app: Flask) -> None:
    with app.app_context():
        me, another = officer(), make_user(email="another@example.org")
        held = {
            why: make_case(SOON, officer_id=me.id)
            for why in ("met", "closed", "not_theirs", "interest", "changed", "told_more")
        }
        alerts = {why: queue(case, me) for why, case in held.items()}
        queue(held["told_more"], me, "soon_5")
        log(held["met"], NewEvent(kind="told_will_assess", on=TODAY))
        log(held["closed"], NewEvent(kind="withdrawn", on=TODAY))
        cases.hand_over(
            actor=COMMAND_LINE,
            today=TODAY,
            case_id=held["not_theirs"].id,
            officer_id=another.id,
        )
        declare(held["interest"], me)
        alerts["changed"].due_on += DAY
        db.session.commit()
        digests.send_due(TUESDAY)
        assert {why: one.dropped_because for why, one in alerts.items()} == {w: w for w in held}
        assert all(one.message_id is None for one in alerts.values())
        told = only(me)
        named = {why for why, case in held.items() if case.reference in told.body}
        assert named == {"told_more"}


def test_a_lifted_limit_is_dropped_and_what_was_done_is_told_with_the_next_news(
    app: Flask,
) -> None:
    with app.app_context():
        me = officer()
        done = make_case(OVERDUE, officer_id=me.id)
        cleared = queue(done, me, "met")
        log(done, NewEvent(kind="told_will_assess", on=date(2026, 11, 20)))
        digests.send_due(TUESDAY)
        assert mail(me) == []
        assert cleared.message_id is None
        queue(make_case(SOON, officer_id=me.id), me)
        digests.send_due(TUESDAY + DAY)
        assert cleared.message_id == only(me).id
        assert "decide whether to assess, and say so, done 20 November 2026, 4 days late" in (
            only(me).body
        )


def test_a_breach_goes_by_itself_and_through_any_quiet_while_the_rest_waits(app: Flask) -> None:
    with app.app_context():
        me = officer()
        passed, muted, snoozed = (make_case(s, officer_id=me.id) for s in (OVERDUE, SOON, SOON))
        for case, until in ((passed, None), (muted, None), (snoozed, TUESDAY)):
            db.session.add(Quiet(user_id=me.id, case_id=case.id, until_day=until, began_at=now()))
        breach = queue(passed, me, "breached")
        held = [queue(case, me) for case in (muted, snoozed)]
        digests.send_due(TUESDAY)
        assert only(me).about == f"alert {breach.id}"
        assert only(me).subject == "A limit in law has passed: your cases, Tue 24 Nov"
        assert [(one.message_id, one.dropped_because) for one in held] == [(None, None)] * 2
        digests.send_due(TUESDAY + DAY)
        assert held[0].message_id is None
        assert snoozed.reference in mail(me)[1].body


def test_a_manager_is_asked_for_an_approval_by_each_email_that_names_its_case(app: Flask) -> None:
    with app.app_context():
        holder = officer(email="holder@example.org")
        boss = officer(role="manager", email="boss@example.org", told_on=None)
        case = make_case(OVERDUE, officer_id=holder.id)
        exceptions.propose(
            actor=Actor(holder.id, "web"),
            today=TODAY,
            case_id=case.id,
            version=case.version,
            proposals=[Particulars(regulation="5(4)", ground="X3", reason="Invented")],
        )
        queue(case, boss, "breached")
        digests.send_due(TUESDAY)
        alone, morning = mail(boss)
        for email in (alone, morning):
            assert "Now: Approve or refuse the exception proposed" in email.body
        assert "EXCEPTIONS THAT WAIT FOR YOUR APPROVAL: 1" in morning.body


def test_three_breaches_go_each_by_itself_and_more_in_one_email(app: Flask) -> None:
    with app.app_context():
        few, many = officer(), officer(email="many@example.org")
        for reader, number in ((few, 3), (many, 4)):
            for _ in range(number):
                queue(make_case(OVERDUE, officer_id=reader.id), reader, "breached")
        digests.send_due(TUESDAY)
        assert len(mail(few)) == 3
        assert only(many).subject == (
            "4 limits in law passed or about to pass: your cases, Tue 24 Nov"
        )
        assert db.session.query(Alert).filter_by(message_id=only(many).id).count() == 4


def test_nobody_is_told_on_a_saturday_and_the_breach_comes_on_monday(app: Flask) -> None:
    saturday = date(2026, 11, 28)
    with app.app_context():
        me = officer()
        breach = queue(make_case(OVERDUE, officer_id=me.id), me, "breached", reached_on=saturday)
        assert digests.send_due(saturday) == "not a working day: nobody told"
        assert mail(me) == []
        digests.send_due(saturday + 2 * DAY)
        assert breach.message_id == mail(me)[0].id
        assert "Told late" not in mail(me)[0].body


def test_with_nothing_new_there_is_one_email_a_week_from_its_first_working_day(
    app: Flask,
) -> None:
    christmas_week, easter_tuesday = date(2026, 12, 21), date(2027, 3, 30)
    with app.app_context():
        clear, pressed = officer(), officer(email="pressed@example.org")
        make_user(email="idle@example.org")
        make_case(christmas_week, officer_id=clear.id, today=christmas_week)
        make_case(OVERDUE, officer_id=pressed.id)
        for n in range(5):
            digests.send_due(christmas_week + n * DAY)
        assert only(clear).subject == "Nothing overdue: your cases, Mon 21 Dec"
        assert only(clear).kind == "all_clear"
        assert "next 10 working days. 1 open case." in words(only(clear))
        assert "TOLD BEFORE AND STILL OPEN: 1 CASE" in only(pressed).body
        assert db.session.query(Message).filter_by(to_address="idle@example.org").count() == 0
        digests.send_due(easter_tuesday)
        assert mail(pressed)[1].about == f"digest of {easter_tuesday}"


def test_what_comes_late_says_so_and_since_when_nothing_was_sent(app: Flask) -> None:
    with app.app_context():
        me = officer(told_on=date(2026, 11, 13))
        queue(make_case(SOON, officer_id=me.id), me, reached_on=date(2026, 11, 17))
        digests.send_due(TUESDAY)
        assert "NEW SINCE FRIDAY 13 NOVEMBER 2026: 1 CASE" in only(me).body
        assert "No such email went to you after Friday 13 November 2026" in only(me).body
        assert "Told late: it came to this on Tuesday 17 November 2026" in only(me).body


def test_a_case_overdue_in_law_says_so_first_whatever_is_new_about_it(app: Flask) -> None:
    with app.app_context():
        me = officer(role="manager")
        soon, behind = make_case(SOON, officer_id=me.id), make_case(OVERDUE, officer_id=me.id)
        queue(soon, me)
        queue(behind, me, duty="final_20w")
        digests.send_due(TUESDAY)
        told = words(only(me))
        assert told.index(f"{behind.reference}: overdue by 8 days") < told.index(soon.reference)
        assert "New: Send the final plan, due Monday 22 February 2027" in told
        assert "Held by you." in told
        assert "Which can still make it: http" in told


@pytest.mark.embedded
def test_a_limit_that_is_told_of_on_its_own_day_is_said_to_end_today(app: Flask) -> None:
    with app.app_context():
        me = officer()
        case = make_case(SOON, officer_id=me.id)
        queue(case, me, "eve")
        digests.send_due(date(2026, 11, 30))
        assert mail(me)[0].subject == "A limit in law ends today: your cases, Mon 30 Nov"


def test_a_school_that_owes_advice_is_counted_and_not_named(app: Flask) -> None:
    with app.app_context():
        me = officer(told_on=None)
        case = make_case(OVERDUE, officer_id=me.id)
        log(case, NewEvent(kind="decided_to_assess", on=OVERDUE))
        log(case, NewEvent(kind="told_will_assess", on=OVERDUE))
        for kind in ("school", "speech_and_language"):
            service = make_service(kind, name=f"Penfold {kind}")
            log(
                case,
                NewEvent(
                    kind="advice_requested",
                    on=OVERDUE,
                    service=kind,
                    advice_service_id=service.id,
                ),
            )
        digests.send_due(TUESDAY)
        assert only(me).subject.startswith("Nothing overdue")
        told = words(only(me))
        assert "Penfold speech_and_language: 1 late since 16 November 2026" in told
        assert "School or setting: 1 late since 16 November 2026" in told
        assert "Penfold school" not in told


def test_one_bad_case_and_one_bad_reader_spoil_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        me, bad, last = (officer(email=f"{name}@example.org") for name in ("me", "bad", "last"))
        good, poison = (make_case(SOON, officer_id=me.id) for _ in range(2))
        alerts = [queue(case, me) for case in (good, poison)]
        others = [queue(make_case(SOON, officer_id=one.id), one) for one in (bad, last)]
        db.session.execute(update(Case).where(Case.id == poison.id).values(stage="unheard of"))
        db.session.commit()
        put = digests.outbox.put

        def refuse(**given: Any) -> bool:
            if given["to_user_id"] == bad.id:
                raise ValueError(CANARY)
            return put(**given)

        monkeypatch.setattr(digests.outbox, "put", refuse)
        with pytest.raises(RuntimeError) as raised:
            digests.send_due(TUESDAY)
        assert str(raised.value).endswith(f"not told: {poison.reference}, account {bad.id}")
        assert CANARY not in str(raised.value)
        assert alerts[0].message_id == only(me).id
        assert alerts[1].message_id is None
        assert others[0].message_id is None
        assert others[1].message_id == only(last).id


def test_a_case_that_cannot_be_told_of_never_makes_all_clear(app: Flask) -> None:
    with app.app_context():
        me = officer(told_on=None)
        case = make_case(OVERDUE, officer_id=me.id)
        queue(case, me)
        db.session.execute(update(Case).where(Case.id == case.id).values(stage="unheard of"))
        db.session.commit()
        with pytest.raises(RuntimeError, match=case.reference):
            digests.send_due(TUESDAY)
        assert only(me).kind == "digest"
        assert only(me).subject.startswith("1 overdue, 0 due")
        assert "Told before and still open: 1 case" in only(me).body


def test_a_cover_is_told_in_place_of_who_is_away_and_why(app: Flask) -> None:
    with app.app_context():
        cover = officer(name="Cora Cover", email="cover@example.org")
        away = officer(name="Abel Away")
        db.session.add(
            Absence(
                user_id=away.id,
                cover_id=cover.id,
                from_day=TODAY,
                until_day=TUESDAY,
                entered_at=now(),
            )
        )
        case = make_case(SOON, officer_id=away.id)
        alert = queue(case, cover, in_place_of_id=away.id)
        queue(case, away)
        digests.send_due(TUESDAY)
        assert alert.message_id == only(cover).id
        assert "You stand in for Abel Away." in only(cover).body
        assert "Held by Abel Away, who is away." in words(only(cover))
        assert "0 overdue, 1 due" in only(cover).subject
        assert mail(away) == []


def test_what_came_from_a_tracker_is_told_as_one_sum(app: Flask) -> None:
    with app.app_context():
        me = officer()
        came = [make_case(started, officer_id=me.id) for started in (OVERDUE, OVERDUE, SOON)]
        alerts = [queue(case, me, way="summed") for case in came]
        digests.send_due(TUESDAY)
        assert "2 cases overdue and 1 due soon when they came in" in words(only(me))
        assert all(one.message_id == only(me).id for one in alerts)
        assert not any(case.reference in only(me).body for case in came)


def test_a_long_list_is_cut_and_counted_and_takes_no_more_statements(app: Flask) -> None:
    taken = {}
    with app.app_context():
        for number in (5, 45):
            me = officer(email=f"of-{number}@example.org")
            for _ in range(number):
                queue(make_case(SOON, officer_id=me.id), me)
            with counted(app) as statements:
                digests.send_due(TUESDAY)
            taken[number] = len(statements)
            assert (only(me).body.count("EHC-"), "And 25 more" in only(me).body) == (
                (5, False) if number == 5 else (20, True)
            )
        assert taken[5] == taken[45] <= 25


def test_the_words_hold_nothing_of_a_child(app: Flask) -> None:
    with app.app_context():
        me = officer(role="manager")
        holder = make_user(email="holder@example.org")
        child = {"surname": CANARY, "forenames": f"{CANARY}-Ida", "known_as": CANARY}
        case = make_case(
            OVERDUE, officer_id=holder.id, person=child, asks=CANARY, requested_by=CANARY
        )
        service = make_service(name="Therapists")
        asking = NewEvent(
            kind="advice_requested",
            on=OVERDUE,
            service=service.kind,
            advice_service_id=service.id,
            note=CANARY,
        )
        log(case, asking, NewEvent(kind="considering_notified", on=TODAY, note=CANARY))
        queue(case, me, "breached")
        queue(make_case(SOON, officer_id=holder.id, person=child), me)
        digests.send_due(TUESDAY)
        assert len(mail(me)) == 2
        for one in mail(me):
            assert "Zebedee" not in " ".join((one.subject, one.body, one.html or ""))


@pytest.mark.embedded
def test_a_team_whose_name_holds_a_header_gets_its_email_with_the_name_made_plain(
    app: Flask,
) -> None:
    with app.app_context():
        north = team("North\r\nBcc: all@example.org")
        me = officer(role="manager", team_id=north.id)
        mine = make_user(email="own@example.org", team_id=north.id, name="Ann\u2028Bcc: b@c.d")
        queue(make_case(SOON, officer_id=mine.id), me)
        digests.send_due(TUESDAY)
        told = only(me)
        assert told.failed_at is None
        assert "North Bcc: all@example.org" in told.subject
        assert not any(line.startswith("Bcc") for line in told.body.splitlines())


def test_a_breach_goes_by_itself_through_quiet_though_its_limit_is_owed_again(app: Flask) -> None:
    with app.app_context():
        me = officer()
        case = make_case(OVERDUE, officer_id=me.id)
        db.session.add(Quiet(user_id=me.id, case_id=case.id, until_day=None, began_at=now()))
        again, breach = queue(case, me, "again"), queue(case, me, "breached")
        digests.send_due(TUESDAY)
        assert breach.message_id == only(me).id
        assert again.dropped_because == "told_more"


def test_by_day_goes_what_goes_by_itself_and_the_rest_waits_for_the_morning(app: Flask) -> None:
    with app.app_context():
        me, new = officer(), officer(email="new@example.org", told_on=None)
        passed, soon, theirs = (
            make_case(started, officer_id=holder.id)
            for started, holder in ((OVERDUE, me), (SOON, me), (OVERDUE, new))
        )
        breach, waiting = queue(passed, me, "breached"), queue(soon, me)
        assert digests.send_by_day(TUESDAY).startswith("0 digests, 0 all clear, 1 by themselves")
        assert breach.message_id == only(me).id
        assert waiting.message_id is None
        assert mail(new) == []
        digests.send_due(TUESDAY + DAY)
        assert waiting.message_id == mail(me)[1].id
        assert theirs.reference in only(new).body


def test_the_picture_of_the_week_has_no_line_of_a_case_that_is_quiet(app: Flask) -> None:
    with app.app_context():
        me = officer(told_on=None)
        quiet, other = (make_case(OVERDUE, officer_id=me.id) for _ in range(2))
        db.session.add(Quiet(user_id=me.id, case_id=quiet.id, until_day=None, began_at=now()))
        db.session.commit()
        digests.send_due(TUESDAY)
        assert other.reference in only(me).body
        assert quiet.reference not in only(me).body
        assert only(me).subject.startswith("2 overdue")
        assert "TOLD BEFORE AND STILL OPEN: 2 CASES" in only(me).body


def test_a_case_from_a_tracker_is_overdue_whichever_of_its_limits_is(app: Flask) -> None:
    with app.app_context():
        me = officer()
        case = make_case(TUESDAY - timedelta(weeks=17), officer_id=me.id)
        for duty in ("final_20w", "draft_by_week16"):
            queue(case, me, duty=duty, way="summed")
        digests.send_due(TUESDAY)
        assert "1 case overdue and 0 due soon when they came in" in words(only(me))


@pytest.mark.embedded
def test_a_name_that_holds_a_page_of_its_own_is_written_as_it_was_typed(app: Flask) -> None:
    typed = '<a href="https://evil.example">Click</a>'
    with app.app_context():
        north = team(typed)
        me = officer(role="manager", team_id=north.id, told_on=None)
        mine = make_user(email="own@example.org", team_id=north.id, name=typed)
        queue(make_case(OVERDUE, officer_id=mine.id), me, "breached")
        queue(make_case(SOON, officer_id=mine.id), me)
        digests.send_due(TUESDAY)
        pages = [one.html or "" for one in mail(me)]
        assert len(pages) == 2
        for page in pages:
            assert typed not in page
            assert "&lt;a href=" in page
