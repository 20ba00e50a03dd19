"""`casework forecast`, on a new instance that holds a tracker or an invented authority."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from casework.cli.backtest_words import in_words
from casework.rules.backtest import Call
from casework.rules.backtest_figures import figures
from tests.cli.test_imports import FOLDER, casework


@pytest.mark.embedded
def test_forecasts_of_a_tracker_are_kept_and_tried_on_its_past_cases(tmp_path: Path) -> None:
    assert casework(tmp_path, "import-cases", FOLDER / "west-berkshire-2024.xlsx").returncode == 0
    done = casework(tmp_path, "forecast", "--json")
    assert done.returncode == 0, done.stderr
    first = json.loads(done.stdout)
    assert first["forecast"] == first["changed"] > 100
    assert first["failed"] == []
    document = json.loads(casework(tmp_path, "forecast", "--backtest", "--json").stdout)
    assert document["looks"] > 500
    assert not document["is_invented"]
    weeks = {one["weeks"]: one for one in document["horizons"]}
    assert weeks[6]["forecast"]["recall"] > 0.5
    assert weeks[6]["brier"] < weeks[6]["brier_of_share"]


@pytest.mark.embedded
def test_one_case_is_told_with_its_numbers_and_without_a_name(tmp_path: Path) -> None:
    assert casework(tmp_path, "demo", "--cases", "60").returncode == 0
    done = casework(tmp_path, "forecast", "--case", "ehc-000001")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("EHC-000001: ")
    assert "Limit in law: " in done.stdout
    assert "- Deciding whether to assess. It has lasted" in done.stdout


def test_a_backtest_is_told_with_what_it_cannot_show() -> None:
    calls = [
        Call(
            4, date(2026, 1, 1) + timedelta(days=n), n % 2 == 0, 0.9 if n % 2 == 0 else 0.2, 4, True
        )
        for n in range(200)
    ]
    words = in_words(figures(calls), left_out=7, is_invented=True)
    assert "100 looks at past cases, weeks before the limit of each; 7 cases" in words
    assert "\n    4    100    50  100% /   0%  100% /   0% > 20%  100% / 100%" in words
    assert "   4 weeks before: " in words
    assert "These cases are invented." in words
    assert max(map(len, words.splitlines())) <= 100
    own = in_words(figures(calls), left_out=0, is_invented=False)
    assert "invented" not in own
    assert in_words(figures([]), left_out=0, is_invented=False).startswith("There are too few")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--case", "EHC-999999"], "There is no case EHC-999999."),
        (["--case", "EHC-000001", "--backtest"], "Give --case or --backtest, not both."),
    ],
)
def test_what_cannot_be_told_is_said(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = casework(tmp_path, "forecast", *arguments)
    assert done.returncode != 0
    assert words in done.stderr
