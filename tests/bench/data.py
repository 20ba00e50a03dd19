"""The records measured: invented, loaded by the project's own path, and counted."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import text

from casework.app import create_app
from casework.config import Settings
from casework.demonstration import load as demonstration
from casework.demonstration.sign_ins import SignIn
from casework.extensions import db
from casework.services import audit_trail, deadlines

#: Five years of requests.
YEARS = 5
#: What came with the answers of advisers: lists and figures are measured with it there.
_OF_ADVICE = (
    *("advice_service", "advice", "advice_entry", "advice_check", "advice_expected"),
    *("advice_sample", "advice_score"),
)


@dataclass
class Data:
    """A loaded database, and what is known of it."""

    size: int
    url: str
    folder: Path
    today: date
    app: Flask
    manager: SignIn
    #: Seconds that loading took.
    took: float
    #: How many events the operations have logged.
    logged: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return which database it is: sqlite or postgresql."""
        return self.url.partition(":")[0].partition("+")[0]

    def ask(self, question: str, **given: Any) -> Sequence[Any]:
        """Return the rows that answer an SQL question, on a connection of its own."""
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.execute(text(question), given).all()

    def check_after(self) -> None:
        """Check that what was logged is there, derived and on the trail; AssertionError if not."""
        events = self.ask("SELECT count(*) FROM case_event")[0][0]
        assert events == self.counts["case_event"] + self.logged, "events are missing"
        with self.app.app_context():
            assert not deadlines.rebuild(mend=False).differing, "deadlines differ from the facts"
            assert not audit_trail.verify().faults, "the audit trail is broken"


def load(url: str, folder: Path, size: int, seed: int, today: date) -> Data:
    """Return a new database filled with `size` cases; the same for a seed and a day."""
    settings = Settings(
        instance_path=folder,
        database_url=url,
        secret_key="a secret key that only the benchmark uses",
        audit_key="an audit key that only the benchmark uses",
        today=today,
    )
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        began = time.perf_counter()
        loaded = demonstration.load(today=today, cases=size, seed=seed, years=YEARS)
        took = time.perf_counter() - began
        db.session.remove()
    manager = next(sign_in for sign_in in loaded.sign_ins if sign_in.role == "manager")
    data = Data(size, url, folder, today, app, manager, took)
    _count(data, loaded)
    return data


def _count(data: Data, loaded: demonstration.Loaded) -> None:
    """Count what was loaded, so that a faster answer that is wrong fails."""
    for table in ("ehc_case", "case_event", "deadline", "adviser", *_OF_ADVICE):
        data.counts[table] = data.ask(f"SELECT count(*) FROM {table}")[0][0]
    data.counts["open"] = data.ask("SELECT count(*) FROM ehc_case WHERE ended_on IS NULL")[0][0]
    assert data.counts["ehc_case"] == loaded.cases == data.size
    assert data.counts["case_event"] == loaded.events
    assert data.counts["deadline"] > 5 * data.size
    assert data.counts["advice"] > 0.5 * data.size
    assert data.counts["advice_entry"] > data.counts["advice"]
    assert all(data.counts[table] for table in _OF_ADVICE)
    assert 0.04 * data.size < data.counts["open"] < 0.2 * data.size
    if data.kind == "postgresql":
        with data.app.app_context(), db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("VACUUM ANALYZE"))
    else:
        data.ask("SELECT 1")
