"""One scheduler at a time, on either database."""

from pathlib import Path

from flask import Flask

from casework.extensions import db
from scheduler.lock import FileLock, Lock, PostgresqlLock, lock_for, wait_for


def two_locks(app: Flask, folder: Path) -> tuple[Lock, Lock]:
    with app.app_context():
        return lock_for(db.engine, folder), lock_for(db.engine, folder)


def let_go(lock: Lock) -> None:
    """Do to a lock what the end of its process would."""
    if isinstance(lock, FileLock):
        lock._file.close()
    else:
        lock._connection.invalidate()
        lock._connection.close()


def test_the_lock_fits_the_database(app: Flask, tmp_path: Path) -> None:
    first, _ = two_locks(app, tmp_path)
    kind = PostgresqlLock if "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"] else FileLock
    assert isinstance(first, kind)


def test_a_second_scheduler_cannot_take_the_lock(app: Flask, tmp_path: Path) -> None:
    first, second = two_locks(app, tmp_path)
    assert first.take()
    assert not second.take()
    assert first.is_held()
    let_go(first)
    let_go(second)


def test_a_second_scheduler_waits_until_the_first_has_ended(app: Flask, tmp_path: Path) -> None:
    first, second = two_locks(app, tmp_path)
    assert first.take()
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            let_go(first)

    wait_for(second, sleep)
    assert len(waits) >= 3
    assert second.is_held()
    let_go(second)
