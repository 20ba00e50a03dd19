"""Links in email: whole addresses, made without a request."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from casework import current


def to(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page by its endpoint, as `url_for` names it.

    It begins with the setting `address`, never with the host that a browser happened to name.
    Raises werkzeug's BuildError where there is no such page.
    """
    site = urlsplit(current.settings().public_address)
    pages = current_app.url_map.bind(
        site.netloc, script_name=f"{site.path}/", url_scheme=site.scheme
    )
    return pages.build(endpoint, values, force_external=True)
