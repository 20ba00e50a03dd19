"""`casework clock`: a line in, a line out, and a bad line answered in words."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from casework.cli import main
from casework.clock import set_today

QUESTION = {"id": "a", "rule": "final_20w", "given": {"request_received": "2026-03-02"}}


def ask(*lines: object, text: bytes | None = None) -> tuple[int, list[dict[str, Any]]]:
    sent = text if text is not None else "\n".join(json.dumps(line) for line in lines).encode()
    done = CliRunner().invoke(main, ["clock"], input=sent)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def test_the_answer_is_the_interfaces_own_first_example() -> None:
    status, said = ask({**QUESTION, "today": "2026-07-01"})
    assert status == 0
    assert said == [
        {
            "id": "a",
            "rule": "final_20w",
            "due": "2026-07-20",
            "act_by": "2026-07-20",
            "standing": "running",
            "days_left": 19,
            "kind": "law",
            "law": "SEND Regulations 2014, reg 13(2)",
            "because": "20 weeks after the request was received on Monday 2 March 2026; "
            "the day it was received is not counted",
        }
    ]


def test_lines_are_answered_in_order_and_a_bad_one_does_not_stop_the_others() -> None:
    status, said = ask(QUESTION, {**QUESTION, "id": "b", "rule": "final_20x"}, QUESTION)
    assert status == 1
    assert [line["id"] for line in said] == ["a", "b", "a"]
    assert set(said[1]) == {"id", "error"}
    assert "final_20w" in said[1]["error"]


def test_a_file_is_read_as_standard_input_is(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("\ufeff" + json.dumps(QUESTION) + "\r\n\r\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["clock", str(file)])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["due"] == "2026-07-20"


def test_no_lines_are_no_answers_and_no_fault() -> None:
    assert ask(text=b"\n \n") == (0, [])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"nope", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": "a"}', "which rule"),
        (b'{"id": "a", "rule": 6}', "which rule"),
        (b'{"id": "a", "rule": "final_20w", "given": ["x"]}', "not a set of facts"),
        (b'{"id": "a", "rule": "final_20w", "exception": ["X3"]}', "'exceptions'"),
    ],
)
def test_a_line_that_is_no_question_gets_an_error_that_says_so(line: bytes, says: str) -> None:
    status, said = ask(text=line)
    assert status == 1
    assert set(said[0]) == {"id", "error"}
    assert says in said[0]["error"]


def test_fields_of_the_askers_own_are_let_be() -> None:
    status, said = ask({**QUESTION, "source": "a decision", "expected": {"due": "2026-07-20"}})
    assert status == 0
    assert "source" not in said[0]


def test_today_is_the_london_date_unless_given() -> None:
    set_today(date(2026, 7, 21))
    assert ask(QUESTION)[1][0]["standing"] == "overdue"


def test_a_fixed_day_is_today_outside_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWORK_TODAY", "2026-07-01")
    assert ask(QUESTION)[1][0]["days_left"] == 19
    monkeypatch.setenv("CASEWORK_ENVIRONMENT", "production")
    set_today(date(2026, 7, 21))
    assert ask(QUESTION)[1][0]["days_late"] == 1


def test_what_is_written_out_is_json_even_where_what_came_in_was_not() -> None:
    status, (said, huge) = ask(text=b'{"id": NaN, "rule": "final_20w"}\n{"id": 1e999}')
    assert "Line 2 is not JSON" in huge["error"]
    assert (status, said["id"]) == (1, None)
    assert "Line 1 is not JSON" in said["error"]
