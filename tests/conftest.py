"""What every test may ask for. The database is real and migrated; the browser is a real one."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.fixtures import lacks, memory

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory.folder())
# A program that a test starts keeps what it compiles: without that each takes three seconds more.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

#: A property has no deadline of its own: it shares its machine with browsers and servers.
settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")

pytest_plugins = [
    "tests.fixtures.network",
    "tests.fixtures.compiled",
    "tests.fixtures.application",
    "tests.fixtures.databases",
    "tests.fixtures.demonstration",
    "tests.fixtures.mail",
    "tests.fixtures.browser",
    "tests.fixtures.people",
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches the database on both, but on the one that its own mark names."""
    if "database_url" not in metafunc.fixturenames:
        return
    own_mark = metafunc.definition.get_closest_marker
    kinds = []
    if not own_mark("postgresql"):
        kinds.append(pytest.param("sqlite", id="sqlite"))
    if not own_mark("embedded"):
        kinds.append(pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql))
    metafunc.parametrize("database_url", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what lives as long as the run, and look less often."""
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what was not tested on this machine, and how many tests that was."""
    lacks.tell(terminalreporter)


@pytest.fixture(autouse=True)
def _the_calendar_runs_again() -> Iterator[None]:
    """Undo a day that a test fixed."""
    yield
    from casework import clock

    clock.set_today(None)
