"""The application, for a command that needs its records."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import click
import flask_migrate
from flask import Flask
from sqlalchemy.exc import DBAPIError

from casework import current, readiness
from casework.app import create_app
from casework.config import SettingsError


@contextmanager
def application() -> Iterator[Flask]:
    """Give the application with its context pushed.

    Settings that cannot be used and a database that does not answer end the command in words, with
    exit status 1.
    """
    try:
        app = create_app()
        _collect_less_often()
        with app.app_context():
            yield app
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        raise click.ClickException(f"The database did not do it: {error.orig}") from error


def _collect_less_often() -> None:
    """Spare the garbage collector what lives as long as the process.

    Otherwise it goes through all that was imported again and again: two fifths of the time that
    a rebuild takes, and pauses while pages are served.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def migrated_application(*, make: bool = True) -> Iterator[Flask]:
    """Give the application with its context pushed, on a database at the code's migration.

    A database that holds nothing yet is made, outside production and where `make` says so; any
    other that is not at the code's migration ends the command in words, with exit status 1.
    """
    with application() as app:
        if make and not (readiness.database_heads() or current.settings().in_production):
            flask_migrate.upgrade()
            click.echo("There was no database, so an empty one was made.", err=True)
        readiness.refuse_unfit_database()
        yield app
