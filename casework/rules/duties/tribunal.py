"""Appeals: the time to appeal and to respond, orders, concessions and recommendations.

Regulation 44(1) makes every order's limit yield to a direction of the tribunal: a directed date
governs where there is one. Limits run from the date of the order or notice, not its receipt.
"""

from datetime import date
from functools import partial

from casework.rules.duty import Count, Duty, Limb
from casework.rules.sources import (
    CONCESSIONS_REWRITTEN,
    HESC,
    IN_FORCE,
    RECOMMENDATIONS,
    RECOMMENDATIONS_IN_FORCE,
    SENDR,
)

_row = partial(Duty, chapter="tribunal", owed_by="the authority", per="appeal", valid_from=IN_FORCE)
_order = partial(
    _row, starts=("tribunal_order_made",), count=Count.WEEKS_AFTER, lifted_under="44(3)",
    confidence="S", note="August and Christmas are counted. Paragraph (3) is unconfirmed.",
)  # fmt: skip
_at_once = partial(
    _row, starts=("tribunal_order_made",), count=Count.AT_ONCE, confidence="S",
    note="The day of the order, subject to any direction of the tribunal.",
)  # fmt: skip
_unopposed = partial(
    _row, starts=("not_opposed_notified",), count=Count.WEEKS_AFTER, lifted_under="44(3)",
    valid_from=CONCESSIONS_REWRITTEN,
    note="From the authority's notice to the tribunal, before its response was due.",
)  # fmt: skip
_unopposed_2014 = partial(
    _row, starts=("not_opposed_notified",), count=Count.WEEKS_AFTER, confidence="S",
    valid_until=date(2015, 3, 22), note="As made; replaced by SI 2015/359.",
)  # fmt: skip

_TWO_MONTHS = Limb(starts=("decision_notice_sent",), count=Count.MONTHS_AFTER, amount=2)
_ONE_MONTH = Limb(
    starts=("mediation_certificate_issued",), count=Count.MONTHS_AFTER, amount=1, optional=True
)

# fmt: off
TRIBUNAL = (
    _row(id="appeal_2m", label="Appeal within 2 months of the decision",
         duty="The tribunal must receive the appeal within 2 months of the notice being sent.",
         owed_by="the family", starts=("decision_notice_sent",), ends="appeal_lodged",
         count=Count.MONTHS_AFTER, amount=2, roll="tribunal",
         law=f"{HESC}, rules 20(1)(c)(i) and 12", confidence="P",
         note="By 5pm. The tribunal may extend. The later of this and `appeal_1m_cert` governs."),
    _row(id="appeal_1m_cert", label="Appeal within 1 month of the mediation certificate",
         duty="The tribunal must receive the appeal within 1 month of the certificate's date.",
         owed_by="the family", starts=("mediation_certificate_issued",), ends="appeal_lodged",
         count=Count.MONTHS_AFTER, amount=1, roll="tribunal",
         law=f"{HESC}, rules 20(1)(c)(ii) and 12", confidence="P",
         note="By 5pm. The tribunal may extend."),
    _row(id="appeal_window", label="Appeal to the tribunal",
         duty="The tribunal must receive the appeal within 2 months of the notice or 1 month of "
              "the mediation certificate, whichever is later.",
         owed_by="the family", starts=("decision_notice_sent", "mediation_certificate_issued"),
         combine="latest", count=Count.LATER_OF, limbs=(_TWO_MONTHS, _ONE_MONTH), roll="tribunal",
         ends="appeal_lodged", law=f"{HESC}, rules 20(1)(c) and 12", confidence="P",
         note="Each of the two rolls to the tribunal's next working day before they are compared."),
    _row(id="appeal_response_30wd", label="Respond to the appeal",
         duty="Send the response to the tribunal within 30 working days of receiving the appeal.",
         starts=("appeal_received",), ends="appeal_response_sent",
         count=Count.WORKING_DAYS_AFTER, amount=30, roll="tribunal",
         law=f"{HESC}, rules 21 and 12(3)(b)", confidence="S",
         note="25 December to 1 January and August are not counted. A directed date governs."),
    _at_once(id="order_dismiss_cease", label="Cease the plan, the appeal being dismissed",
             duty="Where an appeal against ceasing is dismissed, cease the plan at once.",
             ends="plan_ceased", law=f"{SENDR}, reg 44(2)(a)"),
    _order(id="order_assess_notify_2w", label="Say that the assessment ordered will be made",
           duty="Ordered to assess or re-assess, notify the family within 2 weeks.",
           amount=2, ends="assess_decision_sent", instead_of=("assess_decision_6w",),
           law=f"{SENDR}, reg 44(2)(b)"),
    _order(id="order_assess_noplan_10w",
           label="Decide whether to issue a plan after an order, say if not",
           duty="If no plan is to follow the ordered assessment, say so within 10 weeks.",
           amount=10, ends="no_plan_notice_sent", instead_of=("no_plan_16w",),
           law=f"{SENDR}, reg 44(2)(b)(i)"),
    _order(id="order_assess_final_14w", label="Send the plan after the ordered assessment",
           duty="If a plan follows the ordered assessment, send it within 14 weeks.",
           amount=14, ends="final_plan_sent",
           instead_of=("final_20w", "draft_by_week16", "draft_by_day110"),
           law=f"{SENDR}, reg 44(2)(b)(ii)"),
    _order(id="order_make_plan_draft_5w", label="Send the draft of the plan ordered",
           duty="Ordered to make a plan, send the draft within 5 weeks.",
           amount=5, ends="draft_served", instead_of=("draft_by_week16", "draft_by_day110"),
           law=f"{SENDR}, reg 44(2)(c)(i)"),
    _order(id="order_make_plan_final_11w", label="Send the plan ordered",
           duty="Ordered to make a plan, send the final plan within 11 weeks.",
           amount=11, ends="final_plan_sent", instead_of=("final_20w",),
           law=f"{SENDR}, reg 44(2)(c)(ii)"),
    _order(id="order_reconsider_2w", label="Reconsider the case referred back",
           duty="Referred back, reconsider and send the draft or the notice within 2 weeks.",
           amount=2, ends="reconsidered", law=f"{SENDR}, reg 44(2)(d)", confidence="M",
           note="Unconfirmed: check the text before relying on it."),
    _order(id="order_amend_provision_5w", label="Amend the contents as ordered",
           duty="Ordered to amend needs or provision, issue the amended plan within 5 weeks.",
           amount=5, ends="final_plan_sent", law=f"{SENDR}, reg 44(2)(e)",
           note="Where the order covers Section I as well, watch `order_amend_school_2w` too."),
    _order(id="order_amend_school_2w", label="Amend Section I as ordered",
           duty="Ordered to change the school or type named, issue the plan within 2 weeks.",
           amount=2, ends="final_plan_sent", law=f"{SENDR}, reg 44(2)(f)"),
    _at_once(id="order_continue", label="Continue the plan as ordered",
             duty="Ordered to continue the plan unchanged, continue it at once.",
             ends="plan_continued", law=f"{SENDR}, reg 44(2)(g)"),
    _order(id="order_continue_amend_5w", label="Amend the plan continued by order",
           duty="Ordered to continue and amend, continue at once and amend within 5 weeks.",
           amount=5, ends="final_plan_sent", law=f"{SENDR}, reg 44(2)(h)", confidence="M",
           note="Unconfirmed: check the text before relying on it."),
    _unopposed(id="unopposed_assess_notify_2w", label="Say that the assessment conceded is coming",
               duty="Having conceded an appeal to assess, notify the family within 2 weeks.",
               amount=2, ends="assess_decision_sent", instead_of=("assess_decision_6w",),
               law=f"{SENDR}, reg 45(3)", confidence="P"),
    _unopposed(id="unopposed_assess_noplan_10w", label="Say that no plan follows the concession",
               duty="If no plan follows the conceded assessment, say so within 10 weeks.",
               amount=10, ends="no_plan_notice_sent", instead_of=("no_plan_16w",),
               law=f"{SENDR}, reg 45(3A)(a)", confidence="P"),
    _unopposed(id="unopposed_assess_final_14w", label="Send the plan after the concession",
               duty="If a plan follows the conceded assessment, send it within 14 weeks.",
               amount=14, ends="final_plan_sent",
               instead_of=("final_20w", "draft_by_week16", "draft_by_day110"),
               law=f"{SENDR}, reg 45(3A)(b)", confidence="P"),
    _unopposed(id="unopposed_contents_5w", label="Send the plan with the contents conceded",
               duty="Having conceded contents or a refusal to amend, send the plan in 5 weeks.",
               amount=5, ends="final_plan_sent", law=f"{SENDR}, reg 45(4)", confidence="P"),
    _unopposed(id="unopposed_school_2w", label="Send the plan with Section I conceded",
               duty="Having conceded Section I alone, issue the amended plan within 2 weeks.",
               amount=2, ends="final_plan_sent", law=f"{SENDR}, reg 45(5)", confidence="S",
               note="Where contents are appealed too, `unopposed_contents_5w` governs both."),
    _unopposed(id="unopposed_make_plan_draft_5w", label="Send the draft of the plan conceded",
               duty="Having conceded a refusal to make a plan, send the draft within 5 weeks.",
               amount=5, ends="draft_served", instead_of=("draft_by_week16", "draft_by_day110"),
               law=f"{SENDR}, reg 45(6)", confidence="S", note="Number unconfirmed."),
    _unopposed(id="unopposed_make_plan_final_11w", label="Send the plan conceded",
               duty="Having conceded a refusal to make a plan, send it within 11 weeks.",
               amount=11, ends="final_plan_sent", instead_of=("final_20w",),
               law=f"{SENDR}, reg 45(6)", confidence="S", note="Number unconfirmed."),
    _unopposed(id="unopposed_continue_amend_5w", label="Amend the plan continued by concession",
               duty="Having conceded an appeal against ceasing and agreed to amend, amend within "
                    "5 weeks.",
               amount=5, ends="final_plan_sent", law=f"{SENDR}, reg 45", confidence="S",
               note="Paragraph unconfirmed."),
    _row(id="unopposed_cease", label="Continue the plan by concession",
         duty="Having conceded an appeal against ceasing, continue the plan at once.",
         law=f"{SENDR}, reg 45", confidence="S", note="At once. Paragraph unconfirmed.",
         valid_from=CONCESSIONS_REWRITTEN),
    _unopposed_2014(id="unopposed_2014_assess_4w", label="Assess after a concession, as in 2014",
                    duty="Having conceded an appeal to assess, begin within 4 weeks.",
                    amount=4, ends="assess_decision_sent", instead_of=("assess_decision_6w",),
                    law=f"{SENDR}, reg 45 as made"),
    _unopposed_2014(id="unopposed_2014_contents_4w", label="Amend the contents, as in 2014",
                    duty="Having conceded contents, issue the amended plan within 4 weeks.",
                    amount=4, ends="final_plan_sent", law=f"{SENDR}, reg 45 as made"),
    _unopposed_2014(id="unopposed_2014_school_2w", label="Amend Section I, as in 2014",
                    duty="Having conceded Section I, issue the amended plan within 2 weeks.",
                    amount=2, ends="final_plan_sent", law=f"{SENDR}, reg 45 as made"),
    _row(id="recs_response_5w", label="Answer the tribunal's recommendations",
         duty="Answer health and social care recommendations in writing within 5 weeks, with "
              "reasons for any not followed.",
         owed_by="the health commissioner or social care", starts=("recommendation_made",),
         ends="recommendation_answered", count=Count.WEEKS_AFTER, amount=5,
         lifted_under="2020/471", law=f"{RECOMMENDATIONS}, reg 7", confidence="S",
         valid_from=RECOMMENDATIONS_IN_FORCE, note="Regulation number unconfirmed."),
    _row(id="set_aside_28d", label="Ask to set aside or appeal the tribunal's decision",
         duty="Apply to set aside, review or appeal within 28 days of the decision being sent.",
         owed_by="either party", starts=("tribunal_decision_sent",), ends="set_aside_applied",
         count=Count.DAYS_AFTER, amount=28, roll="tribunal",
         law=f"{HESC}, Part 5 and rule 12", confidence="S", note="The tribunal may extend."),
)
# fmt: on
