"""The service's navigation: one table."""

from flask import current_app, request, url_for

#: What the navigation says, the page it opens, and the blueprint that it stands for.
ITEMS: tuple[tuple[str, str], ...] = ()


def items() -> list[dict[str, object]]:
    """Return the navigation for this request, as govukServiceNavigation takes it."""
    return [
        {"text": words, "href": url_for(endpoint), "active": _is_here(endpoint)}
        for words, endpoint in ITEMS
        if endpoint in current_app.view_functions
    ]


def _is_here(endpoint: str) -> bool:
    return request.blueprint == endpoint.partition(".")[0]
