"""`casework law`: what the system believes, for a lawyer to check."""

import json

import pytest
from click.testing import CliRunner, Result

from casework.cli import main
from casework.rules.book import BOOK


def law(*arguments: str, columns: int = 80) -> Result:
    return CliRunner().invoke(main, ["law", *arguments], env={"COLUMNS": str(columns)})


def test_the_table_shows_every_row_with_its_citation() -> None:
    printed = " ".join(law(columns=120).stdout.split())
    for row in BOOK.values():
        assert row.id in printed
        assert row.law in printed


@pytest.mark.parametrize("columns", [40, 80, 120, 300])
def test_the_table_keeps_between_80_and_120_columns(columns: int) -> None:
    widest = max(len(line) for line in law(columns=columns).stdout.splitlines())
    assert widest <= min(max(columns, 80), 120)


def test_the_book_as_data_is_one_json_document_with_every_row() -> None:
    rows = json.loads(law("--json").stdout)
    assert [row["id"] for row in rows] == list(BOOK)
    final = next(row for row in rows if row["id"] == "final_20w")
    assert final["law"] == "SEND Regulations 2014, reg 13(2)"
    assert final["lifted_by"] == ["X1", "X2", "X3", "X4", "XC"]
    assert (final["amount"], final["count"], final["valid_from"]) == (
        20,
        "weeks after",
        "2014-09-01",
    )


def test_a_word_finds_the_rows_that_speak_of_it() -> None:
    found = law("mediation", "certificate").stdout
    assert "med_cert_after_3wd" in found
    assert "final_20w" not in found


def test_a_word_that_nothing_speaks_of_ends_with_status_1_and_says_so() -> None:
    done = law("--json", "zebra")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == []
    assert "zebra" in done.stderr


def test_a_row_that_is_younger_than_the_regulations_says_from_when_it_is_law() -> None:
    printed = " ".join(law("recs_response_5w", columns=120).stdout.split())
    assert "starts from 2018-04-03." in printed
    assert "starts from" not in law("school_consult_15d").stdout


def test_a_judgment_finds_the_rows_it_declared_and_is_cited_with_them() -> None:
    printed = " ".join(law("Devon", columns=120).stdout.split())
    assert "ar_amend_notice_4w" in printed
    assert "Declared in R (L, M and P) v Devon CC [2022] EWHC 493 (Admin)." in printed
