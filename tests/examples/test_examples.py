"""The worked examples and the published cases, each held to what it says.

`clock-examples.jsonl` and `more-examples.jsonl` were worked by hand; together with the cases they
hold one example at least for every rule that gives a date (`tests/rules/test_book.py` sees to it).

`clock-cases.jsonl` comes from judgments, Ombudsman
decisions and guides that print dates; `accept_day_before` marks sources that read "by" or the
anniversary where the law says "before" or "starting with".
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.holidays import england_and_wales
from casework.rules.answers import answer
from casework.rules.errors import RuleError

HERE = Path(__file__).parent
TODAY = date(2026, 11, 23)


def read(name: str) -> list[dict[str, Any]]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


EXAMPLES = read("clock-examples.jsonl") + read("more-examples.jsonl")
CASES = read("clock-cases.jsonl")


def ask(example: dict[str, Any]) -> dict[str, Any]:
    try:
        return answer(
            example["rule"],
            example["given"],
            example.get("ended", {}),
            example.get("exceptions", []),
            date.fromisoformat(example["today"]) if "today" in example else TODAY,
            england_and_wales(),
        )
    except RuleError:
        return {"error": True}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_a_worked_example_comes_out_as_written(example: dict[str, Any]) -> None:
    said = ask(example)
    assert {field: said.get(field) for field in example["expected"]} == example["expected"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_published_case_comes_out_as_the_source_says(case: dict[str, Any]) -> None:
    said = ask(case)
    expected = date.fromisoformat(case["expected"])
    in_time = {expected}
    if case.get("accept_day_before"):
        in_time.add(expected - timedelta(days=1))
    assert date.fromisoformat(said["due"]) in in_time
    if "expected_days_late" in case:
        assert said["days_late"] == case["expected_days_late"]
