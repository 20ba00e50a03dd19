"""The facts that start and end the law's periods, and how each is said in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated happening: `words` complete "6 weeks after …", `again` completes "the day …"."""

    words: str
    again: str


# fmt: off
#: Every fact a rule may start from or end with, by the name that programs write.
FACTS: Mapping[str, Fact] = MappingProxyType({
    # request to plan
    "request_received": Fact("the request was received", "it was received"),
    "became_responsible": Fact("the authority became responsible for the child", "it did"),
    "assess_decision_sent": Fact("the decision whether to assess was sent", "it was sent"),
    "advice_requested": Fact("advice was asked for", "it was asked for"),
    "advice_request_received": Fact("the body received the request for advice", "it was received"),
    "advice_received": Fact("the advice was received", "it was received"),
    "last_assessment_completed": Fact("the last assessment was completed", "it was completed"),
    "no_plan_notice_sent": Fact("the notice of no plan was sent", "it was sent"),
    "draft_served": Fact("the draft plan was served", "it was served"),
    "consultation_received": Fact("the consultation was received", "it was received"),
    "consultation_replied": Fact("the consultation was answered", "it was answered"),
    "final_plan_sent": Fact("the final plan was sent to the last recipient", "it was sent"),
    # re-assessment
    "reassessment_requested": Fact("re-assessment was asked for", "it was asked for"),
    "reassessment_decision_sent": Fact("the decision on re-assessment was sent", "it was sent"),
    # review and amendment
    "plan_first_made": Fact("the plan was first made", "it was made"),
    "last_review_completed": Fact("the last review was completed", "it was completed"),
    "review_decision_sent": Fact("the review decision was sent", "it was sent"),
    "review_considered": Fact("a review was considered", "it was considered"),
    "term_starts": Fact("the term starts", "it starts"),
    "review_list_sent": Fact("the list of reviews was sent", "it was sent"),
    "review_meeting_on": Fact("the review meeting", "of the meeting"),
    "review_invitation_sent": Fact("the review invitation was sent", "it was sent"),
    "review_papers_sent": Fact("the review papers were sent", "they were sent"),
    "review_meeting_held": Fact("the review meeting was held", "it was held"),
    "review_report_sent": Fact("the review report was sent", "it was sent"),
    "amendment_notice_sent": Fact("the amendment notice was sent", "it was sent"),
    "amendment_notice_served": Fact("the amendment notice was served", "it was served"),
    "not_amending_notice_sent": Fact("the notice of no amendment was sent", "it was sent"),
    "early_review_requested": Fact("an early review was asked for", "it was asked for"),
    "early_review_replied": Fact("the request for an early review was answered", "it was answered"),
    "phase_transfer_on": Fact("the transfer", "of the transfer"),
    # mediation
    "decision_notice_sent": Fact("the decision notice was sent", "it was sent"),
    "mediation_adviser_contacted": Fact("the mediation adviser was contacted", "that happened"),
    "mediation_declined": Fact("the family said they did not want mediation", "they said so"),
    "mediation_certificate_issued": Fact("the mediation certificate was issued", "it was issued"),
    "health_mediation_requested": Fact("the family asked for mediation on health", "they asked"),
    "health_body_told": Fact("the health body was told", "it was told"),
    "mediation_requested": Fact("the family asked for mediation", "they asked"),
    "mediation_held": Fact("the mediation was held", "it was held"),
    "mediation_unable_notified": Fact(
        "the adviser was told that mediation could not be arranged in time", "that was said"),
    "mediation_concluded": Fact("the mediation ended", "it ended"),
    "mediation_on": Fact("the mediation meeting", "of the meeting"),
    "mediation_notice_given": Fact("notice of the mediation was given", "it was given"),
    "agreement_made": Fact("the agreement was made", "it was made"),
    "agreement_carried_out": Fact("the agreement was carried out", "that happened"),
    "authority_told": Fact("the authority was told of the agreement", "it was told"),
    # appeal
    "appeal_lodged": Fact("the tribunal received the appeal", "it was received"),
    "appeal_received": Fact("the authority received the appeal from the tribunal",
                            "it was received"),
    "appeal_response_sent": Fact("the response to the appeal was sent", "it was sent"),
    "tribunal_order_made": Fact("the tribunal made its order", "it was made"),
    "plan_ceased": Fact("the plan ceased", "it ceased"),
    "plan_continued": Fact("the plan was confirmed to continue", "that happened"),
    "reconsidered": Fact("the case was reconsidered", "it was reconsidered"),
    "not_opposed_notified": Fact(
        "the authority told the tribunal that it does not oppose the appeal", "it said so"),
    "recommendation_made": Fact("the tribunal made its recommendation", "it was made"),
    "recommendation_answered": Fact("the recommendation was answered", "it was answered"),
    "tribunal_decision_sent": Fact("the tribunal's decision was sent", "it was sent"),
    "set_aside_applied": Fact("the tribunal received the application", "it was received"),
    # moving between areas
    "move_known": Fact("the move became known", "it became known"),
    "plan_transferred": Fact("the plan was transferred", "it was transferred"),
    "move_notice_sent": Fact("the new authority's notice was sent", "it was sent"),
    "health_body_requested": Fact("the health body made its request", "it was made"),
    # direct payments
    "direct_payment_started": Fact("the first direct payment was made", "it was made"),
    "direct_payment_reviewed": Fact("the direct payments were reviewed", "they were reviewed"),
    # statement to plan transfers, as was
    "transfer_review_starts_on": Fact("the transfer review starts", "it starts"),
    "transfer_notice_sent": Fact("notice of the transfer review was sent", "it was sent"),
    "transfer_review_started": Fact("the transfer review started", "it started"),
    "transfer_completed": Fact("the transfer was completed", "it was completed"),
})
# fmt: on
