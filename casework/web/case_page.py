"""Where the page of a case is."""


def case_page(public_id: str) -> str:
    """Return the address of a case's page."""
    return f"/cases/{public_id}"
