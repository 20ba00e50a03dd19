"""What is measured: each with its requests to the project and to the floor, and its checks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from casework.rules.at_risk import SEND_PLAN
from tests.bench.data import Data
from tests.bench.servers import Floor, Project

Row = tuple[object, ...]

#: Cases that requests go round.
ROUND = 200
#: Cases on the agenda of the meeting that is measured, and the most requests at once.
AGENDA, AT_ONCE = 30, 8
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
    #: Whether it writes: the floor, too, then answers by sending on to another page.
    writes: bool = False

    def check(self, project: Project, data: Data) -> None:
        """Check one answer: the right page, the first line the one due first."""
        if self.name == "agenda":
            _check_agenda(project, data)
        if self.name == "at risk":
            _check_at_risk(project, data)
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


def _check_agenda(project: Project, data: Data) -> None:
    references = [row[1] for row in _items(data, "i.place, c.reference")]
    assert len(references) == AGENDA, "the meeting has another number of cases"
    (page,) = _agenda(project, data, 1)
    text = project.fetch(page)[1].decode()
    places = [text.find(str(reference)) for reference in references]
    assert -1 not in places, "a case is not on the agenda"
    assert places == sorted(places), "the agenda is not in order"


def _check_at_risk(project: Project, data: Data) -> None:
    limits = ", ".join(f"'{rule}'" for rule in SEND_PLAN)
    owed = "d.met_on IS NULL AND d.closed_on IS NULL AND d.lifted_by IS NULL"
    open_ones = "c.ended_on IS NULL AND c.stage NOT IN ('assess_declined', 'plan_declined')"
    (expected,) = data.ask(
        "SELECT c.reference FROM deadline d JOIN ehc_case c ON c.id = d.case_id "
        f"WHERE d.duty IN ({limits}) AND {owed} AND {open_ones} ORDER BY d.due_on, c.id LIMIT 1"
    )[0]
    late = project.fetch(project.get("/at-risk?team=all"))[1].decode().split('id="late"')[1]
    assert re.findall(r"EHC-\d+", late)[0] == expected, "the oldest late case is not the first"


def _at_risk(project: Project, data: Data, count: int) -> list[bytes]:
    return [project.get("/at-risk?team=all")] * count


def _floor_at_risk(floor: Floor, data: Data, count: int) -> list[bytes]:
    return [floor.get("/at-risk")] * count


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


def _items(data: Data, columns: str) -> list[Row]:
    """Rows of the items of the meeting that is on the day of the benchmark, in their order."""
    joined = "agenda_item i JOIN panel_meeting m ON m.id = i.meeting_id"
    cases = "JOIN ehc_case c ON c.id = i.case_id"
    where = "WHERE m.on_day = :day AND i.removed_at IS NULL ORDER BY i.place"
    day = data.today.isoformat() if data.kind == "sqlite" else data.today
    rows = data.ask(f"SELECT {columns} FROM {joined} {cases} {where}", day=day)
    return [tuple(row) for row in rows]


def _agenda(project: Project, data: Data, count: int) -> list[bytes]:
    ((meeting,), *_) = _items(data, "m.public_id")
    return [project.get(f"/meetings/{meeting}")] * count


def _floor_agenda(floor: Floor, data: Data, count: int) -> list[bytes]:
    ((meeting,), *_) = _items(data, "m.public_id")
    return [floor.get(f"/meetings/{meeting}")] * count


def _item(project: Project, data: Data, count: int) -> list[bytes]:
    """The page on which a case is recorded, one case after another."""
    rows = islice(cycle(_items(data, "m.public_id, i.public_id")), count)
    return [project.get(f"/meetings/{row[0]}/cases/{row[1]}/decision") for row in rows]


def _floor_item(floor: Floor, data: Data, count: int) -> list[bytes]:
    rows = islice(cycle(_items(data, "i.public_id")), count)
    return [floor.get(f"/items/{row[0]}") for row in rows]


def _decision(project: Project, data: Data, count: int) -> list[bytes]:
    """A new version of a decision each time. Eight at once, no two of them are of one case."""
    rows = _items(data, "m.public_id, i.public_id, i.version")
    seen = [int(str(version)) for *_, version in rows]
    requests = []
    for n in range(count):
        own = n % AT_ONCE + AT_ONCE * (n // AT_ONCE % (len(rows) // AT_ONCE))
        meeting, item, _ = rows[own]
        words = f"The reports show it, as read for the time {seen[own]}."
        said = {"answer": "assess", "reasons": words, "version": str(seen[own]), "was": "{}"}
        requests.append(project.post(f"/meetings/{meeting}/cases/{item}/decision", **said))
        seen[own] += 1
    return requests


def _floor_decision(floor: Floor, data: Data, count: int) -> list[bytes]:
    rows = islice(cycle(_items(data, "c.id")), count)
    return [floor.post(f"/cases/{row[0]}/decisions") for row in rows]


OPERATIONS = (
    Operation("list", _list, _floor_list, goal=8),
    Operation("at risk", _at_risk, _floor_at_risk, goal=10),
    Operation("case page", _case, _floor_case, goal=10),
    Operation("search name", _name, _floor_name, goal=10),
    Operation("search reference", _reference, _floor_reference, goal=10, status=303),
    Operation("event POST", _event, _floor_event, goal=6, status=303, writes=True),
    Operation("agenda", _agenda, _floor_agenda, goal=12),
    Operation("case at a panel", _item, _floor_item, goal=12),
    Operation("decision POST", _decision, _floor_decision, goal=8, status=303, writes=True),
)
