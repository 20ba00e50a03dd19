"""One line an operation, in ratios; then JSON lines with everything that was measured."""

import argparse
import json
import platform
import sqlite3
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import IO

from tests.bench.data import Data
from tests.bench.measure import Comparison

#: A ratio that varies more than this from pass to pass, as a share of its median, says little.
NOISY = 0.25
#: The medians of the larger size may be so many times those of the smaller.
FLAT = {"list": 1.3, "case page": 1.3, "event POST": 1.3}
FLAT_SEARCH = 1.6
PACKAGES = ("flask", "sqlalchemy", "waitress", "psycopg", "jinja2")


class Lines:
    """What has been measured so far, said as it comes."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self._rows: list[tuple[Data, Comparison]] = []

    def heading(self, data: Data) -> None:
        """Say which records are measured now."""
        rows = {name: f"{count:,}" for name, count in data.counts.items()}
        print(f"\n{data.kind}, {_size(data.size)} cases (loaded in {data.took:.0f} s): {rows}")

    def add(self, data: Data, found: Comparison) -> None:
        """Say what was found of one operation."""
        self._rows.append((data, found))
        print("  " + _line(data.size, found), flush=True)

    def flatness(self) -> None:
        """Say how the medians grow from the smallest size to the largest."""
        for kind in dict.fromkeys(data.kind for data, _ in self._rows):
            of_kind = [(data.size, found) for data, found in self._rows if data.kind == kind]
            small, large = min(size for size, _ in of_kind), max(size for size, _ in of_kind)
            if small == large:
                continue
            print(f"\n{kind}, {_size(large)} over {_size(small)}, p50 one at a time")
            before = {found.name: found for size, found in of_kind if size == small}
            for size, found in of_kind:
                apart = ("rebuild", "forecast", "sweep")
                if size == large and not found.name.startswith(apart):
                    grown = _ours(found.p50) / _ours(before[found.name].p50)
                    goal = FLAT.get(found.name, FLAT_SEARCH)
                    print(f"  {found.name:<18} {grown:.2f}x (goal {goal})")

    def as_json(self, file: IO[str]) -> None:
        """Write one line of JSON for each row, with what is needed to repeat it."""
        about = {
            "commit": _commit(),
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: version(name) for name in PACKAGES},
            "seed": self.options.seed,
            "today": self.options.today.isoformat(),
        }
        print(file=file)
        for data, found in self._rows:
            row = {"db": data.kind, "size": data.size, **asdict(found), **about}
            print(json.dumps(row), file=file)


def _line(size: int, found: Comparison) -> str:
    parts = [f"{found.name:<19} {_size(size):>4}", _ratio("p50", found.p50, found.goal)]
    if found.p95:
        parts.append(_ratio("p95 of 8 at once", found.p95, None))
    return "   ".join(parts)


def _ratio(what: str, pairs: Sequence[tuple[float, float]], goal: float | None) -> str:
    ratios = [ours / floor for ours, floor in pairs]
    middle = statistics.median(ratios)
    against = f", goal {goal:g}" if goal else ""
    noisy = " NOISY" if max(ratios) - min(ratios) > NOISY * middle else ""
    ours, floor = _ms(_ours(pairs)), _ms(statistics.median(pair[1] for pair in pairs))
    return f"{what} project {ours} floor {floor} ({middle:.1f}x{against}){noisy}"


def _ours(pairs: Sequence[tuple[float, float]]) -> float:
    return statistics.median(pair[0] for pair in pairs)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _size(cases: int) -> str:
    return f"{cases // 1000}k" if cases % 1000 == 0 else str(cases)


def _commit() -> str:
    folder = Path(__file__).parent
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=folder, capture_output=True, text=True
    )
    return done.stdout.strip() or "unknown"
