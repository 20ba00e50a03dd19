"""Personal budgets and direct payments."""

from functools import partial

from casework.rules.duty import Count, Duty
from casework.rules.sources import ACT, BUDGETS, IN_FORCE

_row = partial(
    Duty, chapter="personal_budget", owed_by="the authority", per="plan", confidence="S",
    valid_from=IN_FORCE,
)  # fmt: skip

# fmt: off
PERSONAL_BUDGET = (
    _row(id="pb_request_window", label="Ask for a personal budget",
         duty="The family may ask while the draft is being prepared, and whenever the plan is "
              "under review or re-assessment.",
         owed_by="the family", law=f"{BUDGETS}, reg 4", note="No number of days."),
    _row(id="pb_prepare", label="Prepare the personal budget",
         duty="Prepare a budget where it was asked for in time.",
         law=f"{ACT}, s.49(1)", note="Bound by the 20, 14 or 8 weeks of the plan it belongs to."),
    _row(id="pb_refuse", label="Give reasons for refusing a direct payment",
         duty="Refuse a direct payment in writing with reasons, and review the refusal if asked.",
         law=f"{BUDGETS}, reg 7", note="No number of days."),
    _row(id="dp_first_review_3m", label="Review the first direct payments",
         duty="Review direct payments within 3 months of the first, then at each review.",
         starts=("direct_payment_started",), ends="direct_payment_reviewed",
         count=Count.MONTHS_AFTER, amount=3, law=f"{BUDGETS}, reg 11"),
)
# fmt: on
