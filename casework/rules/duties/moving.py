"""Moving between areas: the old authority transfers, the new one tells and reviews."""

from functools import partial

from casework.rules.duty import Count, Duty, Limb
from casework.rules.sources import COP, IN_FORCE, SENDR

_row = partial(Duty, chapter="moving", per="move", valid_from=IN_FORCE)
_TWELVE_MONTHS = Limb(
    starts=("last_review_completed", "plan_first_made"), combine="latest",
    count=Count.MONTHS_BEGINNING_WITH, amount=12,
)  # fmt: skip
_THREE_MONTHS = Limb(starts=("plan_transferred",), count=Count.MONTHS_BEGINNING_WITH, amount=3)

# fmt: off
MOVING = (
    _row(id="move_transfer_day", label="Transfer the plan on the day of the move",
         duty="Known at least 15 working days before, transfer the plan on the day of the move.",
         owed_by="the old authority", law=f"{SENDR}, reg 15(2)", confidence="P",
         note="On the day of the move."),
    _row(id="move_transfer_15wd", label="Transfer the plan",
         duty="Otherwise transfer the plan within 15 working days beginning with the day the old "
              "authority became aware of the move.",
         owed_by="the old authority", starts=("move_known",), ends="plan_transferred",
         count=Count.WORKING_DAYS_BEGINNING_WITH, amount=15,
         law=f"{SENDR}, reg 15(2)", confidence="P",
         note="From the old authority's awareness, not the new one's."),
    _row(id="move_inform_6w", label="Tell the family what the new authority will do",
         duty="Tell the family that the plan was transferred, whether there will be an assessment "
              "and when the plan will be reviewed, within 6 weeks of the transfer.",
         owed_by="the new authority", starts=("plan_transferred",), ends="move_notice_sent",
         count=Count.WEEKS_AFTER, amount=6, lifted_under="2020/471",
         law=f"{SENDR}, reg 15(4)", confidence="P"),
    _row(id="move_review", label="Review the transferred plan",
         duty="Review the plan before the later of 12 months beginning with its last review or "
              "making, and 3 months beginning with its transfer.",
         owed_by="the new authority",
         starts=("last_review_completed", "plan_first_made", "plan_transferred"),
         combine="latest", count=Count.LATER_OF, limbs=(_TWELVE_MONTHS, _THREE_MONTHS),
         ends="review_decision_sent", law=f"{SENDR}, reg 15(5)", confidence="S",
         note="A review replaces the making of the plan as the start of the 12 months."),
    _row(id="move_icb_notify_15wd", label="Tell the new health commissioner",
         duty="Tell the new health commissioner on the day of the move, or within 15 working days "
              "beginning with becoming aware of it.",
         owed_by="the old health commissioner", starts=("move_known",), ends="health_body_told",
         count=Count.WORKING_DAYS_BEGINNING_WITH, amount=15,
         law=f"{SENDR}, reg 16", confidence="S", note="Regulation number unconfirmed."),
    _row(id="move_icb_request_15wd", label="Ask for an assessment or review on health grounds",
         duty="Where the new health commissioner cannot provide, ask the authority to assess or "
              "review within 15 working days; the authority must agree.",
         owed_by="the new health commissioner", starts=("move_known",),
         ends="health_body_requested", count=Count.WORKING_DAYS_AFTER, amount=15,
         law=f"{SENDR}, reg 16", confidence="S"),
    _row(id="move_mid_assessment", label="Decide afresh on an unfinished assessment",
         duty="An unfinished assessment does not transfer: the new authority decides afresh, "
              "taking it into account, in new 6, 16 and 20 weeks.",
         owed_by="the new authority", kind="guidance", law=f"{COP}, chapter 9", confidence="S",
         note="Close the old case as moved out."),
)
# fmt: on
