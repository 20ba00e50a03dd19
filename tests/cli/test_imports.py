"""`casework import-cases`, run as a new user would: in a folder where there is nothing."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

FOLDER = Path(__file__).parent.parent / "trackers"
TRACKER = FOLDER / "west-berkshire-2024.xlsx"
COMMAND = [sys.executable, "-c", "from casework.cli import main; main(prog_name='casework')"]


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def casework(instance: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {
        "CASEWORK_INSTANCE_PATH": str(instance),
        "CASEWORK_TODAY": "2026-11-23",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_a_tracker_comes_in_refused_rows_are_named_and_a_second_import_adds_nothing(
    instance: Path,
) -> None:
    expected = json.loads((FOLDER / "west-berkshire-2024.expected.json").read_text())
    done = casework(instance, "import-cases", TRACKER, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert list(report) == ["rows", "imported", "already_held", "refused", "warnings"]
    assert (report["rows"], report["imported"], report["already_held"]) == (623, 616, 0)
    assert [r["line"] for r in report["refused"]] == [b["line"] for b in expected["bad_rows"]]
    assert all(set(r) == {"line", "column", "value", "reason"} for r in report["refused"])
    assert report["warnings"] == []
    assert "Making cases" in done.stderr

    again = json.loads(casework(instance, "import-cases", TRACKER, "--json").stdout)
    assert (again["imported"], again["already_held"]) == (0, 616)
    rebuilt = casework(instance, "rebuild-deadlines", "--check", "--json")
    assert (rebuilt.returncode, json.loads(rebuilt.stdout)["differed"]) == (0, 0)


def test_refused_rows_are_saved_corrected_and_brought_back(instance: Path, tmp_path: Path) -> None:
    refused = tmp_path / "refused.xlsx"
    done = casework(instance, "import-cases", TRACKER, "--refused-to", refused)
    assert done.returncode == 0, done.stderr
    assert "7 rows refused and left out." in done.stdout

    nothing = casework(instance, "import-cases", refused, "--json")
    assert nothing.returncode == 1
    assert json.loads(nothing.stdout)["rows"] == 7

    workbook = openpyxl.load_workbook(refused)
    sheet = workbook.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("Request rec'd") + 1).value = "3.4.24"
    workbook.save(refused)
    corrected = json.loads(casework(instance, "import-cases", refused, "--json").stdout)
    assert (corrected["rows"], corrected["imported"]) == (7, 1)


def test_a_dry_run_changes_nothing(instance: Path) -> None:
    for _ in range(2):
        report = json.loads(
            casework(instance, "import-cases", TRACKER, "--dry-run", "--json").stdout
        )
        assert (report["imported"], report["already_held"]) == (616, 0)


def test_a_heading_chosen_is_remembered(instance: Path, tmp_path: Path) -> None:
    tracker = tmp_path / "tracker.csv"
    tracker.write_text("Kid's name,Came to us\nInvented Ida,3/4/25\n", encoding="utf-8")
    refused = casework(instance, "import-cases", tracker)
    assert refused.returncode == 1
    assert "No column was found for: Request received" in refused.stderr
    assert refused.stdout == ""
    chosen = ("--mapping", "request_received=Came to us", "--mapping", "full_name=Kid's name")
    dry = casework(instance, "import-cases", tracker, "--dry-run", "--json", *chosen)
    assert json.loads(dry.stdout)["imported"] == 1
    assert casework(instance, "import-cases", tracker, *chosen).returncode == 0
    report = json.loads(casework(instance, "import-cases", tracker, "--json").stdout)
    assert report["already_held"] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["no-such-file.xlsx"], 2, "does not exist"),
        ([TRACKER, "--mapping", "colour=Hair"], 2, "The fields are: reference"),
        ([TRACKER, "--mapping", "surname"], 2, "is not field=Heading"),
        ([TRACKER, "--refused-to", "refused.txt"], 2, "must end in .xlsx or .csv"),
        ([TRACKER, "--refused-to", TRACKER], 2, "is there already"),
        ([TRACKER, "--sheet", "Nowhere"], 1, "No row of headings"),
        ([Path(__file__)], 1, "Choose a file whose name ends in .xlsx or .csv"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    instance: Path, arguments: list[object], status: int, words: str
) -> None:
    done = casework(instance, "import-cases", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
