"""How the database is opened: readers wait for nobody, and writers for one another."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from casework import database
from casework.database import reading
from casework.extensions import db
from casework.models import Case
from casework.services import audit_trail
from casework.services.audit_trail import COMMAND_LINE
from tests.factories import make_case
from tests.fixtures.people import SignIn, token_in


@contextmanager
def someone_writing(database_url: str) -> Iterator[None]:
    """Hold SQLite's one write lock, as another process would."""
    writer = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE ehc_case SET version = version + 1")
    try:
        yield
    finally:
        writer.execute("ROLLBACK")
        writer.close()


@pytest.mark.embedded
def test_lists_and_searches_are_answered_while_someone_writes(
    app: Flask, sign_in: SignIn, database_url: str
) -> None:
    client = sign_in()
    with app.app_context():
        make_case()
        db.session.remove()
    token = token_in(client.get("/cases"))
    with someone_writing(database_url):
        assert client.get("/cases?view=all").status_code == 200
        words = {"words": "invented", "csrf_token": token}
        assert client.post("/cases/search", data=words).status_code == 200


def test_what_only_reads_cannot_write(app: Flask) -> None:
    with app.app_context():
        make_case()
        with pytest.raises(DBAPIError), reading():
            db.session.execute(text("UPDATE ehc_case SET version = 7"))
        db.session.rollback()
        assert db.session.scalar(select(Case.version)) == 1
        db.session.execute(text("UPDATE ehc_case SET version = 7"))
        db.session.commit()
        assert db.session.scalar(select(Case.version)) == 7, "the next may write again"


def test_within_a_transaction_reading_sees_what_that_has_written(app: Flask) -> None:
    with app.app_context():
        make_case()
        db.session.execute(text("UPDATE ehc_case SET version = 7"))
        with reading():
            assert db.session.scalar(text("SELECT version FROM ehc_case")) == 7
        db.session.commit()
        assert db.session.scalar(text("SELECT version FROM ehc_case")) == 7


def test_what_is_read_is_of_one_moment(app: Flask) -> None:
    with app.app_context():
        make_case()
        with reading():
            assert db.session.scalar(text("SELECT version FROM ehc_case")) == 1
            with db.engine.begin() as other:
                other.execute(text("UPDATE ehc_case SET version = 7"))
            assert db.session.scalar(text("SELECT version FROM ehc_case")) == 1
        assert db.session.scalar(text("SELECT version FROM ehc_case")) == 7


def test_many_who_write_at_once_all_do_and_the_trail_is_whole(app: Flask) -> None:
    writers, each = 8, 5
    start = Barrier(writers)
    failed: list[BaseException] = []

    def write() -> None:
        start.wait()
        try:
            for _ in range(each):
                with app.app_context():
                    audit_trail.record(COMMAND_LINE, "tried")
                    db.session.commit()
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with app.app_context():
        verdict = audit_trail.verify()
    assert (verdict.entries, verdict.faults) == (writers * each, ())


def test_a_write_that_fails_lets_the_next_one_write(app: Flask) -> None:
    with app.app_context():
        for _ in range(3):
            with pytest.raises(DBAPIError):
                db.session.execute(text("UPDATE no_such_table SET x = 1"))
            db.session.rollback()
        make_case()
        assert db.session.scalar(select(Case.version)) == 1


@pytest.mark.parametrize("idle", [0.0, 3600.0])
def test_a_connection_that_died_while_idle_is_made_anew(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch, idle: float
) -> None:
    if database_url.startswith("sqlite"):
        return  # a file does not hang up
    monkeypatch.setattr(database, "IDLE", idle)
    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
        db.session.remove()
        with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as server:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        if idle:
            with pytest.raises(DBAPIError):
                db.session.execute(text("SELECT 1"))
            return  # which shows that the one above was asked, and was made anew
        assert db.session.scalar(text("SELECT 1")) == 1
