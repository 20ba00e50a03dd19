"""The instruments that the rules cite, named the same way everywhere."""

from datetime import date

ACT = "Children and Families Act 2014"
SENDR = "SEND Regulations 2014"
COP = "SEND Code of Practice 2015"
HESC = "Tribunal Procedure (First-tier Tribunal) (HESC Chamber) Rules 2008"
DETAINED = "SEND (Detained Persons) Regulations 2015"
BUDGETS = "SEN (Personal Budgets) Regulations 2014"
RECOMMENDATIONS = "SEND (First-tier Tribunal Recommendations Power) Regulations 2017"
TRANSITION = f"{ACT} (Transitional and Saving Provisions) (No. 2) Order 2014"
CORONAVIRUS = "SEND (Coronavirus) (Amendment) Regulations 2020"
#: The case that said how long a review may take when the plan is to be amended.
DEVON = "R (L, M and P) v Devon CC [2022] EWHC 493 (Admin)"
OWN_TARGET = "authority's own target"

#: Every citation begins with one of these.
SOURCES = (
    ACT,
    SENDR,
    COP,
    HESC,
    DETAINED,
    BUDGETS,
    RECOMMENDATIONS,
    TRANSITION,
    CORONAVIRUS,
    OWN_TARGET,
)

#: The SEND Regulations 2014 came into force.
IN_FORCE = date(2014, 9, 1)
#: SI 2015/359 rewrote regulation 45.
CONCESSIONS_REWRITTEN = date(2015, 3, 23)
#: The SEND (Detained Persons) Regulations 2015 came into force.
DETAINED_IN_FORCE = date(2015, 4, 1)
#: Judgment in the Devon case.
DEVON_DECIDED = date(2022, 3, 8)
#: Decisions from this day carry the tribunal's power to recommend.
RECOMMENDATIONS_IN_FORCE = date(2018, 4, 3)
