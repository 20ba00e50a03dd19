"""Where a case can be. A stage is read off its events and is never typed."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The stages of an assessment, in the order of the road to a plan."""

    RECEIVED = "received"
    CONSIDERING = "considering"
    ASSESS_AGREED = "assess_agreed"
    ASSESS_DECLINED = "assess_declined"
    ASSESSING = "assessing"
    REFUSED = "refused"
    DRAFTING = "drafting"
    PLAN_DECLINED = "plan_declined"
    NO_PLAN = "no_plan"
    DRAFT_OUT = "draft_out"
    PART_SENT = "part_sent"
    FINAL = "final"
    WITHDRAWN = "withdrawn"
    MOVED_OUT = "moved_out"
    CEASED = "ceased"


@dataclass(frozen=True, slots=True)
class StageRow:
    """What is said of a stage: its words, how far along it is, who acts next, whether it ends."""

    words: str
    rank: int
    waiting_on: str
    ends: bool = False


STAGES: dict[Stage, StageRow] = {
    Stage.RECEIVED: StageRow("Request received", 0, "authority"),
    Stage.CONSIDERING: StageRow("Considering whether to assess", 1, "authority"),
    Stage.ASSESS_AGREED: StageRow("Agreed to assess, family to be told", 2, "authority"),
    Stage.ASSESS_DECLINED: StageRow("Declined to assess, family to be told", 2, "authority"),
    Stage.ASSESSING: StageRow("Assessing", 3, "authority"),
    Stage.REFUSED: StageRow("Refused to assess", 3, "nobody", ends=True),
    Stage.DRAFTING: StageRow("Writing the draft plan", 4, "authority"),
    Stage.PLAN_DECLINED: StageRow("No plan decided, family to be told", 4, "authority"),
    Stage.NO_PLAN: StageRow("Assessed, no plan", 5, "nobody", ends=True),
    Stage.DRAFT_OUT: StageRow("Draft plan with the family", 5, "family"),
    Stage.PART_SENT: StageRow("Final plan sent to some", 6, "authority"),
    Stage.FINAL: StageRow("Final plan sent", 7, "nobody", ends=True),
    Stage.WITHDRAWN: StageRow("Withdrawn", 8, "nobody", ends=True),
    Stage.MOVED_OUT: StageRow("Moved out of the area", 8, "nobody", ends=True),
    Stage.CEASED: StageRow("Plan ceased", 9, "nobody", ends=True),
}

OPEN_STAGES = tuple(stage for stage, row in STAGES.items() if not row.ends)

#: Who a case waits for, as a filter and a column say it.
WAITING_ON = {
    "authority": "Us",
    "advisers": "Advisers",
    "family": "The family",
    "nobody": "Nobody",
}
