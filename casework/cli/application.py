"""The application, for a command that needs its records."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

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
        with app.app_context():
            yield app
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        raise click.ClickException(f"The database did not do it: {error.orig}") from error
