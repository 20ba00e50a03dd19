"""What is committed, and what is built from it."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from casework.config import ROOT

BUILT = ROOT / "casework" / "static" / "built"
NPM_LOCK = ROOT / "casework" / "assets" / "package-lock.json"
LOCKS = [*sorted((ROOT / "casework" / "locks").iterdir()), NPM_LOCK]


def committed() -> list[Path]:
    """Return every file that git has, or would take."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_address_and_pins_by_hash(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--hash=sha256:" in text or '"integrity": "sha512-' in text


def test_every_locked_package_has_a_hash() -> None:
    for lock in LOCKS[:-1]:
        lines = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        assert [line for line in lines if line and "--hash=sha256:" not in line] == []
    packages = json.loads(NPM_LOCK.read_text(encoding="utf-8"))["packages"]
    assert [name for name, p in packages.items() if name and "integrity" not in p] == []


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    # The words are put together here so that this file does not hold them itself.
    words = ["/".join(("", "work", "")), "/".join(("", "tmp", "wt")), "/".join(("", "root", ""))]
    words += [".".join(("pypi", "org")), ".".join(("pythonhosted", "org"))]
    words += [".".join(("npmjs", "org")), ".".join(("npmjs", "com"))]
    found = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in committed()
        for word in words
        if word.encode() in file.read_bytes()
    ]
    assert found == []


def test_no_committed_file_holds_a_conflict() -> None:
    marks = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
    assert [f for f in committed() if marks.search(f.read_bytes())] == []


def test_the_stylesheet_asks_for_no_font_and_no_mark_of_gov_uk() -> None:
    css = (BUILT / "casework.css").read_text(encoding="utf-8")
    assert "govuk-button" in css
    assert "GDS Transport" not in css
    assert "@font-face" not in css
    assert ".woff" not in css
    # The crest's rules come with GOV.UK Frontend's footer; no page of ours has its class.
    rules = re.findall(r"([^{}]+)\{[^{}]*url\(", css)
    assert all("govuk-footer__copyright-logo" in rule for rule in rules)


def test_no_page_has_the_class_that_asks_for_the_crest() -> None:
    pages = (ROOT / "templates").rglob("*.html")
    assert not [p for p in pages if "copyright-logo" in p.read_text(encoding="utf-8")]


@pytest.mark.embedded
def test_every_template_parses(app: Flask) -> None:
    templates = [p for p in (ROOT / "templates").rglob("*") if p.is_file()]
    assert len(templates) > 10
    for file in templates:
        app.jinja_env.get_template(file.relative_to(ROOT / "templates").as_posix())


def test_no_template_has_a_style_or_a_script_of_its_own() -> None:
    style = r"<style|\sstyle=|"
    inline = r"\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)|\|\s*safe\b"
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in (ROOT / "templates").rglob("*.html")
        # A mail program reads no stylesheet: what an email looks like stands in its own lines.
        if (
            match := re.search(
                inline if file.is_relative_to(ROOT / "templates" / "emails") else style + inline,
                file.read_text(encoding="utf-8"),
            )
        )
    ]
    assert found == []


def test_the_scripts_fetch_nothing_from_elsewhere() -> None:
    for file in (ROOT / "casework" / "static").glob("*.js"):
        assert "://" not in file.read_text(encoding="utf-8")
    assert "sourceMappingURL" not in (BUILT / "govuk-frontend.min.js").read_text(encoding="utf-8")
