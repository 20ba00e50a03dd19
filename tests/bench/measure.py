"""Closed loops: so many requests, one after another or eight at once, and how long each took."""

import argparse
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.client import Connection
from tests.bench.data import Data
from tests.bench.operations import Operation
from tests.bench.servers import Floor, Project, Server

#: Requests that are sent before any is timed.
WARM = 8


@dataclass
class Comparison:
    """One operation, by passes: seconds for the project and for the floor."""

    name: str
    goal: float
    #: Median at one at a time, and the 95th of a hundred at eight at once; a pair per pass.
    p50: list[tuple[float, float]] = field(default_factory=list)
    p95: list[tuple[float, float]] = field(default_factory=list)


def compare(
    operation: Operation, project: Project, floor: Floor, data: Data, options: argparse.Namespace
) -> Comparison:
    """Return an operation measured on both, alternating, so that both see the same weather."""
    operation.check(project, data)
    found = Comparison(operation.name, operation.goal)
    for _ in range(options.passes):
        # Each list of requests is made when its turn comes: a version rises with every event.
        ours = _timed(project, operation, operation.project(project, data, options.c1 + WARM), 1)
        bare = _timed(floor, operation, operation.floor(floor, data, options.c1 + WARM), 1, None)
        found.p50.append((statistics.median(ours), statistics.median(bare)))
        ours = _timed(project, operation, operation.project(project, data, options.c8 + WARM), 8)
        bare = _timed(floor, operation, operation.floor(floor, data, options.c8 + WARM), 8, None)
        found.p95.append((_p95(ours), _p95(bare)))
    return found


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _timed(
    server: Server,
    operation: Operation,
    requests: Sequence[bytes],
    at_once: int,
    status: int | None = -1,
) -> list[float]:
    """Return the seconds that each request took. Raises AssertionError for a wrong answer."""
    expected = operation.status if status == -1 else (303 if operation.writes else 200)
    warm, timed = requests[:WARM], requests[WARM:]
    times: list[list[float]] = [[] for _ in range(at_once)]
    wrong: list[str] = []

    def run(number: int) -> None:
        connection = Connection(server.port)
        for request in warm[number::at_once]:
            connection.send(request)
        barrier.wait()
        for request in timed[number::at_once]:
            began = time.perf_counter()
            answered, body = connection.send(request)
            times[number].append(time.perf_counter() - began)
            if answered != expected:
                wrong.append(f"{answered}: {body[:2000]!r}")
        connection.close()

    barrier = threading.Barrier(at_once)
    threads = [threading.Thread(target=run, args=(number,)) for number in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, f"{operation.name} answered {wrong[0]}"
    return [taken for one in times for taken in one]
