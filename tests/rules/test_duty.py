"""A row that contradicts itself never gets into the book."""

from datetime import date
from typing import Any

import pytest

from casework.rules.duty import Count, Duty, Limb
from casework.rules.errors import BadRow

GOOD: dict[str, Any] = {
    "id": "final_20w",
    "label": "Send the final plan",
    "chapter": "assessment",
    "duty": "Send the final plan within 20 weeks.",
    "owed_by": "the authority",
    "per": "case",
    "starts": ("request_received",),
    "ends": "final_plan_sent",
    "count": Count.WEEKS_AFTER,
    "amount": 20,
    "law": "SEND Regulations 2014, reg 13(2)",
    "confidence": "P",
    "valid_from": date(2014, 9, 1),
}
LIMB = Limb(starts=("draft_served",), count=Count.WEEKS_AFTER, amount=1)


def test_a_good_row_is_taken() -> None:
    assert Duty(**GOOD).is_computed


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"id": "Final 20w"}, "an id is"),
        ({"label": ""}, "label"),
        ({"label": "Send it."}, "full stop"),
        ({"owed_by": ""}, "too little"),
        ({"law": ""}, "no known source"),
        ({"law": "Some Act 1999, s.1"}, "no known source"),
        ({"kind": "local"}, "own target"),
        ({"law": "authority's own target"}, "own target"),
        ({"kind": "custom"}, "kind"),
        ({"per": "galaxy"}, "per nothing known"),
        ({"confidence": "X"}, "confidence"),
        ({"valid_until": date(2014, 8, 31)}, "ends before it begins"),
        ({"starts": ("request_recieved",)}, "facts that do not exist"),
        ({"ends": "plan_posted"}, "facts that do not exist"),
        ({"lifted_under": "99(9)"}, "no known regulation"),
        ({"starts": ()}, "never starts"),
        ({"amount": 0}, "amount and count disagree"),
        ({"count": None}, "amount and count disagree"),
        ({"count": Count.AT_ONCE}, "amount and count disagree"),
        ({"count": Count.BEFORE_FIXED_DAY, "amount": 0, "bound": "before"}, "fixed day"),
        ({"fixed": (2, 15)}, "fixed day"),
        ({"bound": "before"}, "count and bound disagree"),
        ({"count": Count.WEEKS_BEFORE}, "count and bound disagree"),
        ({"count": Count.LATER_OF, "amount": 0}, "the later of what"),
        (
            {"count": Count.LATER_OF, "amount": 0, "limbs": (LIMB,), "combine": "latest"},
            "limbs start elsewhere",
        ),
        (
            {
                "count": Count.LATER_OF,
                "amount": 0,
                "limbs": (LIMB,),
                "starts": ("draft_served",),
            },
            "combine to the latest",
        ),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_in_words(
    wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadRow, match=says):
        Duty(**{**GOOD, **wrong})
