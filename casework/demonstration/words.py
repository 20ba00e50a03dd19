"""The small lists from which names, places and remarks are drawn."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> dict[str, Any]:
    """Return the lists of words.json, by name."""
    loaded: dict[str, Any] = json.loads(
        files("casework.demonstration").joinpath("words.json").read_text("utf-8")
    )
    return loaded
