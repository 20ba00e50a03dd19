"""What a person called a file, made fit to be given to another person's machine."""

import re
from typing import Final
from unicodedata import category, normalize

#: Characters; with its ending a name stays well within what any system of files takes.
LONGEST: Final = 100
_SEPARATORS: Final = re.compile(r"[/\\]")
_RESERVED: Final = re.compile(r'[<>:"|?*%;]+')
_SPACES: Final = re.compile(r"\s+")
#: Windows takes these for devices, whatever their ending.
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")


def cleaned(name: str, ending: str) -> str:
    """Return a file's name without folders, hidden marks or anything a system would act on.

    It ends in `ending` (such as ".pdf") and nothing else that looks like a kind of file.
    """
    last = _SEPARATORS.split(normalize("NFC", name))[-1]
    seen = "".join(" " if category(c)[0] in "ZC" else c for c in last)
    stem = seen.rpartition(".")[0] if "." in seen else seen
    stem = _SPACES.sub(" ", _RESERVED.sub("-", stem)).replace(".", "-").strip(" -_~")
    stem = stem[:LONGEST].strip(" -")
    if not stem or _DEVICES.fullmatch(stem):
        stem = f"document {stem}".strip()
    return stem + ending


def ending_of(name: str) -> str:
    """Return the name's last part from its dot, in small letters, or nothing."""
    before, dot, ending = _SEPARATORS.split(name)[-1].rpartition(".")
    return dot + ending.strip().lower() if before + dot else ""
