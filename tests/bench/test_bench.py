"""The benchmark still runs and finds every answer right. How long it took is not looked at."""

import json

import pytest

from tests.bench.__main__ import main
from tests.bench.operations import OPERATIONS

pytestmark = pytest.mark.embedded


def test_every_operation_is_measured_on_both(capsys: pytest.CaptureFixture[str]) -> None:
    few = ["--db", "sqlite", "--sizes", "1k", "--passes", "1", "--requests", "3"]
    few += ["--limits", "1k"]
    assert main(few) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    names = ["rebuild, all agree", "rebuild, all differ"]
    names += ["forecast, all anew", "forecast, the same", *(one.name for one in OPERATIONS)]
    names += ["digests, 400 people", "sweep 1,000, all new", "sweep 1,000, no news"]
    assert [row["name"] for row in rows] == names
    assert all(ours > 0 and floor > 0 for row in rows for ours, floor in row["p50"])
    said = [line for line in lines if line.startswith("  ")]
    assert len(said) == len(names)
    assert all("goal" in line for line in said)
