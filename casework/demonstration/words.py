"""The small lists from which names, places, remarks and a panel's words are drawn."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> dict[str, Any]:
    """Return the lists of words.json, by name."""
    return _read("words.json")


@cache
def panel_words() -> dict[str, Any]:
    """Return what panels.json says: the panels, the people who sit on them, what they say."""
    return _read("panels.json")


@cache
def paper_words() -> dict[str, Any]:
    """Return what papers.json says: what a paper of each kind holds, and how often there is one."""
    return _read("papers.json")


@cache
def service_words() -> dict[str, Any]:
    """Return what services.json says: providers, services and schools, and who works there."""
    return _read("services.json")


@cache
def advice_words() -> dict[str, Any]:
    """Return what advice.json says: needs, outcomes and provision, and what is said of advice."""
    return _read("advice.json")


@cache
def placement_words() -> dict[str, Any]:
    """Return what placements.json says: what families and settings say about a place."""
    return _read("placements.json")


@cache
def plan_words() -> dict[str, Any]:
    """Return what plans.json says: views, lengths and who agreed, for plans being written."""
    return _read("plans.json")


@cache
def comment_words() -> dict[str, Any]:
    """Return what comments.json says: what families say of a draft, and what was done about it."""
    return _read("comments.json")


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        files("casework.demonstration").joinpath(name).read_text("utf-8")
    )
    return loaded
