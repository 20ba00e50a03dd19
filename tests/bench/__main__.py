"""The benchmark's command line: for each database and size, load, serve, measure, report."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from tests.bench import digests, forecast, rebuild, report, sweep
from tests.bench.data import Data, load
from tests.bench.measure import Comparison, compare
from tests.bench.operations import OPERATIONS
from tests.bench.servers import Floor, Project
from tests.fixtures import postgresql

TODAY = date(2026, 11, 23)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 0, or 1 where an answer was wrong."""
    options = _options(arguments)
    lines = report.Lines(options)
    for kind in options.db:
        with _server(kind) as server:
            for size in options.sizes:
                with tempfile.TemporaryDirectory(prefix="casework-bench-") as folder:
                    url = _database(kind, server, Path(folder), size)
                    _measure(lines, load(url, Path(folder), size, options.seed, options.today))
    lines.flatness()
    lines.as_json(sys.stdout)
    return 0


def _measure(lines: report.Lines, data: Data) -> None:
    lines.heading(data)
    for row in rebuild.compare(data, lines.options.passes):
        lines.add(data, row)
    for row in forecast.compare(data, lines.options.passes):
        lines.add(data, row)
    with Project(data) as project, Floor(data) as floor:
        for operation in OPERATIONS:
            found: Comparison = compare(operation, project, floor, data, lines.options)
            lines.add(data, found)
    for row in digests.compare(data, lines.options.passes):
        lines.add(data, row)
    data.check_after()
    if data.size == min(lines.options.sizes):
        for row in sweep.compare(data, lines.options.passes, lines.options.limits):
            lines.add(data, row)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--db", type=_words("sqlite", "postgresql"), default="sqlite,postgresql")
    parser.add_argument("--sizes", type=_sizes, default="5k,50k", help="cases, as 5k,50k")
    parser.add_argument(
        "--limits", type=_sizes, default="5k,50k,500k", help="open limits that are swept"
    )
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY)
    parser.add_argument("--requests", type=int, default=150, help="one at a time, for each pass")
    parser.add_argument("--quick", action="store_true", help="5,000 cases, one short pass")
    options = parser.parse_args(arguments)
    if options.quick:
        options.sizes, options.passes, options.requests = [5_000], 1, 40
        options.limits = [5_000]
    options.c1, options.c8 = options.requests, 3 * options.requests
    return options


def _words(*allowed: str) -> object:
    def read(text: str) -> list[str]:
        found = text.split(",")
        if wrong := set(found) - set(allowed):
            raise argparse.ArgumentTypeError(f"not {wrong}: choose of {', '.join(allowed)}")
        return found

    return read


def _sizes(text: str) -> list[int]:
    return [
        int(size.removesuffix("k")) * (1000 if size.endswith("k") else 1)
        for size in text.split(",")
    ]


@contextmanager
def _server(kind: str) -> Iterator[postgresql.Server | None]:
    """Give a PostgreSQL server that commits to disk, as a real one does; None for SQLite."""
    if kind == "sqlite":
        yield None
        return
    programs = postgresql.programs()
    if programs is None:
        sys.exit("PostgreSQL is not on this machine: --db sqlite")
    server = postgresql.Server(programs, is_durable=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _database(kind: str, server: postgresql.Server | None, folder: Path, size: int) -> str:
    if server is None:
        return f"sqlite:///{folder / 'casework.sqlite3'}"
    server.create(f"bench_{size}")
    return server.url(f"bench_{size}")


if __name__ == "__main__":
    os.environ.pop("CASEWORK_ENVIRONMENT", None)
    sys.exit(main())
