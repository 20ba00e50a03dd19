"""What is measured: each with its requests to the project and to the floor, and its checks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from tests.bench.data import Data
from tests.bench.servers import Floor, Project

Row = tuple[object, ...]

#: Cases that requests go round.
ROUND = 200
#: A letter that changes no deadline of a case that is past it: what is measured is the logging.
KIND = "considering_notified"


@dataclass(frozen=True)
class Operation:
    """One thing that people do, as requests. `goal` and `aim` are ratios of the medians alone."""

    name: str
    project: Callable[[Project, Data, int], list[bytes]]
    floor: Callable[[Floor, Data, int], list[bytes]]
    goal: float
    status: int = 200
    #: Events that each request to the project, and to the floor, logs.
    logs: int = 0

    def check(self, project: Project, data: Data) -> None:
        """Check one answer: the right page, the first line the one due first."""
        if self.name != "list":
            return
        order = "next_lifted_by IS NOT NULL, next_act_by, id"
        open_cases = f"SELECT reference FROM ehc_case WHERE ended_on IS NULL ORDER BY {order}"
        expected = [row[0] for row in data.ask(f"{open_cases} LIMIT 50")]
        _, page = project.fetch(project.get("/cases?view=all"))
        text = page.decode()
        places = [text.find(reference) for reference in expected]
        assert -1 not in places, "a case due soon is not on the first page"
        assert places == sorted(places), "the list is not in order"


def _list(project: Project, data: Data, count: int) -> list[bytes]:
    return [project.get("/cases?view=all")] * count


def _floor_list(floor: Floor, data: Data, count: int) -> list[bytes]:
    return [floor.get("/cases")] * count


def _some(
    data: Data, count: int, columns: str, where: str = "true"
) -> Iterator[tuple[object, ...]]:
    """Rows of cases, evenly from the newest to the oldest, round and round."""
    rows = data.ask(
        f"SELECT {columns} FROM ehc_case c JOIN person p ON p.id = c.person_id "
        f"WHERE {where} AND c.id % :step = 0 ORDER BY c.id",
        step=max(1, data.size // ROUND),
    )
    assert rows, "there must be something to ask for"
    return islice(cycle([tuple(row) for row in rows]), count)


def _case(project: Project, data: Data, count: int) -> list[bytes]:
    return [project.get(f"/cases/{row[0]}") for row in _some(data, count, "c.public_id")]


def _floor_case(floor: Floor, data: Data, count: int) -> list[bytes]:
    return [floor.get(f"/cases/{row[0]}") for row in _some(data, count, "c.public_id")]


def _names(data: Data, count: int) -> list[str]:
    named = "p.forenames <> '' AND p.known_as IS NULL"
    rows = _some(data, count, "p.forenames, p.surname", named)
    return [f"{str(first).split()[0]} {last}" for first, last in rows]


def _name(project: Project, data: Data, count: int) -> list[bytes]:
    return [project.post("/cases/search", words=name) for name in _names(data, count)]


def _floor_name(floor: Floor, data: Data, count: int) -> list[bytes]:
    return [floor.post("/search", words=name) for name in _names(data, count)]


def _reference(project: Project, data: Data, count: int) -> list[bytes]:
    rows = _some(data, count, "c.reference")
    return [project.post("/cases/search", words=str(row[0])) for row in rows]


def _floor_reference(floor: Floor, data: Data, count: int) -> list[bytes]:
    return [floor.post("/search", words=str(row[0])) for row in _some(data, count, "c.reference")]


def _open(data: Data, columns: str) -> list[Row]:
    order = "WHERE ended_on IS NULL AND stage <> 'received' ORDER BY id"
    return [tuple(row) for row in data.ask(f"SELECT {columns} FROM ehc_case {order}")]


def _event(project: Project, data: Data, count: int) -> list[bytes]:
    """Round the open cases, the version of each rising every time."""
    rows = _open(data, "public_id, version")
    data.logged += count
    day = data.today
    return [
        project.post(
            f"/cases/{public_id}/events/new?kind={KIND}",
            on=f"{day.day}/{day.month}/{day.year}",
            note="",
            oddity="",
            version=str(int(str(version)) + n // len(rows)),
        )
        for n, (public_id, version) in islice(enumerate(cycle(rows)), count)
    ]


def _floor_event(floor: Floor, data: Data, count: int) -> list[bytes]:
    data.logged += count
    rows = islice(cycle(_open(data, "id")), count)
    return [floor.post(f"/cases/{row[0]}/events") for row in rows]


OPERATIONS = (
    Operation("list", _list, _floor_list, goal=8),
    Operation("case page", _case, _floor_case, goal=10),
    Operation("search name", _name, _floor_name, goal=10),
    Operation("search reference", _reference, _floor_reference, goal=10, status=303),
    Operation("event POST", _event, _floor_event, goal=6, status=303, logs=1),
)
