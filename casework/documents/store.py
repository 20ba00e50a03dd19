"""Where the files themselves are: under drawn names, never those that people gave them.

A store holds bytes by key and never changes them. Another kind of store (an object store, say) is a
class with the same three verbs and a row of `_STORES`.
"""

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

_KEY: Final = re.compile(r"[0-9a-f]{40}")
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


class StoreFull(OSError):
    """There is no room for another file."""


class NotAsStored(Exception):
    """The file is gone, cannot be read, or is not the one that was stored."""


class Store(Protocol):
    """A place for files."""

    def put(self, content: bytes) -> str:
        """Keep the bytes, and return the key by which they are found. Raises StoreFull, OSError."""

    def read(self, key: str, sha256: str) -> bytes:
        """Return the bytes whose digest this is. Raises NotAsStored."""

    def remove(self, key: str) -> None:
        """Forget the bytes; a key that is not there is no fault."""


class LocalFolder:
    """A folder of this machine, outside of everything that the web server gives out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes: whole under their name on the disk, or not at all."""
        key = secrets.token_hex(20)
        file = self._file(key)
        half = file.with_suffix(".part")
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
                new.write(content)
                new.flush()
                os.fsync(new.fileno())
            half.rename(file)
            _settle(file.parent)
        except OSError as error:
            half.unlink(missing_ok=True)
            if error.errno in _NO_ROOM:
                raise StoreFull(error.errno, "the document store is full") from None
            raise
        return key

    def read(self, key: str, sha256: str) -> bytes:
        """Return the bytes, their digest proved at every reading."""
        try:
            content = self._file(key).read_bytes()
        except OSError as error:
            raise NotAsStored(f"it cannot be read ({type(error).__name__})") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise NotAsStored("its contents are not those that were stored")
        return content

    def remove(self, key: str) -> None:
        """Forget the bytes."""
        self._file(key).unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("no key of this store")
        return self._folder / key[:2] / key


def _settle(folder: Path) -> None:
    """Have the disk know the folder's new name too, so that a power cut cannot lose it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _local_folder(place: str, instance: Path) -> Store:
    return LocalFolder(instance / place)


_STORES: Mapping[str, Callable[[str, Path], Store]] = MappingProxyType({"file": _local_folder})


def store_at(address: str, instance: Path) -> Store:
    """Return the store that a setting names, such as `file:documents` (in the instance folder)."""
    scheme, _, place = address.partition(":")
    return _STORES[scheme](place, instance)
