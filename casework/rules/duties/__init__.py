"""The statute book: one chapter a file, one row a limit. `casework.rules.book` binds them."""

from casework.rules.duties.assessment import ASSESSMENT
from casework.rules.duties.coronavirus import CORONAVIRUS_CHAPTER
from casework.rules.duties.detained import DETAINED_CHAPTER
from casework.rules.duties.mediation import MEDIATION
from casework.rules.duties.moving import MOVING
from casework.rules.duties.personal_budget import PERSONAL_BUDGET
from casework.rules.duties.phase_transfer import PHASE_TRANSFER
from casework.rules.duties.reassessment import REASSESSMENT
from casework.rules.duties.review import REVIEW
from casework.rules.duties.transfer import TRANSFER
from casework.rules.duties.tribunal import TRIBUNAL

#: Every chapter, in the order in which a case meets them.
CHAPTERS = (
    ASSESSMENT,
    REASSESSMENT,
    REVIEW,
    PHASE_TRANSFER,
    MEDIATION,
    TRIBUNAL,
    MOVING,
    DETAINED_CHAPTER,
    PERSONAL_BUDGET,
    TRANSFER,
    CORONAVIRUS_CHAPTER,
)
