"""`casework serve`: the web application, on waitress."""

import errno
from typing import Any

import click
from flask import Flask
from waitress.server import create_server

from casework import current, processes, readiness
from casework.cli.application import application
from casework.config import Settings

#: A little more than Flask takes, so that Flask's own page says that a file is too large.
BODY_LIMIT = 32 * 1024 * 1024


@click.command
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the starter ends.")
def serve(with_parent: bool) -> None:
    """Serve the web application until it is stopped.

    It refuses to start on a database at another migration and, in production, on one that holds
    demonstration accounts.
    """
    processes.end_politely(with_parent=with_parent)
    with application() as app:
        readiness.refuse_unfit_database()
        settings = current.settings()
    server = _server(app, settings)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"\nEHC casework is at http://{shown}:{server.effective_port} (Ctrl-C stops it)\n")
    server.run()


def _server(app: Flask, settings: Settings) -> Any:
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            max_request_body_size=BODY_LIMIT,
            # Only where a proxy of ours stands in front may a header say who asked.
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise click.ClickException(
            f"Port {settings.port} is in use, perhaps by this system started before. Stop that, "
            f"or choose another port: PORT={settings.port + 1} python3 -m casework run"
        ) from error
