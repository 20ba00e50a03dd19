"""The numbers under a long list."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from casework.web.fields import LARGEST_NUMBER


def numbered(
    endpoint: str, page: int, pages: int, query: Mapping[str, Any], name: str = "page"
) -> dict[str, Any]:
    """Return what govukPagination takes for page `page` of `pages`; empty for a single page.

    `query` is what else the list's address holds, such as its filters; `name` is what its page is
    called there, where one page has two lists.
    """
    if pages <= 1:
        return {}

    def link(number: int) -> str:
        return url_for(endpoint, **(dict(query) | {name: number}))

    items: list[dict[str, Any]] = []
    for number in range(1, pages + 1):
        if number in (1, pages) or abs(number - page) <= 1:
            items.append({"number": number, "href": link(number), "current": number == page})
        elif not items[-1].get("ellipsis"):
            items.append({"ellipsis": True})
    found: dict[str, Any] = {"items": items}
    if page > 1:
        found["previous"] = {"href": link(page - 1)}
    if page < pages:
        found["next"] = {"href": link(page + 1)}
    return found


def row_number(text: str) -> int:
    """Return the number of a row that an address names. Raises ValueError where no row has it."""
    if not text.isascii() or not text.isdigit() or int(text[:20]) > LARGEST_NUMBER:
        raise ValueError(text[:20])
    return int(text)
