"""What a file may make a process do stays in that process."""

import os
import time
from typing import Any

import pytest

from casework import apart


def answer(given: dict[str, Any]) -> dict[str, Any]:
    return {"twice": given["number"] * 2, "environment": sorted(os.environ)}


def hold_memory(_given: dict[str, Any]) -> dict[str, Any]:
    return {"held": len(bytearray(800 * 1024 * 1024))}


def never_end(_given: dict[str, Any]) -> dict[str, Any]:
    while True:
        pass


def sleep(_given: dict[str, Any]) -> dict[str, Any]:
    time.sleep(60)
    return {}


def die(_given: dict[str, Any]) -> dict[str, Any]:
    os.abort()


def test_work_is_done_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_SECRET_KEY", "a secret")
    done = apart.call("tests.test_apart:answer", {"number": 21})
    assert done["twice"] == 42
    assert not [name for name in done["environment"] if "CASEWORK" in name]


@pytest.mark.parametrize("work", ["never_end", "sleep", "die", "no_such_work"])
def test_what_never_ends_or_dies_has_failed_and_this_process_goes_on(work: str) -> None:
    with pytest.raises(apart.Failed):
        apart.call(f"tests.test_apart:{work}", {}, seconds=1)


def test_more_memory_than_allowed_is_refused() -> None:
    with pytest.raises(apart.Failed):
        apart.call("tests.test_apart:hold_memory", {}, memory=600 * 1024 * 1024)
    assert apart.call("tests.test_apart:hold_memory", {})["held"]
