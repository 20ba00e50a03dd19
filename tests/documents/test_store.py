"""What is stored is whole, private, and given back as it was or not at all."""

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from casework.documents.store import NotAsStored, StoreFull, store_at

CONTENT = b"a report"
SHA = hashlib.sha256(CONTENT).hexdigest()


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_a_file_comes_back_as_it_was_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    store = store_at("file:documents", tmp_path)
    key = store.put(CONTENT)
    assert store.read(key, SHA) == CONTENT
    (file,) = files_in(tmp_path / "documents")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert file.name == key


def test_the_same_file_twice_is_two_files(tmp_path: Path) -> None:
    store = store_at("file:documents", tmp_path)
    assert store.put(CONTENT) != store.put(CONTENT)


def test_a_file_changed_by_one_byte_is_not_given_out(tmp_path: Path) -> None:
    store = store_at(f"file:{tmp_path}/elsewhere", Path("/nowhere"))
    key = store.put(CONTENT)
    (file,) = files_in(tmp_path)
    file.write_bytes(b"a repost")
    with pytest.raises(NotAsStored, match="contents"):
        store.read(key, SHA)


def test_a_file_that_is_gone_is_said_so(tmp_path: Path) -> None:
    store = store_at("file:documents", tmp_path)
    key = store.put(CONTENT)
    store.remove(key)
    store.remove(key)
    with pytest.raises(NotAsStored):
        store.read(key, SHA)


@pytest.mark.parametrize("key", ["../casework.sqlite3", "", "A" * 40, "0" * 39 + "\n"])
def test_a_key_that_no_store_drew_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        store_at("file:documents", tmp_path).read(key, SHA)


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFull):
        store_at("file:documents", tmp_path).put(CONTENT)
    assert files_in(tmp_path) == []
