"""The code lists: what a form offers and a return sends."""

import pytest

from casework import codes


def test_a_member_is_its_code_and_has_words() -> None:
    assert codes.SenType.SLCN == "SLCN"
    assert codes.SenType("DS").words == "Down syndrome"
    assert f"{codes.RequestSource('2')}" == "2"
    assert codes.UpnUnknown.choices()[0] == ("UN1", "Under 6 and not yet given one")


@pytest.mark.parametrize(
    ("listed", "size"),
    [
        (codes.Ethnicity, 20),
        (codes.SenType, 13),
        (codes.RequestSource, 5),
        (codes.UpnUnknown, 7),
        (codes.SenSetting, 8),
    ],
)
def test_every_list_is_whole_with_different_words(listed: type[codes.Code], size: int) -> None:
    assert len(listed) == size == len({words for _, words in listed.choices()})


def test_only_families_and_settings_make_a_request() -> None:
    assert [source.makes_a_request for source in codes.RequestSource] == [
        True,
        True,
        False,
        False,
        False,
    ]
