"""The scanner is asked in its own protocol; without an answer nothing is called clean."""

import socketserver
import threading
from pathlib import Path

import pytest

from casework.documents.scanning import Clamd, ScannerAway, scanner_at
from tests.documents.clamd import EICAR, _Clamd, clamd, free_port


def scanner(setting: str) -> Clamd:
    found = scanner_at(setting)
    assert found is not None
    return found


def test_a_file_of_many_chunks_is_clean_and_the_test_file_is_found() -> None:
    with clamd() as setting:
        assert scanner(setting).scan(b"a report " * 50_000).is_clean
        assert scanner(setting).scan(b"").is_clean
        assert scanner(setting).scan(b"x" * 70_000 + EICAR).found == "Eicar-Test-Signature"


def test_a_scanner_is_reached_by_a_socket_of_the_machine(tmp_path: Path) -> None:
    place = str(tmp_path / "clamd.ctl")
    with socketserver.ThreadingUnixStreamServer(place, _Clamd) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        assert scanner(f"clamd:{place}").scan(EICAR).found
        server.shutdown()


def test_a_scanner_that_is_away_calls_nothing_clean() -> None:
    with pytest.raises(ScannerAway):
        scanner(f"clamd:127.0.0.1:{free_port()}").scan(b"a report")


def test_a_file_that_the_scanner_cannot_take_is_not_clean() -> None:
    with clamd() as setting, pytest.raises(ScannerAway):
        scanner(setting).scan(b"too large for it")


def test_no_scanner_is_a_setting_too() -> None:
    assert scanner_at("none") is None
