"""Mediation: the family's time, the adviser's certificates, and what an agreement starts."""

from functools import partial

from casework.rules.duty import Count, Duty
from casework.rules.sources import IN_FORCE, SENDR

_ADVISER, _HEALTH = "the mediation adviser", "the health commissioner"
_row = partial(
    Duty, chapter="mediation", owed_by="the authority", per="mediation", valid_from=IN_FORCE
)
_agreed = partial(
    _row, starts=("agreement_made",), count=Count.WEEKS_AFTER, lifted_under="44(3)",
    law=f"{SENDR}, regs 42(2) and 44(2)(b)", confidence="P",
    note="From the date of the agreement; the parties may agree another time in writing (42(5)).",
)  # fmt: skip

# fmt: off
MEDIATION = (
    _row(id="med_contact_2m", label="Contact the mediation adviser",
         duty="Contact a mediation adviser within 2 months of the notice of decision being sent, "
              "unless the appeal is about Section I only.",
         owed_by="the family", starts=("decision_notice_sent",),
         ends="mediation_adviser_contacted", count=Count.MONTHS_AFTER, amount=2,
         law=f"{SENDR}, reg 33", confidence="P", note="No roll over weekends or August."),
    _row(id="med_cert_declined_3wd", label="Certify that mediation was declined",
         duty="Issue a certificate within 3 working days of being told mediation is not wanted.",
         owed_by=_ADVISER, starts=("mediation_declined",), ends="mediation_certificate_issued",
         count=Count.WORKING_DAYS_AFTER, amount=3, law=f"{SENDR}, reg 34", confidence="S"),
    _row(id="med_health_pass_3wd", label="Pass health issues to the commissioner",
         duty="Tell each health commissioner within 3 working days of the family's request.",
         starts=("health_mediation_requested",), ends="health_body_told",
         count=Count.WORKING_DAYS_AFTER, amount=3, law=f"{SENDR}, reg 35", confidence="S"),
    _row(id="med_arrange_la_30d", label="Arrange the mediation",
         duty="Arrange and take part in mediation within 30 days of the family asking for it.",
         starts=("mediation_requested",), ends="mediation_held",
         count=Count.DAYS_AFTER, amount=30, law=f"{SENDR}, reg 36", confidence="S",
         note="Calendar days. The authority cannot refuse."),
    _row(id="med_arrange_health_30d", label="Arrange the mediation on health",
         duty="Arrange mediation about health alone within 30 days of being told.",
         owed_by=_HEALTH, starts=("health_body_told",), ends="mediation_held",
         count=Count.DAYS_AFTER, amount=30, law=f"{SENDR}, reg 35", confidence="S"),
    _row(id="med_unable_cert_3wd", label="Certify that mediation could not be arranged",
         duty="Issue a certificate within 3 working days of hearing that 30 days cannot be met.",
         owed_by=_ADVISER, starts=("mediation_unable_notified",),
         ends="mediation_certificate_issued", count=Count.WORKING_DAYS_AFTER, amount=3,
         law=f"{SENDR}, regs 36 and 37", confidence="S"),
    _row(id="med_cert_after_3wd", label="Certify that mediation has ended",
         duty="Issue a certificate within 3 working days of the end of mediation.",
         owed_by=_ADVISER, starts=("mediation_concluded",), ends="mediation_certificate_issued",
         count=Count.WORKING_DAYS_AFTER, amount=3, law=f"{SENDR}, reg 39", confidence="S"),
    _row(id="med_meeting_notice_5wd", label="Say when and where the mediation is",
         duty="Tell the family the date and place at least 5 working days before.",
         starts=("mediation_on",), ends="mediation_notice_given",
         count=Count.WORKING_DAYS_BEFORE, amount=5, bound="before",
         law=f"{SENDR}, reg 38", confidence="M", note="A shorter time may be agreed."),
    _agreed(id="agreed_assess_notify_2w", label="Say that the assessment agreed will be made",
            duty="Notify the family within 2 weeks of agreeing to assess.",
            amount=2, ends="assess_decision_sent", instead_of=("assess_decision_6w",)),
    _agreed(id="agreed_assess_noplan_10w",
            label="Decide whether to issue a plan, and say if not, as agreed",
            duty="If no plan is to follow the agreed assessment, say so within 10 weeks.",
            amount=10, ends="no_plan_notice_sent", instead_of=("no_plan_16w",)),
    _agreed(id="agreed_assess_final_14w", label="Send the plan after the agreed assessment",
            duty="If a plan follows the agreed assessment, send it within 14 weeks.",
            amount=14, ends="final_plan_sent",
            instead_of=("final_20w", "draft_by_week16", "draft_by_day110")),
    _row(id="med_agreement_appealable", label="Carry out an agreement on what could be appealed",
         duty="Carry out an agreement on an appealable matter in the time for the matching order.",
         law=f"{SENDR}, reg 42(2)", confidence="P",
         note="For a refusal to assess, see the three rows above."),
    _row(id="med_agreement_other_2w", label="Carry out the rest of the agreement",
         duty="Carry out an agreement on what cannot be appealed within 2 weeks of it.",
         owed_by="the authority or the health commissioner", starts=("agreement_made",),
         ends="agreement_carried_out", count=Count.WEEKS_AFTER, amount=2,
         law=f"{SENDR}, reg 42(3)", confidence="P",
         note="The parties may agree another time in writing (42(5))."),
    _row(id="med_agreement_tell_la_1w", label="Tell the authority of the agreement",
         duty="Tell the authority within 1 week of an agreement it was not party to.",
         owed_by=_HEALTH, starts=("agreement_made",), ends="authority_told",
         count=Count.WEEKS_AFTER, amount=1, law=f"{SENDR}, reg 42(4)", confidence="P"),
)
# fmt: on
