"""`casework load-settings`, run as a new user would. Every school is invented."""

import subprocess
import sys
from pathlib import Path

from tests.fixtures.gias import file_of, school

COMMAND = [sys.executable, "-c", "from casework.cli import main; main(prog_name='casework')"]


def casework(instance: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {
        "CASEWORK_INSTANCE_PATH": str(instance),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [*COMMAND, "load-settings", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_a_file_is_reported_first_then_taken_in_and_bad_rows_are_named(tmp_path: Path) -> None:
    instance, file = tmp_path / "instance", tmp_path / "register.csv"
    file.write_bytes(file_of(school(), school(URN="12", EstablishmentName="Bad row")))
    looked = casework(instance, file)
    assert "Settings would be added: 1" in looked.stdout
    assert "Line 3, URN, “12”" in looked.stdout
    assert "Add --apply" in looked.stderr
    assert looked.returncode == 1, "a row was refused"
    assert "Settings added: 1" in casework(instance, file, "--apply").stdout
    again = casework(instance, file, "--apply")
    assert "Settings added: 0; changed: 0; as they were: 1" in again.stdout
    file.write_bytes(b"Name,Place\r\nA school,Felpersham\r\n")
    unknown = casework(instance, file)
    assert unknown.returncode == 1
    assert "no column URN" in unknown.stderr
