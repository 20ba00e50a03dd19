"""A roll is kept as it was, whatever becomes of the panel."""

from casework.rules.attendance import Guest, Person, Roll, read

ROLL = Roll(
    people=(
        Person(name="Çigdem", agency="education", position="chair", attended="present", user_id=1),
        Person(name="Hari", agency="health", position="member", attended=None, user_id=2),
        Person(name="Wim", agency="health", position=Guest.OBSERVER, attended="present"),
    ),
    agencies_needed=("education", "health"),
    least_present=2,
)


def test_what_a_signed_record_keeps_is_read_back_whole():
    assert read(ROLL.written()) == ROLL


def test_a_record_that_keeps_no_roll_has_nobody_on_it():
    assert read("[]").people == ()


def test_an_observer_makes_no_quorum_and_has_no_account():
    assert ROLL.quorum().missing == ("Health", "1 more person")
    assert ROLL.has(1)
    assert not ROLL.has(2)
    assert not ROLL.has(None)


def test_people_read_words():
    assert [one.attended_words for one in ROLL.people] == ["Present", "Not recorded", "Present"]
    assert [one.position_words for one in ROLL.people] == ["Chair", "Member", "Observer"]
