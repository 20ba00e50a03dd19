"""F35: a database that was restored, copied or moved sends nothing until somebody releases it."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import make_url, select

from casework import clock
from casework.app import create_app
from casework.cli import main
from casework.config import Settings
from casework.emails.messages import Email
from casework.extensions import db
from casework.models import AuditEntry, Message
from casework.queries import mail_place
from casework.services import mail_hold, outbox
from casework.services.audit_trail import COMMAND_LINE
from casework.services.errors import Refused
from tests.factories import make_user
from tests.fixtures.mail import Post, with_mail
from tests.fixtures.postgresql import programs

EMAIL = Email("late_paper", "Late papers", "Read them\n")
Restore = Callable[[], Settings]


@pytest.fixture
def settings(database_url: str, tmp_path: Path, post: Post) -> Settings:
    """Give the settings of a desk that sends email to the test's own server."""
    return with_mail(database_url, tmp_path, post.port)


def put(*names: str) -> None:
    for name in names:
        user = make_user(email=f"{name}@example.org")
        outbox.put(about="late", to_user_id=user.id, email=EMAIL)
    db.session.commit()


@pytest.fixture
def backup(app: Flask, post: Post, tmp_path: Path) -> Path:
    """Give a backup that was made while two messages waited, both of which were sent since."""
    with app.app_context():
        put("ada")
        assert outbox.send_waiting().sent == 1
        put("bea", "cy")
        file = tmp_path / "backup"
        dump(db.engine.url.render_as_string(hide_password=False), file)
        assert outbox.send_waiting().sent == 2
        assert outbox.send_waiting().fault == ""
        db.session.remove()
    post.given.clear()
    return file


def dump(url: str, to: Path) -> None:
    made = make_url(url)
    if made.drivername == "sqlite":
        with sqlite3.connect(str(made.database)) as live, sqlite3.connect(to) as copy:
            live.backup(copy)
        return
    to.write_bytes(_run("pg_dump", "--format=custom", "--dbname", _address(url)))


def restore(file: Path, url: str, *more: str) -> None:
    made = make_url(url)
    if made.drivername == "sqlite":
        with sqlite3.connect(file) as copy, sqlite3.connect(str(made.database)) as live:
            copy.backup(live)
        return
    _run("pg_restore", *more, "--dbname", _address(url), str(file))


def _address(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *words: str) -> bytes:
    folder = programs()
    assert folder is not None
    beside = (folder / "initdb").resolve().with_name(program)
    done = subprocess.run([str(beside), *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def assert_held_and_released(settings: Settings, post: Post, why: str) -> None:
    again = create_app(settings)
    with again.app_context():
        for _ in range(3):
            run = outbox.send_waiting()
            assert (run.sent, run.waiting) == (0, 2)
            assert why in run.fault
        assert not post.given
        with pytest.raises(RuntimeError, match="email is held"):
            outbox.send_each_minute(None)  # type: ignore[arg-type]
        held = mail_place.held()
        assert held is not None
        assert why in held.because
        db.session.rollback()
        done = mail_hold.release(actor=COMMAND_LINE, drop_older=None, why="")
        assert (done.waiting, done.dropped) == (2, 0)
        assert outbox.send_waiting().sent == 2
        assert outbox.send_waiting().fault == ""
        db.session.remove()
        db.engine.dispose()


def test_one_restored_over_itself_is_held(
    app: Flask, settings: Settings, backup: Path, post: Post
) -> None:
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        is_file = db.engine.dialect.name == "sqlite"
        db.engine.dispose()
    restore(backup, url, "--clean", "--if-exists")
    assert_held_and_released(settings, post, "older" if is_file else "restored from a backup")


@pytest.mark.postgresql
def test_one_whose_rows_alone_were_put_back_is_held(
    app: Flask, settings: Settings, backup: Path, post: Post
) -> None:
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        with db.engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE message, mail_place CASCADE")
        db.engine.dispose()
    restore(backup, url, "--data-only", "--table=message", "--table=mail_place")
    assert_held_and_released(settings, post, "older than the email")


def test_one_restored_to_another_machine_is_held_though_its_folder_came_along(
    app: Flask, settings: Settings, backup: Path, post: Post, tmp_path: Path, request: Any
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copy(mail_file(app), folder)
    with app.app_context():
        made = db.engine.url
        db.engine.dispose()
    if made.drivername == "sqlite":
        url = f"sqlite:///{folder / 'casework.sqlite3'}"
        shutil.copy(backup, folder / "casework.sqlite3")
    else:
        server = request.getfixturevalue("postgresql_server")
        server.create(f"{made.database}_b")
        request.addfinalizer(lambda: server.drop(f"{made.database}_b"))
        url = server.url(f"{made.database}_b")
        restore(backup, url)
    elsewhere = replace(settings, database_url=url, instance_path=folder)
    assert_held_and_released(elsewhere, post, "restored from a backup")


def mail_file(app: Flask) -> Path:
    with app.app_context():
        return mail_place.last_sent_file()


def test_what_waits_too_long_is_dropped_at_the_release_with_why(
    app: Flask, post: Post, later: Any
) -> None:
    with app.app_context():
        put("ada")
        outbox.send_waiting()
        post.given.clear()
        put("bea")
        later(hours=30)
        put("cy")
        move(app)
        assert "held" in outbox.send_waiting().fault
        for why in ("", "  "):
            with pytest.raises(Refused, match="Say why"):
                mail_hold.release(actor=COMMAND_LINE, drop_older=timedelta(hours=24), why=why)
        day = timedelta(hours=24)
        done = mail_hold.release(actor=COMMAND_LINE, drop_older=day, why="It went on Monday")
        assert (done.waiting, done.dropped) == (1, 1)
        assert outbox.send_waiting().sent == 1
        assert post.recipients == ["cy@example.org"]
        dropped = db.session.scalars(select(Message).where(Message.failure == "dropped")).one()
        assert dropped.to_address == "bea@example.org"
        assert dropped.settled_at is not None
        acts = db.session.scalars(select(AuditEntry.action)).all()
        assert [a for a in acts if "email" in a] == ["held email", "released email"]
        with pytest.raises(Refused, match="not held"):
            mail_hold.release(actor=COMMAND_LINE, drop_older=None, why="")


def move(app: Flask) -> None:
    """Make the database believe that it was last somewhere else."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE mail_place SET place = 'somewhere else'")


def test_a_new_database_and_one_with_another_machines_standby_go_on(
    app: Flask, settings: Settings, post: Post, tmp_path: Path
) -> None:
    with app.app_context():
        put("ada")
        assert outbox.send_waiting().sent == 1
        mail_place.last_sent_file().unlink()
        put("bea")
        assert outbox.send_waiting().sent == 1


def test_a_crash_between_the_commit_and_the_file_holds_nothing_back(
    app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch, later: Any
) -> None:
    def crash(*_given: object) -> None:
        raise MemoryError

    with app.app_context():
        put("ada")
        with monkeypatch.context() as patch:
            patch.setattr(mail_hold, "keep_outside", crash)
            with pytest.raises(MemoryError):
                outbox.send_waiting()
        db.session.rollback()
        put("bea")
        assert outbox.send_waiting().sent == 1


def test_a_folder_that_cannot_be_written_stops_no_email(
    app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        monkeypatch.setattr(
            mail_place, "last_sent_file", lambda: Path(os.devnull) / "nowhere" / "file.json"
        )
        put("ada")
        assert outbox.send_waiting().sent == 1


@pytest.mark.embedded
def test_the_command_says_why_first_and_releases_when_told(
    app: Flask, settings: Settings, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("database_url", "secret_key", "audit_key", "instance_path"):
        monkeypatch.setenv(f"CASEWORK_{name.upper()}", str(getattr(settings, name)))

    def call(*words: str) -> str:
        return CliRunner().invoke(main, ["release-mail", *words]).output

    with app.app_context():
        put("ada")
        outbox.send_waiting()
        assert call() == "Email is not held.\n"
        put("bea")
        move(app)
        db.session.remove()
    said = call()
    assert "Email is held. This database is not where email was last sent from" in said
    assert "1 email to go, the oldest since" in said
    assert "1 less than an hour old, 0 less than a day, 0 older." in said
    assert "Say why older email is not sent (--because)." in call("--apply", "--drop-older", "2")
    assert call("--apply") == "Email is released: 1 waiting, 0 never sent.\n"
    assert call() == "Email is not held.\n"


def test_two_senders_at_once_hold_nothing_whichever_is_done_first(app: Flask) -> None:
    with app.app_context():
        place, at = mail_hold.check().place, clock.now()
        for moment in (at, at - timedelta(milliseconds=1)):
            mail_hold.note_sending(moment)
            db.session.commit()
        mail_hold.keep_outside(place, at)
        assert mail_hold.check().why == ""
