"""From request to final plan: the 6, 16 and 20 weeks, which run side by side from one start."""

from functools import partial

from casework.rules.duty import Count, Duty
from casework.rules.sources import ACT, COP, IN_FORCE, SENDR

REQUEST = ("request_received", "became_responsible")
_row = partial(Duty, chapter="assessment", owed_by="the authority", per="case", valid_from=IN_FORCE)

# fmt: off
ASSESSMENT = (
    _row(id="assess_consult", label="Consult the family before deciding",
         duty="Consult the parent or young person before deciding whether to assess.",
         starts=REQUEST, law=f"{ACT}, s.36(4)", confidence="P",
         note="As soon as practicable. Regulation 3 is unconfirmed."),
    _row(id="assess_notify_considering", label="Say that an assessment is being considered",
         duty="Tell the parent or young person, and the people regulation 4(2) lists, that an "
              "assessment is being considered and that they may give views and evidence.",
         starts=REQUEST, law=f"{ACT}, s.36(7)", confidence="P",
         note="As soon as practicable. The list in regulation 4(2) is unconfirmed."),
    _row(id="assess_decision_6w", label="Decide whether to assess, and say so",
         duty="Notify the parent or young person whether an assessment will be made, as soon as "
              "practicable and in any event within 6 weeks.",
         starts=REQUEST, ends="assess_decision_sent", count=Count.WEEKS_AFTER, amount=6,
         lifted_under="5(4)", law=f"{SENDR}, reg 5(1)", confidence="P",
         note="The decision is a fact of its own: only its notice, sent, ends the limit. "
              "Paragraphs (4)(b) to (d) read in secondary sources."),
    _row(id="assess_refusal_content", label="Give reasons and rights with a refusal",
         duty="A notice of no assessment carries reasons, the right to appeal and its time limits, "
              "mediation, disagreement resolution, information and advice.",
         law=f"{SENDR}, reg 5(3)", confidence="P",
         note="With the notice. What is missing is a ground for a late appeal."),
    _row(id="advice_partner_6w", label="Answer the authority's request for advice",
         duty="A body asked to co-operate answers within 6 weeks of receiving the request.",
         owed_by="the body asked", per="adviser",
         starts=("advice_request_received",), ends="advice_received",
         count=Count.WEEKS_AFTER, amount=6, lifted_under="8(2)",
         law=f"{SENDR}, reg 8(1)", confidence="S",
         note="Bodies bound by section 31 of the Act; which they are is unconfirmed. "
              "The closure of a school does not lift it."),
    _row(id="advice_all_6w", label="Answer the request for advice",
         duty="Everyone asked for advice should answer within 6 weeks of being asked.",
         owed_by="the adviser asked", per="adviser",
         starts=("advice_requested",), ends="advice_received", count=Count.WEEKS_AFTER, amount=6,
         lifted_under="9.42", kind="guidance", law=f"{COP}, para 9.41", confidence="S",
         note="Guidance for those whom section 31 does not bind, such as schools. Paragraph 9.42 "
              "lists the exceptions; whether a missed appointment excuses them is unconfirmed."),
    _row(id="advice_existing_bar", label="Do not ask again for advice that is enough",
         duty="Advice already given is not sought again where its author, the authority and the "
              "parent or young person all agree that it is sufficient.",
         per="adviser", law=f"{SENDR}, reg 6(4)", confidence="S",
         note="Three agreements are recorded. No age limit for old advice is set by law."),
    _row(id="assess_six_month_bar", label="Consider a request in the 6 months after an assessment",
         duty="The duty to consider an assessment does not bite within 6 months of the last one.",
         starts=("last_assessment_completed",), count=Count.MONTHS_AFTER, amount=6,
         bound="no_earlier_than", law=f"{ACT}, s.36(6)(b)", confidence="P",
         note="A bar, not a duty: its due day is its last day. The authority may still assess."),
    _row(id="no_plan_16w", label="Decide whether to issue a plan, and say if not",
         duty="Where no plan is to be made, notify the parent or young person as soon as "
              "practicable and in any event within 16 weeks.",
         starts=REQUEST, ends="no_plan_notice_sent", count=Count.WEEKS_AFTER, amount=16,
         lifted_under="10(4)", law=f"{SENDR}, reg 10(1)", confidence="P",
         note="Counted from the request, never from the decision to assess."),
    _row(id="no_plan_content", label="Give rights with the notice of no plan",
         duty="A notice of no plan carries the right to appeal and its time limits, mediation, "
              "disagreement resolution, information and advice.",
         law=f"{SENDR}, reg 10(3)", confidence="P", note="With the notice."),
    _row(id="draft_by_week16", label="Send the draft plan by week 16",
         duty="Send the draft plan while 20 weeks can still be met.",
         starts=REQUEST, ends="draft_served", count=Count.WEEKS_AFTER, amount=16,
         kind="guidance", law=f"{COP}, para 9.44", confidence="M",
         note="A target: no regulation sets a day for the draft."),
    _row(id="draft_by_day110", label="Send the draft plan by day 110",
         duty="Send the draft on the last day that leaves 15 days for the family and then 15 for "
              "the school within 20 weeks.",
         starts=REQUEST, ends="draft_served", count=Count.DAYS_AFTER, amount=110,
         kind="derived", law=f"{SENDR}, regs 13(1) and 13(2)", confidence="P",
         note="140 days less 15 and 15."),
    _row(id="draft_no_placement", label="Leave the placement blank in the draft",
         duty="The draft plan names no school or institution and no type of one.",
         law=f"{ACT}, s.38(5)", confidence="P", note="Section I is empty."),
    _row(id="reps_15d_min", label="Leave the family 15 days for the draft",
         duty="Give the parent or young person at least 15 days, beginning with the day the draft "
              "was served, to comment, ask for a school and ask for a meeting.",
         starts=("draft_served",), ends="final_plan_sent",
         count=Count.DAYS_BEGINNING_WITH, amount=15, bound="no_earlier_than",
         law=f"{SENDR}, reg 13(1)", confidence="P",
         note="A least time for the family, not a deadline on them; more may be given."),
    _row(id="reps_meeting", label="Arrange the meeting the family asked for",
         duty="Arrange a meeting with an officer where the family asks for one about the draft.",
         law=f"{SENDR}, reg 13(1)(a)(ii)", confidence="P", note="As soon as practicable."),
    _row(id="draft_reissue", label="Serve a changed draft again",
         duty="Where the authority itself changes the draft, serve it again with at least 15 days.",
         kind="guidance", law=f"{COP}, para 9.125", confidence="S",
         note="`reps_15d_min` runs again from the new draft; the 20 weeks keep running."),
    _row(id="school_consult_15d", label="Answer the consultation",
         duty="A school or college consulted about a placement should answer within 15 days.",
         owed_by="the school or college", per="consultation",
         starts=("consultation_received",), ends="consultation_replied",
         count=Count.DAYS_AFTER, amount=15,
         kind="guidance", law=f"{COP}, para 9.83", confidence="S",
         note="The authority decides without a reply. School holidays do not extend it."),
    _row(id="final_20w", label="Send the final plan",
         duty="Send the finalised plan to the parent or young person, the institution named and "
              "the health commissioner as soon as practicable and in any event within 20 weeks.",
         starts=REQUEST, ends="final_plan_sent", count=Count.WEEKS_AFTER, amount=20,
         lifted_under="13(3)", law=f"{SENDR}, reg 13(2)", confidence="P",
         note="Met on the day the last of the recipients is sent it."),
    _row(id="final_appeal_notice", label="Give rights with the final plan",
         duty="The final plan goes with notice of the right to appeal and its time limits, "
              "mediation, information and advice.",
         law=f"{SENDR}, reg 14(2)", confidence="S", note="With the plan."),
    _row(id="section_i_type_only", label="Name a type where no school is found in time",
         duty="Where no school is found by 20 weeks, finalise with the type of school.",
         law=f"{ACT}, s.40(2)(b)", confidence="P", note="Amend later under regulation 28."),
    _row(id="exception_tell_family", label="Tell the family that an exception applies",
         duty="Tell the family that an exception applies and why, and finish quickly after it.",
         kind="guidance", law=f"{COP}, paras 9.42 and 9.43", confidence="S",
         note="As soon as practicable. Later steps keep their own limits."),
)
# fmt: on
