"""Moving to the next phase of education: a final amended plan before a fixed day."""

from datetime import date
from functools import partial

from casework.rules.duty import Count, Duty
from casework.rules.sources import IN_FORCE, SENDR

_row = partial(
    Duty, chapter="phase_transfer", owed_by="the authority", per="plan", bound="before",
    starts=("phase_transfer_on",), ends="final_plan_sent", confidence="P", valid_from=IN_FORCE,
)  # fmt: skip

# fmt: off
PHASE_TRANSFER = (
    _row(id="pt_early_years_to_y11", label="Name the next school before 15 February",
         duty="Review and amend the plan, naming the next school or its type, before 15 February "
              "of the year of a transfer into or between schools.",
         count=Count.BEFORE_FIXED_DAY, fixed=(2, 15), law=f"{SENDR}, reg 18(1)(b)",
         note="Early years to school, infant to junior, primary to middle or secondary, middle to "
              "secondary (reg 2). \"Before\": 14 February is the last day."),
    _row(id="pt_secondary_to_post16", label="Name the post-16 institution before 31 March",
         duty="Review and amend the plan, naming the institution or its type, before 31 March of "
              "the year of a transfer from secondary school to a post-16 institution.",
         count=Count.BEFORE_FIXED_DAY, fixed=(3, 31), law=f"{SENDR}, reg 18(1)(a)",
         note="\"Before\": 30 March is the last day. For 1 September 2015 see `pt_2015_post16`."),
    _row(id="pt_post16_to_post16", label="Name the next post-16 institution 5 months before",
         duty="Review and amend the plan at least 5 months before a transfer from one post-16 "
              "institution to another at any other time.",
         count=Count.MONTHS_BEFORE, amount=5, law=f"{SENDR}, reg 18(2)"),
    _row(id="pt_2015_post16", label="Name the post-16 institution before 31 May 2015",
         duty="For transfers to a post-16 institution on 1 September 2015, amend before 31 May.",
         count=Count.BEFORE_FIXED_DAY, fixed=(5, 31), law=f"{SENDR}, reg 18(3)",
         valid_from=date(2015, 1, 1), valid_until=date(2015, 12, 31), note="Historic."),
)
# fmt: on
