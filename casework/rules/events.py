"""What can happen to a case: one row for each kind of event, and what it does."""

from dataclasses import dataclass

from casework.rules.stages import STAGES, Stage

#: Kinds of case, and the event that each begins with.
CASE_KINDS = {
    "request": ("New request", "request_received"),
    "attention": ("Child brought to our attention", "became_responsible"),
    "moved_in": ("Moved in from another area", "became_responsible"),
    "reassessment": ("Re-assessment", "reassessment_requested"),
    "transfer": ("Statement transfer", "transfer_review_started"),
}

#: Who must be sent a final plan (regulation 13(2)).
RECIPIENTS = {
    "family": "The parents or young person",
    "institution": "The school, college or setting named",
    "health_body": "The responsible commissioning body",
}

#: How advice is answered. A nil return is an answer.
OUTCOMES = {
    "advice": "Advice returned",
    "not_known": "Not known to the service",
    "no_advice_needed": "Known, no advice needed",
}
NIL_RETURNS = ("not_known", "no_advice_needed")

#: Kinds of event of an adviser that have pages of their own, for what they bring with them.
ADVICE_STEPS = (
    *("advice_expected", "advice_accepted", "advice_sent_back", "advice_request_withdrawn"),
    *("advice_reused", "advice_late_because"),
)

#: Kinds of event that have pages of their own, for what they bring with them: the plan's, a
#: consultation's and an exception's.
PLAN_STEPS = (
    *("health_provision_agreed", "representation_made", "representation_answered"),
    *("meeting_asked", "meeting_held", "family_answered_in_full", "plan_signed"),
    *("setting_requested", "consultation_sent", "consultation_received", "consultation_chased"),
    *("consultation_replied", "consultation_withdrawn"),
    *("exception_proposed", "exception_refused", "exception_told", "exception_ended"),
    "holding_letter_sent",
)

#: Kinds of event about an exception. It is proposed and decided by two people, and told as it was:
#: none is corrected but one that was recorded by itself. A slip is struck out, and done again.
EXCEPTION_STEPS = (
    *("exception_proposed", "exception_refused", "exception_told", "exception_ended"),
)

#: Doubts about where a date came from, shown beside it.
DOUBTS = {
    "one_date_for_all": "One date was recorded for every recipient",
    "day_not_recorded": "The day was not recorded; another date in the row stands for it",
    "as_recorded": "As recorded in the tracker, not checked",
    "born_not_recorded": "The record had no date of birth to compare with what the service gave",
    "nhs_not_recorded": "The record had no NHS number to compare with what the service gave",
    "after_withdrawal": "It came after the request was withdrawn, and counts for nothing",
    "after_the_end": "It came after the assessment had ended",
}


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event.

    `records` is the fact it gives to the clock; `to` the stage it brings the case to;
    `after` the kinds of which one must have happened, on or before the same day; `overturns` the
    refusal that it undoes, so that the case goes on from there.
    """

    key: str
    words: str
    records: str | None = None
    to: Stage | None = None
    after: tuple[str, ...] = ()
    needs_adviser: bool = False
    needs_recipient: bool = False
    needs_consultation: bool = False
    overturns: Stage | None = None


_STARTS = (
    "request_received",
    "became_responsible",
    "reassessment_requested",
    "transfer_review_started",
    "transfer_notice_sent",
)
_ASSESSING = ("told_will_assess", "decided_to_assess", "transfer_review_started")


# fmt: off
_ROWS = (
    EventKind("request_received", "Request received",
              records="request_received", to=Stage.RECEIVED),
    EventKind("became_responsible", "Brought to our attention",
              records="became_responsible", to=Stage.RECEIVED),
    EventKind("reassessment_requested", "Re-assessment requested",
              records="reassessment_requested", to=Stage.RECEIVED),
    EventKind("transfer_notice_sent", "Notice of transfer review sent",
              records="transfer_notice_sent"),
    EventKind("transfer_review_started", "Transfer review started",
              records="transfer_review_started", to=Stage.ASSESSING),
    EventKind("considering_notified", "Family told we are considering an assessment",
              to=Stage.CONSIDERING, after=_STARTS),
    EventKind("decided_to_assess", "Decided to assess", to=Stage.ASSESS_AGREED, after=_STARTS,
              overturns=Stage.REFUSED),
    EventKind("decided_not_to_assess", "Decided not to assess",
              to=Stage.ASSESS_DECLINED, after=_STARTS),
    EventKind("told_will_assess", "Family told we will assess",
              records="assess_decision_sent", to=Stage.ASSESSING, after=_STARTS),
    EventKind("told_will_not_assess", "Family told we will not assess",
              records="assess_decision_sent", to=Stage.REFUSED, after=_STARTS),
    EventKind("advice_requested", "Advice asked for",
              records="advice_requested", after=_STARTS, needs_adviser=True),
    EventKind("advice_request_received", "Request reached the adviser",
              records="advice_request_received", after=("advice_requested",), needs_adviser=True),
    EventKind("advice_received", "Advice received",
              records="advice_received", after=("advice_requested",), needs_adviser=True),
    EventKind("advice_chased", "Adviser reminded",
              after=("advice_requested",), needs_adviser=True),
    EventKind("advice_expected", "Adviser cannot answer in time",
              after=("advice_requested",), needs_adviser=True),
    EventKind("advice_accepted", "Advice accepted",
              after=("advice_received",), needs_adviser=True),
    EventKind("advice_sent_back", "Advice sent back as not enough",
              after=("advice_received",), needs_adviser=True),
    EventKind("advice_late_because", "Reason for late advice",
              after=("advice_requested",), needs_adviser=True),
    EventKind("advice_request_withdrawn", "Request for advice withdrawn",
              after=("advice_requested",), needs_adviser=True),
    EventKind("advice_reused", "Existing advice is used, not asked for again",
              after=_STARTS, needs_adviser=True),
    EventKind("decided_to_issue", "Decided to issue a plan", to=Stage.DRAFTING, after=_ASSESSING,
              overturns=Stage.NO_PLAN),
    EventKind("decided_not_to_issue", "Decided not to issue a plan",
              to=Stage.PLAN_DECLINED, after=_ASSESSING),
    EventKind("no_plan_notice_sent", "Family told there will be no plan",
              records="no_plan_notice_sent", to=Stage.NO_PLAN, after=_ASSESSING),
    EventKind("draft_served", "Draft plan served on the family",
              records="draft_served", to=Stage.DRAFT_OUT, after=_ASSESSING),
    EventKind("health_provision_agreed", "Health provision agreed by the commissioning body",
              after=_ASSESSING),
    EventKind("representation_made", "Family commented on the draft", after=("draft_served",)),
    EventKind("representation_answered", "Family’s comment dealt with",
              after=("representation_made",)),
    EventKind("meeting_asked", "Family asked for a meeting", after=("draft_served",)),
    EventKind("meeting_held", "Meeting with the family held", after=("meeting_asked",)),
    EventKind("family_answered_in_full", "Family confirmed it has nothing more to say",
              after=("draft_served",)),
    EventKind("setting_requested", "Family asked for a school or other setting",
              after=_ASSESSING),
    EventKind("consultation_sent", "Setting asked whether the plan should name it",
              after=_ASSESSING, needs_consultation=True),
    EventKind("consultation_received", "Consultation reached the setting",
              after=("consultation_sent",), needs_consultation=True),
    EventKind("consultation_chased", "Setting reminded of the consultation",
              after=("consultation_sent",), needs_consultation=True),
    EventKind("consultation_replied", "Setting answered the consultation",
              after=("consultation_sent",), needs_consultation=True),
    EventKind("consultation_withdrawn", "Consultation withdrawn",
              after=_ASSESSING, needs_consultation=True),
    EventKind("plan_signed", "Final plan signed", after=("draft_served",)),
    EventKind("no_institution_named", "Plan names a type of school, no institution to send to",
              after=("draft_served",)),
    EventKind("final_plan_sent", "Final plan sent",
              records="final_plan_sent", to=Stage.PART_SENT, after=("draft_served",),
              needs_recipient=True),
    EventKind("agreed_to_assess", "Agreed in mediation to assess",
              records="agreement_made", to=Stage.ASSESSING, after=("told_will_not_assess",),
              overturns=Stage.REFUSED),
    EventKind("ordered_to_assess", "Tribunal ordered an assessment",
              records="tribunal_order_made", to=Stage.ASSESSING, after=("told_will_not_assess",),
              overturns=Stage.REFUSED),
    EventKind("conceded_assessment", "Tribunal told that we will assess after all",
              records="not_opposed_notified", to=Stage.ASSESSING, after=("told_will_not_assess",),
              overturns=Stage.REFUSED),
    EventKind("ordered_to_make_plan", "Tribunal ordered a plan",
              records="tribunal_order_made", to=Stage.DRAFTING, after=("no_plan_notice_sent",),
              overturns=Stage.NO_PLAN),
    EventKind("conceded_plan", "Tribunal told that we will make a plan after all",
              records="not_opposed_notified", to=Stage.DRAFTING, after=("no_plan_notice_sent",),
              overturns=Stage.NO_PLAN),
    EventKind("draft_content_agreed", "Content of the draft agreed", after=_ASSESSING),
    EventKind("draft_content_to_change", "Content of the draft to be changed", after=_ASSESSING),
    EventKind("placement_agreed", "Agreed to name the setting asked for", after=_ASSESSING),
    EventKind("placement_not_agreed", "Decided to name another setting", after=_ASSESSING),
    EventKind("placement_type_agreed", "Agreed to name a type of setting", after=_ASSESSING),
    EventKind("decided_to_keep_plan", "Decided to keep the plan", after=("final_plan_sent",)),
    EventKind("decided_to_cease", "Decided to cease the plan", after=("final_plan_sent",)),
    EventKind("exception_proposed", "Exception proposed", after=_STARTS),
    EventKind("exception_refused", "Exception not approved", after=("exception_proposed",)),
    EventKind("exception_recorded", "Exception recorded", after=_STARTS),
    EventKind("exception_told", "Family told of an exception", after=("exception_recorded",)),
    # Not after "exception_recorded": the circumstances may be over before anybody approves it.
    EventKind("exception_ended", "Exception ended", after=_STARTS),
    EventKind("holding_letter_sent", "Family told that a date will be missed", after=_STARTS),
    EventKind("withdrawn", "Withdrawn by the family", to=Stage.WITHDRAWN, after=_STARTS),
    EventKind("moved_out", "Moved out of the area", to=Stage.MOVED_OUT, after=_STARTS),
    EventKind("ceased", "Plan ceased", to=Stage.CEASED, after=("final_plan_sent",)),
    EventKind("struck_out", "Entry struck out"),
)
# fmt: on

EVENTS: dict[str, EventKind] = {kind.key: kind for kind in _ROWS}

#: The notices of a refusal: what may be overturned.
REFUSALS = ("told_will_not_assess", "no_plan_notice_sent")

#: The rules that run once a refusal is overturned, by the event that did it (regulations 42(2),
#: 44(2) and 45). They do not restart the 6, 16 and 20 weeks. A second look by the authority itself
#: is not among them: the law gives it no limit of its own, and the first ones run on.
OVERTURNED: dict[str, tuple[str, ...]] = {
    "agreed_to_assess": (
        "agreed_assess_notify_2w",
        "agreed_assess_noplan_10w",
        "agreed_assess_final_14w",
    ),
    "ordered_to_assess": (
        "order_assess_notify_2w",
        "order_assess_noplan_10w",
        "order_assess_final_14w",
    ),
    "conceded_assessment": (
        "unopposed_2014_assess_4w",
        "unopposed_assess_notify_2w",
        "unopposed_assess_noplan_10w",
        "unopposed_assess_final_14w",
    ),
    "ordered_to_make_plan": ("order_make_plan_draft_5w", "order_make_plan_final_11w"),
    "conceded_plan": ("unopposed_make_plan_draft_5w", "unopposed_make_plan_final_11w"),
}
#: The same for a detained person, for whom the law has one limit after an order.
OVERTURNED_DETAINED: dict[str, tuple[str, ...]] = {"ordered_to_assess": ("det_order_2w",)}

_PLACEMENT = ("placement_agreed", "placement_not_agreed", "placement_type_agreed")
#: What may happen next, the likeliest first.
NEXT: dict[Stage, tuple[str, ...]] = {
    Stage.RECEIVED: (
        "considering_notified",
        "decided_to_assess",
        "decided_not_to_assess",
        "told_will_assess",
        "told_will_not_assess",
    ),
    Stage.CONSIDERING: (
        "decided_to_assess",
        "decided_not_to_assess",
        "told_will_assess",
        "told_will_not_assess",
    ),
    Stage.ASSESS_AGREED: ("told_will_assess", "advice_requested"),
    Stage.ASSESS_DECLINED: ("told_will_not_assess", "decided_to_assess"),
    Stage.ASSESSING: (
        "advice_requested",
        "decided_to_issue",
        "decided_not_to_issue",
        "draft_served",
        "advice_received",
        "advice_request_received",
    ),
    Stage.DRAFTING: (
        "draft_served",
        "advice_received",
        "decided_not_to_issue",
        "draft_content_agreed",
        "draft_content_to_change",
        *_PLACEMENT,
    ),
    Stage.PLAN_DECLINED: ("no_plan_notice_sent", "decided_to_issue"),
    Stage.DRAFT_OUT: ("final_plan_sent", "draft_served", "no_institution_named", *_PLACEMENT),
    Stage.PART_SENT: ("final_plan_sent", "no_institution_named"),
    Stage.REFUSED: (
        "agreed_to_assess",
        "ordered_to_assess",
        "conceded_assessment",
        "decided_to_assess",
    ),
    Stage.NO_PLAN: ("ordered_to_make_plan", "conceded_plan", "decided_to_issue"),
    Stage.FINAL: ("decided_to_cease", "ceased", "decided_to_keep_plan"),
}
ALWAYS = ("exception_proposed", "withdrawn", "moved_out")


def may_happen(stage: Stage) -> tuple[str, ...]:
    """Return the keys of the events that may be logged at a stage, the likeliest first."""
    ends = STAGES[stage].ends
    return NEXT.get(stage, ()) + (() if ends else ALWAYS)
