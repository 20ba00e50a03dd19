"""`casework indicators`, on a new instance that a tracker was brought into."""

import json
from pathlib import Path

import pytest

from tests.cli.test_imports import FOLDER, casework

PERIOD = ("--from", "2024-01-01", "--to", "2024-12-31")


def test_the_figures_are_one_json_document(tmp_path: Path) -> None:
    assert casework(tmp_path, "import-cases", FOLDER / "west-berkshire-2024.xlsx").returncode == 0
    done = casework(tmp_path, "indicators", *PERIOD, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["period"] == {"from": "2024-01-01", "to": "2024-12-31"}
    assert document["indicators"]["plans_20w_exc"] == {
        "numerator": 125,
        "denominator": 224,
        "percent": 55.8,
    }
    table = casework(tmp_path, "indicators", *PERIOD).stdout
    assert "1 January 2024 to 31 December 2024" in table
    assert "55.8%  125 of 224" in table


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "2024-12-31", "--to", "2024-01-01"], "The last day must be"),
        (["--from", "2024-01-01"], "Missing option '--to'"),
        (["--from", "1/1/2024", "--to", "2024-12-31"], "does not match the format"),
    ],
)
def test_a_period_that_is_none_is_a_usage_error(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = casework(tmp_path, "indicators", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
