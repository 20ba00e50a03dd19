"""The summer of 2020: kept so that its cases are not shown as plain breaches."""

from datetime import date
from functools import partial

from casework.rules.duty import Duty
from casework.rules.sources import CORONAVIRUS

_row = partial(
    Duty, chapter="coronavirus", owed_by="the authority", per="case", law=CORONAVIRUS,
    valid_from=date(2020, 5, 1),
)  # fmt: skip

# fmt: off
CORONAVIRUS_CHAPTER = (
    _row(id="coronavirus_limits", label="Act as soon as practicable in the summer of 2020",
         duty="From 1 May to 25 September 2020 a numeric limit could be missed where coronavirus "
              "made it impractical; the duty became as soon as reasonably practicable.",
         confidence="P", valid_until=date(2020, 9, 25),
         note="Recorded as exception XC on the rows it lifts."),
    _row(id="coronavirus_provision", label="Use reasonable endeavours to secure provision",
         duty="From 1 May to 31 July 2020 the duty to secure provision was one of reasonable "
              "endeavours.",
         confidence="P", valid_until=date(2020, 7, 31),
         note="By notice under the Coronavirus Act 2020, modifying section 42 of the Act."),
)
# fmt: on
