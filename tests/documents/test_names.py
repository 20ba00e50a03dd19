"""A file's name is for people to know it by; no machine acts on it."""

import pytest

from casework.documents.names import LONGEST, cleaned, ending_of


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("EP report.pdf", "EP report.pdf"),
        ("Zoë O’Brien – advice.pdf", "Zoë O’Brien – advice.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\report.pdf", "report.pdf"),
        ("report.exe.pdf", "report-exe.pdf"),
        ("a\0b\r\nSet-Cookie: x=1.pdf", "a b Set-Cookie- x=1.pdf"),
        ("evil\u202efdp.exe.pdf", "evil fdp-exe.pdf"),
        ('<script>"x"</script>.pdf', "script.pdf"),
        ("...pdf", "document.pdf"),
        (".pdf", "document.pdf"),
        ("con.pdf", "document con.pdf"),
        ("   .pdf", "document.pdf"),
        ("", "document.pdf"),
        ("%2e%2e%2f.pdf", "2e-2e-2f.pdf"),
    ],
)
def test_a_name_keeps_its_words_and_nothing_else(given: str, kept: str) -> None:
    assert cleaned(given, ".pdf") == kept


def test_a_name_of_three_hundred_characters_is_cut_and_keeps_its_ending() -> None:
    name = cleaned("é" * 300 + ".pdf", ".pdf")
    assert len(name) == LONGEST + 4
    assert name.endswith("é.pdf")


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.PDF", ".pdf"), ("a.pdf ", ".pdf"), ("a.b/c", ""), ("a", ""), ("a.tar.gz", ".gz")],
)
def test_an_ending_is_what_follows_the_last_dot_of_the_name_itself(name: str, ending: str) -> None:
    assert ending_of(name) == ending
