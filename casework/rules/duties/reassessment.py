"""Re-assessment of a child or young person who has a plan."""

from functools import partial

from casework.rules.duty import Count, Duty
from casework.rules.sources import IN_FORCE, SENDR

_row = partial(
    Duty, chapter="reassessment", owed_by="the authority", per="case", valid_from=IN_FORCE
)

# fmt: off
REASSESSMENT = (
    _row(id="reassess_decision_15d", label="Decide whether to re-assess, and say so",
         duty="Notify the parent or young person whether there will be a re-assessment.",
         starts=("reassessment_requested",), ends="reassessment_decision_sent",
         count=Count.DAYS_AFTER, amount=15, law=f"{SENDR}, reg 25(1)", confidence="S",
         note="Calendar days. No exception is known. A health commissioner's request must be "
              "accepted (unconfirmed)."),
    _row(id="reassess_six_month_bar", label="Re-assess in the 6 months after an assessment",
         duty="The authority need not re-assess within 6 months of the last assessment.",
         starts=("last_assessment_completed",), count=Count.MONTHS_AFTER, amount=6,
         bound="no_earlier_than", law=f"{SENDR}, reg 24", confidence="S",
         note="A bar, not a duty: its due day is its last day."),
    _row(id="reassess_advice_6w", label="Answer the request for advice on re-assessment",
         duty="A body asked to co-operate in a re-assessment answers within 6 weeks.",
         owed_by="the body asked", per="adviser",
         starts=("advice_request_received",), ends="advice_received",
         count=Count.WEEKS_AFTER, amount=6, lifted_under="26",
         instead_of=("advice_partner_6w",), law=f"{SENDR}, regs 26 and 8(1)", confidence="S"),
    _row(id="reassess_reps_15d_min", label="Leave the family 15 days for the new draft",
         duty="Give at least 15 days, beginning with the day the new draft was served.",
         starts=("draft_served",), ends="final_plan_sent",
         count=Count.DAYS_BEGINNING_WITH, amount=15, bound="no_earlier_than",
         instead_of=("reps_15d_min",), law=f"{SENDR}, regs 27(1) and 13(1)", confidence="P"),
    _row(id="reassess_final_14w", label="Send the final plan after re-assessment",
         duty="Send the finalised plan to all its recipients within 14 weeks of the notice that "
              "there will be a re-assessment, or of the authority's own decision.",
         starts=("reassessment_decision_sent",), ends="final_plan_sent",
         count=Count.WEEKS_AFTER, amount=14, lifted_under="27(3)",
         instead_of=("final_20w",), law=f"{SENDR}, reg 27(2)", confidence="P",
         note="The longest lawful path from a request is 15 days and 14 weeks."),
)
# fmt: on
