"""Statements transferred to plans, 2014 to 2018, as was. The start chooses the version."""

from datetime import date
from functools import partial

from casework.rules.duty import Count, Duty
from casework.rules.sources import IN_FORCE, TRANSITION

#: Every statement was to be transferred before this day (article 14(5)).
_LAST_DAY = date(2018, 3, 31)
_row = partial(
    Duty, chapter="transfer", owed_by="the authority", per="transfer", valid_from=IN_FORCE,
    valid_until=_LAST_DAY,
)  # fmt: skip
_phase = partial(
    _row, starts=("phase_transfer_on",), ends="transfer_completed", bound="before",
    count=Count.BEFORE_FIXED_DAY, confidence="P", valid_from=date(2016, 1, 1),
    valid_until=date(2017, 12, 31),
)  # fmt: skip

# fmt: off
TRANSFER = (
    _row(id="tr_notice_2w", label="Give notice of the transfer review",
         duty="Give the family at least 2 weeks' notice of the start of a transfer review.",
         starts=("transfer_review_starts_on",), ends="transfer_notice_sent",
         count=Count.WEEKS_BEFORE, amount=2, bound="before",
         law=f"{TRANSITION}, art 18", confidence="P"),
    _row(id="tr_final_14w_notice", label="Complete the transfer (notice given early)",
         duty="Complete the transfer within 14 weeks of the notice.",
         starts=("transfer_notice_sent",), ends="transfer_completed",
         count=Count.WEEKS_AFTER, amount=14, lifted_under="art 21",
         law=f"{TRANSITION}, art 21 as made", confidence="S",
         valid_until=date(2015, 8, 31),
         note="Until SI 2015/505 of spring 2015, whose exact day is unconfirmed."),
    _row(id="tr_final_14w_start", label="Complete the transfer (started before September 2015)",
         duty="Complete the transfer within 14 weeks of the start of the review.",
         starts=("transfer_review_started",), ends="transfer_completed",
         count=Count.WEEKS_AFTER, amount=14, lifted_under="art 21",
         law=f"{TRANSITION}, art 21 as amended by SI 2015/505", confidence="S",
         valid_from=date(2015, 3, 3), valid_until=date(2015, 8, 31),
         note="From spring 2015; the first day is unconfirmed."),
    _row(id="tr_final_18w_start", label="Complete the transfer",
         duty="Complete the transfer within 18 weeks of the start of the review.",
         starts=("transfer_review_started",), ends="transfer_completed",
         count=Count.WEEKS_AFTER, amount=18, lifted_under="art 21",
         law=f"{TRANSITION}, art 21 as amended by SI 2015/1619", confidence="S",
         valid_from=date(2015, 9, 1),
         note="Complete: the final plan sent, or notice that there will be none."),
    _phase(id="tr_phase_date", label="Complete the transfer before a move between schools",
           duty="Transferring between phases in 2016 or 2017, complete before 15 February.",
           fixed=(2, 15), law=f"{TRANSITION}, art 14(3)(b)",
           note="The earlier of this and the total clock governs."),
    _phase(id="tr_phase_date_post16", label="Complete the transfer before a move to post-16",
           duty="Transferring to post-16 in 2016 or 2017, complete before 31 March.",
           fixed=(3, 31), law=f"{TRANSITION}, art 14(3)(a)",
           note="The earlier of this and the total clock governs."),
    _row(id="tr_all_2018", label="Complete every transfer",
         duty="Complete the transfer of every statement before 1 April 2018.",
         ends="transfer_completed", count=Count.BEFORE_FIXED_DAY, fixed=(4, 1), fixed_year=2018,
         bound="before", law=f"{TRANSITION}, art 14(5)", confidence="P"),
    _row(id="tr_year_10", label="Complete the transfer before year 10",
         duty="Coming into year 9 in 2016 or 2017, complete before year 10 starts.",
         law=f"{TRANSITION}, art 14(3)(c)", confidence="P", note="Before the start of year 10."),
    _row(id="tr_officer_meeting", label="Meet the family in the transfer review",
         duty="An officer meets the parent or young person during the transfer review.",
         law=f"{TRANSITION}, art 20(3)", confidence="P", note="Within the review."),
    _row(id="tr_not_done", label="Assess where the transfer was not done in time",
         duty="A statement not transferred has effect as if its provision were in a plan; assess "
              "as soon as reasonably practicable.",
         law=f"{TRANSITION}, art 17", confidence="P", valid_from=date(2018, 4, 1),
         valid_until=None, note="As soon as reasonably practicable."),
)
# fmt: on
