"""Children and young people detained in youth accommodation, from 1 April 2015."""

from functools import partial

from casework.rules.duties.assessment import REQUEST
from casework.rules.duty import Count, Duty
from casework.rules.sources import DETAINED, DETAINED_IN_FORCE

_row = partial(
    Duty, chapter="detained", owed_by="the home authority", per="case", valid_from=DETAINED_IN_FORCE
)

# fmt: off
DETAINED_CHAPTER = (
    _row(id="det_decision_6w", label="Decide whether to assess a detained person",
         duty="Notify the appropriate person and the person in charge whether an assessment will "
              "be made, within 6 weeks.",
         starts=REQUEST, ends="assess_decision_sent", count=Count.WEEKS_AFTER, amount=6,
         lifted_under="DP 5", instead_of=("assess_decision_6w",),
         law=f"{DETAINED}, reg 5", confidence="P",
         note="The third ground was not read to its end: it appears to be a parent's absence."),
    _row(id="det_advice_6w", label="Answer the request for advice on a detained person",
         duty="A body asked to co-operate answers within 6 weeks of receiving the request.",
         owed_by="the body asked", per="adviser",
         starts=("advice_request_received",), ends="advice_received",
         count=Count.WEEKS_AFTER, amount=6, instead_of=("advice_partner_6w",),
         law=f"{DETAINED}, reg 8", confidence="M"),
    _row(id="det_noplan_16w",
         label="Decide whether to issue a plan in detention, say if not",
         duty="Where no plan is to be made, say so within 16 weeks.",
         starts=REQUEST, ends="no_plan_notice_sent", count=Count.WEEKS_AFTER, amount=16,
         lifted_under="DP 10(4)", instead_of=("no_plan_16w",),
         law=f"{DETAINED}, reg 10", confidence="M"),
    _row(id="det_reps_15d_min", label="Leave 15 days for a detained person's draft",
         duty="Give at least 15 days, beginning with the day the draft was served.",
         starts=("draft_served",), ends="final_plan_sent",
         count=Count.DAYS_BEGINNING_WITH, amount=15, bound="no_earlier_than",
         instead_of=("reps_15d_min",), law=f"{DETAINED}, reg 13(1)", confidence="P"),
    _row(id="det_final_20w", label="Send a detained person's final plan",
         duty="Send the final plan to all its recipients within 20 weeks.",
         starts=REQUEST, ends="final_plan_sent", count=Count.WEEKS_AFTER, amount=20,
         lifted_under="DP 10(4)", instead_of=("final_20w",),
         law=f"{DETAINED}, reg 13(2)", confidence="P",
         note="The appropriate person, the person in charge, the youth offending team, the named "
              "institution, the home health commissioner and the health services commissioner."),
    _row(id="det_order_2w", label="Carry out the order about a detained person",
         duty="Ordered to assess, or to change the school named, do so within 2 weeks.",
         per="appeal", starts=("tribunal_order_made",), ends="assess_decision_sent",
         or_ends=("final_plan_sent",), count=Count.WEEKS_AFTER, amount=2,
         law=f"{DETAINED}, Part 4", confidence="S",
         note="Appeals cover only refusal to assess, refusal to make a plan, and placement."),
    _row(id="det_keep_plan", label="Keep a detained person's plan",
         duty="A plan already held is kept during detention and reviewed on release.",
         per="plan", law=f"{DETAINED}, Part 3", confidence="M",
         note="As soon as practicable on release (Children and Families Act 2014, s.48)."),
)
# fmt: on
