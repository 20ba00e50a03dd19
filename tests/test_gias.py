"""The register's columns as ours, and what cannot be read by line. Every school is invented."""

import pytest

from casework import gias
from casework.codes import SettingType
from casework.tracker.findings import Unreadable
from tests.fixtures.gias import HEADINGS, file_of, school


def only(**said: str) -> dict[str, object]:
    register = gias.read(file_of(school(**said)))
    assert not register.refused
    [row] = register.rows.values()
    return dict(row.said)


def test_a_row_says_where_a_school_is_and_what_it_is() -> None:
    assert only(Locality="Felpersham", TypeOfResourcedProvision="SEN unit") == {
        "name": "Invented Primary School",
        "kind": "primary",
        "ukprn": "19999101",
        "address": "1 Nowhere Lane\nFelpersham",
        "postcode": "ZZ1 1ZZ",
        "la_code": "881",
        "la_name": "Borsetshire",
        "is_section_41": False,
        "has_unit": True,
        "has_resourced": False,
        "is_open": True,
    }


@pytest.mark.parametrize(
    ("type_", "phase", "section_41", "kind"),
    [
        ("Voluntary aided school", "Nursery", "", SettingType.NURSERY_SCHOOL),
        ("Academy converter", "Middle deemed secondary", "", SettingType.SECONDARY),
        ("Free schools", "All-through", "", SettingType.ALL_THROUGH),
        ("Foundation special school", "Not applicable", "", SettingType.SPECIAL),
        ("Non-maintained special school", "", "", SettingType.NON_MAINTAINED_SPECIAL),
        ("Other independent special school", "", "Approved", SettingType.SECTION_41),
        ("Other independent special school", "", "Not approved", SettingType.INDEPENDENT),
        ("Special post 16 institution", "", "Approved", SettingType.SPECIAL_POST_16),
        ("Pupil referral unit", "", "", SettingType.ALTERNATIVE_PROVISION),
        ("Further education", "16 plus", "", SettingType.FURTHER_EDUCATION),
        ("Children’s centre", "", "", SettingType.OTHER),
    ],
)
def test_the_type_follows_from_the_register_s_own(
    type_: str, phase: str, section_41: str, kind: SettingType
) -> None:
    said = only(TypeOfEstablishment=type_, PhaseOfEducation=phase, Section41Approved=section_41)
    assert said["kind"] == kind
    assert said["is_section_41"] == (section_41 == "Approved")


def test_a_bad_row_is_named_by_line_and_column_and_the_others_are_taken() -> None:
    two_lines = school(URN="999102", Street="The Lodge\r\n2 Nowhere Lane")
    register = gias.read(
        file_of(
            two_lines,
            school(URN="12345"),
            school(URN="999103", EstablishmentName=""),
            school(URN="999104", EstablishmentStatus="Moved"),
            school(URN="999102"),
            school(URN="999105", Postcode="nowhere", TypeOfEstablishment="Flying school"),
        )
    )
    assert [(one.line, one.column) for one in register.refused] == [
        (4, "URN"),
        (5, "EstablishmentName"),
        (6, "EstablishmentStatus (name)"),
        (7, "URN"),
    ]
    assert "line 2 has this URN already" in str(register.refused[-1])
    assert list(register.rows) == ["999102", "999105"]
    assert [(one.line, one.column) for one in register.left_out] == [(8, "Postcode")]
    assert register.unknown_types == {"Flying school": 1}


def test_names_are_read_in_either_encoding() -> None:
    old = file_of(school(EstablishmentName="St Brêndan’s"))
    new = b"\xef\xbb\xbf" + old.decode("windows-1252").encode("utf-8")
    for content in (old, new):
        assert gias.read(content).rows["999101"].said["name"] == "St Brêndan’s"


def test_what_the_file_has_no_column_for_is_not_said() -> None:
    headings = ("URN", "EstablishmentName", "TypeOfEstablishment (name)")
    [row] = gias.read(file_of(school(), headings=headings)).rows.values()
    assert set(row.said) == {"name", "kind"}
    with pytest.raises(Unreadable, match=r"no column EstablishmentName"):
        gias.read(file_of(school(), headings=tuple(h for h in HEADINGS if h != HEADINGS[3])))
