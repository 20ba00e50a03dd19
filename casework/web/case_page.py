"""Where the page of a case is."""

from flask import url_for


def case_page(public_id: str) -> str:
    """Return the address of a case's page."""
    return url_for("cases.case", public_id=public_id)
