"""Cases laid out by hand, so that every stage and every way of standing is always there to see.

Days are counted from the day a case began; `age` is how long ago that was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from casework.demonstration.exceptions import add, proposed
from casework.demonstration.roads import Road

Laid = tuple[int, str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """One case: how long ago it began, or on which day, and what followed."""

    shows: str
    age: int = 0
    began: date | None = None
    kind: str = "request"
    steps: Sequence[Laid] = ()
    #: Pairs of (place of a step, day it was first entered for): each is put right.
    slips: Sequence[tuple[int, int]] = ()
    #: What came of each exception, in its place: kind, day and words of each step. One that is not
    #: here was recorded by itself.
    by_two: Mapping[int, Sequence[tuple[str, int, str]]] = field(default_factory=dict)
    #: Places of steps that are struck out.
    struck: Sequence[int] = ()
    #: Columns of Person and of Case that matter to what it shows.
    person: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    #: The same name here is the same child.
    child: str = ""
    #: A twin of that child.
    twin_of: str = ""
    years_old: int = 8

    def road(self, today: date) -> Road | None:
        """Return what has happened by today; None if it has not begun."""
        start = self.began or today - timedelta(days=self.age)
        if start > today:
            return None
        road = Road(self.kind, start, today)
        for offset, kind, particulars in self.steps:
            road.add(kind, start + timedelta(days=offset), **particulars)
        for place, steps in self.by_two.items():
            road.steps[place] = proposed(road.steps[place])
            for kind, offset, said in steps:
                add(road, place, kind, start + timedelta(days=offset), said)
        for place, offset in self.slips:
            right = road.steps[place]
            wrong = start + timedelta(days=offset)
            road.correct(place, wrong, "Day misread from the letter", right.on)
        for place in self.struck:
            road.strike_out(place, "Entered on the wrong case", min(today, road.steps[place].on))
        return road


def _asked(on: int, **answers: tuple[int, str]) -> list[Laid]:
    """Ask the services everyone asks, and take the answers given as (day, outcome)."""
    services = ("school", "educational_psychology", "community_paediatrics", "social_care")
    laid: list[Laid] = [(on, "advice_requested", {"service": service}) for service in services]
    laid += [
        (day, "advice_received", {"service": service, "outcome": outcome})
        for service, (day, outcome) in answers.items()
    ]
    return laid


def _sent(on: int, *recipients: str) -> list[Laid]:
    return [(on, "final_plan_sent", {"recipient": recipient}) for recipient in recipients]


def exception(on: int, regulation: str, ground: str | None, **particulars: Any) -> Laid:
    """Lay an exception under a regulation; `particulars` are columns of CaseEventException."""
    columns = {
        "regulation": regulation,
        "ground": ground,
        "evidence": "Letter from the family, on file",
        "reason": "Bereavement in the family",
        "approver_recorded": True,
    }
    adviser = {"service": particulars.pop("service", None), "doubt": particulars.pop("doubt", None)}
    return (on, "exception_recorded", {"exception": columns | particulars, **adviser})


_ALL = ("family", "institution", "health_body")
_ANSWERS = {
    "school": (35, "advice"),
    "educational_psychology": (50, "advice"),
    "community_paediatrics": (45, "advice"),
    "social_care": (40, "not_known"),
}
_TO_CONSIDERING: list[Laid] = [(2, "considering_notified", {})]
_TO_AGREED: list[Laid] = [*_TO_CONSIDERING, (12, "decided_to_assess", {})]
_TO_ASKED: list[Laid] = [*_TO_AGREED, (13, "told_will_assess", {}), *_asked(14)]
_TO_ANSWERED: list[Laid] = [
    *_TO_AGREED,
    (13, "told_will_assess", {}),
    *_asked(14, **_ANSWERS),
]
_TO_DRAFTING: list[Laid] = [*_TO_ANSWERED, (58, "decided_to_issue", {})]
_TO_DRAFT: list[Laid] = [*_TO_DRAFTING, (64, "draft_served", {})]

#: What leads to each open stage, and the ages at which its next limit runs, is soon, is overdue.
OPEN: dict[str, tuple[list[Laid], tuple[int, int, int]]] = {
    "received": ([], (4, 35, 61)),
    "considering": (_TO_CONSIDERING, (7, 36, 55)),
    "assess_agreed": (_TO_AGREED, (15, 37, 50)),
    "assess_declined": ([*_TO_CONSIDERING, (12, "decided_not_to_assess", {})], (16, 34, 52)),
    "assessing": (_TO_ASKED, (44, 104, 126)),
    "drafting": (_TO_DRAFTING, (74, 131, 163)),
    "plan_declined": ([*_TO_ANSWERED, (58, "decided_not_to_issue", {})], (66, 103, 121)),
    "draft_out": (_TO_DRAFT, (76, 132, 182)),
    "part_sent": ([*_TO_DRAFT, *_sent(88, "family", "health_body")], (95, 130, 151)),
}

_LIFTED = [exception(70, "10(4)", "X3"), exception(70, "13(3)", "X3")]
_LATE_FINAL: list[Laid] = [*_TO_DRAFTING, (140, "draft_served", {}), *_sent(171, *_ALL)]
_FINAL: list[Laid] = [*_TO_DRAFT, *_sent(92, *_ALL)]

LONG_NAME = "Wilhelmina Anastasia Bartholomea Konstantinopolitańczykiewiczówna"

ENDED = (
    Specimen(
        shows="refused in time",
        age=90,
        steps=[(20, "decided_not_to_assess", {}), (41, "told_will_not_assess", {})],
    ),
    Specimen(
        shows="refused late",
        age=140,
        steps=[(40, "decided_not_to_assess", {}), (57, "told_will_not_assess", {})],
    ),
    Specimen(
        shows="no plan, in time",
        age=200,
        steps=[*_TO_ANSWERED, (60, "decided_not_to_issue", {}), (75, "no_plan_notice_sent", {})],
    ),
    Specimen(
        shows="no plan, late",
        age=260,
        steps=[*_TO_ANSWERED, (110, "decided_not_to_issue", {}), (131, "no_plan_notice_sent", {})],
    ),
    Specimen(shows="a plan in time", age=300, steps=_FINAL, child="Planned"),
    Specimen(shows="a plan on the last day", age=321, steps=[*_TO_DRAFT, *_sent(140, *_ALL)]),
    Specimen(shows="a plan late", age=330, steps=_LATE_FINAL),
    Specimen(shows="a plan late, lifted", age=340, steps=[*_LATE_FINAL, *_LIFTED]),
    Specimen(
        shows="a plan over a year late",
        age=700,
        steps=[*_TO_DRAFTING, (430, "draft_served", {}), *_sent(520, *_ALL)],
    ),
    Specimen(
        shows="a plan sent before the family’s 15 days were over",
        age=310,
        steps=[*_TO_DRAFT, *_sent(72, *_ALL)],
    ),
    Specimen(
        shows="a plan that names a type of school",
        age=250,
        steps=[*_TO_DRAFT, (95, "no_institution_named", {}), *_sent(95, "family", "health_body")],
    ),
    Specimen(shows="withdrawn", age=120, steps=[*_TO_ASKED, (50, "withdrawn", {})]),
    Specimen(shows="moved out", age=160, steps=[*_TO_DRAFT, (80, "moved_out", {})]),
    Specimen(
        shows="ceased, once kept",
        age=800,
        steps=[
            *_FINAL,
            (640, "decided_to_keep_plan", {}),
            (700, "decided_to_cease", {}),
            (740, "ceased", {}),
        ],
        years_old=17,
    ),
    Specimen(
        shows="draft and placement looked at more than once",
        age=230,
        steps=[
            *_TO_DRAFTING,
            (66, "draft_content_to_change", {}),
            (74, "draft_content_agreed", {}),
            (80, "draft_served", {}),
            (98, "placement_type_agreed", {}),
            (106, "placement_not_agreed", {}),
            (114, "placement_agreed", {}),
            *_sent(126, *_ALL),
        ],
    ),
)

_REFUSED: list[Laid] = [(20, "decided_not_to_assess", {}), (38, "told_will_not_assess", {})]
_NO_PLAN: list[Laid] = [
    *_TO_ANSWERED,
    (60, "decided_not_to_issue", {}),
    (75, "no_plan_notice_sent", {}),
]

OVERTURNED = (
    Specimen(
        shows="a refusal reversed by agreement",
        age=130,
        steps=[*_REFUSED, (90, "agreed_to_assess", {}), (99, "told_will_assess", {}), *_asked(101)],
    ),
    Specimen(
        shows="a refusal overturned by an order",
        age=330,
        steps=[
            *_REFUSED,
            (200, "ordered_to_assess", {}),
            (212, "told_will_assess", {}),
            *_asked(213, school=(235, "advice"), social_care=(230, "not_known")),
            (270, "decided_to_issue", {}),
            (280, "draft_served", {}),
            *_sent(305, *_ALL),
        ],
    ),
    Specimen(
        shows="a refusal conceded, the family still to be told",
        age=140,
        steps=[*_REFUSED, (120, "conceded_assessment", {})],
    ),
    Specimen(
        shows="a refusal that the panel took back at a second look",
        age=125,
        steps=[
            *_REFUSED,
            (66, "decided_to_assess", {}),
            (70, "told_will_assess", {}),
            *_asked(71, school=(95, "advice")),
        ],
    ),
    Specimen(
        shows="a plan ordered",
        age=240,
        steps=[*_NO_PLAN, (225, "ordered_to_make_plan", {})],
    ),
    Specimen(
        shows="a plan conceded, and late",
        age=300,
        steps=[
            *_NO_PLAN,
            (150, "conceded_plan", {}),
            (190, "draft_served", {}),
            *_sent(240, *_ALL),
        ],
    ),
    Specimen(
        shows="advice asked for a second time",
        age=95,
        steps=[
            *_TO_ANSWERED,
            (60, "advice_requested", {"service": "educational_psychology"}),
        ],
    ),
)

_NO_GROUND = "It could have been foreseen: the clinic offers a second appointment within a week"
EXCEPTIONS = (
    Specimen(
        shows="lifted and still owed, the exceptions over",
        age=170,
        steps=[*_TO_DRAFT, *_LIFTED],
        by_two={
            len(_TO_DRAFT) + place: [
                ("exception_recorded", 72, ""),
                ("exception_told", 75, "By letter"),
                ("exception_ended", 110, "The child is out of hospital"),
            ]
            for place in (1, 2)
        },
    ),
    Specimen(
        shows="lifted, advice still out, the family not told",
        age=150,
        steps=[*_TO_ASKED, *_LIFTED],
        by_two={len(_TO_ASKED) + place: [("exception_recorded", 74, "")] for place in (1, 2)},
    ),
    Specimen(
        shows="an exception for the decision, told and not over",
        age=58,
        steps=[*_TO_CONSIDERING, exception(30, "5(4)", "X4", reason="Family abroad, five weeks")],
        by_two={
            len(_TO_CONSIDERING) + 1: [
                ("exception_recorded", 34, ""),
                ("exception_told", 36, "By telephone: the mother agreed"),
            ]
        },
    ),
    Specimen(
        shows="an exception for one adviser, not approved",
        age=80,
        steps=[
            *_TO_ASKED,
            exception(
                40,
                "8(2)",
                "X5",
                service="community_paediatrics",
                reason="Did not attend two appointments offered",
            ),
        ],
        by_two={len(_TO_ASKED) + 1: [("exception_refused", 45, _NO_GROUND)]},
    ),
    Specimen(
        shows="a closure claimed that no closure bears out, and waiting",
        age=165,
        steps=[
            *_TO_DRAFT,
            exception(160, "13(3)", "X1", reason="School closed", evidence=None, first_day=None),
        ],
        by_two={len(_TO_DRAFT) + 1: []},
    ),
    Specimen(
        shows="a nursery closed for the summer when advice was asked for",
        age=152,
        steps=[
            *_TO_DRAFT,
            exception(143, "10(4)", "X2", reason="Nursery closed for the summer", first_day=None),
        ],
        by_two={len(_TO_DRAFT) + 1: []},
        years_old=3,
    ),
    Specimen(
        shows="a mark from a tracker whose words name no ground",
        age=190,
        steps=[
            *_TO_DRAFTING,
            exception(
                100,
                "13(3)",
                None,
                reason="exc - see email",
                evidence=None,
                approver_recorded=False,
                doubt="as_recorded",
            ),
        ],
    ),
)

OTHERS = (
    Specimen(shows="a corrected day", age=110, steps=_TO_DRAFT, slips=[(3, 21), (8, 52)]),
    Specimen(
        shows="an entry struck out",
        age=85,
        steps=[*_TO_ANSWERED, (60, "withdrawn", {})],
        struck=[12],
    ),
    Specimen(
        shows="a step out of order, recorded by a manager",
        age=75,
        steps=[
            *_TO_AGREED,
            *_asked(9),
            (16, "told_will_assess", {"oddity": "Advice was asked for before the letter went"}),
        ],
    ),
    Specimen(
        shows="one date for every recipient, from a tracker",
        age=400,
        steps=[
            *_TO_DRAFT,
            *((day, kind, p | {"doubt": "one_date_for_all"}) for day, kind, p in _sent(133, *_ALL)),
        ],
        case={"tracker_reference": "R-2025-117", "tracker_status": "Completed - finalled"},
    ),
    Specimen(
        shows="a day that was not recorded",
        age=210,
        steps=[
            *_TO_ANSWERED,
            (70, "decided_to_issue", {"doubt": "day_not_recorded"}),
            (70, "draft_served", {}),
            *_sent(139, *_ALL),
        ],
    ),
    Specimen(
        shows="a second draft",
        age=125,
        steps=[*_TO_DRAFT, (100, "draft_served", {"note": "Second draft"})],
    ),
    Specimen(shows="brought to our attention", age=24, kind="attention", case={"source": "3"}),
    Specimen(
        shows="moved in",
        age=47,
        kind="moved_in",
        steps=_TO_ASKED,
        case={"source": "1"},
    ),
    Specimen(
        shows="youth accommodation",
        age=48,
        steps=_TO_ASKED,
        case={"youth_accommodation": True},
        years_old=16,
    ),
    Specimen(
        shows="complex and looked after by another authority",
        age=98,
        steps=_TO_ANSWERED,
        case={"is_complex": True},
        person={"looked_after": True, "looked_after_by": "Othershire"},
        years_old=12,
    ),
    Specimen(
        shows="decided by an officer between two meetings",
        age=45,
        steps=[
            *_TO_CONSIDERING,
            (40, "decided_to_assess", {"by_officer": True}),
            (41, "told_will_assess", {}),
        ],
    ),
    Specimen(shows="nobody’s yet", age=2, case={"officer_id": None}, years_old=3),
    Specimen(
        shows="a re-assessment under way",
        age=60,
        kind="reassessment",
        child="Planned",
        steps=[(12, "decided_to_assess", {}), (14, "told_will_assess", {}), *_asked(15)],
    ),
    Specimen(
        shows="a re-assessment decided late",
        age=31,
        kind="reassessment",
        steps=[(24, "decided_to_assess", {}), (28, "told_will_assess", {})],
        years_old=14,
    ),
    Specimen(
        shows="a transfer from a statement, completed",
        began=date(2017, 1, 9),
        kind="transfer",
        steps=[
            (60, "decided_to_issue", {}),
            (70, "draft_served", {}),
            *_sent(97, *_ALL),
        ],
        years_old=10,
    ),
    Specimen(
        shows="a transfer from a statement, timed from its notice",
        began=date(2015, 3, 2),
        kind="transfer",
        steps=[
            (-14, "transfer_notice_sent", {}),
            (60, "decided_to_issue", {}),
            (66, "draft_served", {}),
            *_sent(90, *_ALL),
        ],
        years_old=14,
    ),
    Specimen(
        shows="a transfer from a statement, late",
        began=date(2016, 9, 12),
        kind="transfer",
        steps=[(140, "decided_to_issue", {}), (150, "draft_served", {}), *_sent(190, *_ALL)],
        years_old=13,
    ),
)

NAMES = (
    Specimen(
        shows="a twin",
        age=20,
        steps=_TO_CONSIDERING,
        person={"surname": "O’Brien", "forenames": "Niamh", "sex": "F", "known_as": None},
        child="Niamh",
    ),
    Specimen(
        shows="the other twin",
        age=20,
        steps=_TO_CONSIDERING,
        person={"surname": "O’Brien", "forenames": "Tadhg", "sex": "M", "known_as": None},
        twin_of="Niamh",
    ),
    Specimen(
        shows="an accent",
        age=68,
        steps=_TO_ASKED,
        person={"surname": "Muñoz García", "forenames": "José Ángel", "sex": "M"},
    ),
    Specimen(
        shows="a straight apostrophe",
        age=72,
        steps=_TO_ASKED,
        person={"surname": "N'Diaye", "forenames": "Aïssatou", "sex": "F"},
    ),
    Specimen(
        shows="a single name",
        age=28,
        steps=_TO_CONSIDERING,
        person={"surname": "Suharto", "forenames": ""},
    ),
    Specimen(
        shows="a very long name",
        age=84,
        steps=_TO_DRAFTING,
        person={"surname": LONG_NAME.split()[-1], "forenames": LONG_NAME.rsplit(" ", 1)[0]},
    ),
    Specimen(
        shows="a name read from right to left",
        age=39,
        steps=_TO_ASKED,
        person={"surname": "المصري", "forenames": "نور", "known_as": "Nour"},
    ),
    Specimen(
        shows="a name in other letters",
        age=52,
        steps=_TO_ASKED,
        person={"surname": "歐陽", "forenames": "美玲", "known_as": "May"},
    ),
    Specimen(
        shows="a name with a particle and a hyphen",
        age=116,
        steps=_TO_DRAFT,
        person={"surname": "van der Berg-Żółkiewska", "forenames": "Łucja"},
    ),
    Specimen(
        shows="a surname that looks like a month",
        age=12,
        person={"surname": "May", "forenames": "April", "known_as": "Apple"},
    ),
)


#: Requests that wait for the panel's decision, by how long ago they came: with the others that do,
#: enough for an agenda of thirty.
WAITING = tuple(
    Specimen(
        shows="a request that waits for the panel",
        age=age,
        steps=_TO_CONSIDERING,
        years_old=3 + 7 * age % 13,
    )
    for age in (*range(10, 40, 2), *range(11, 41, 4))
)


def all_specimens() -> Iterator[Specimen]:
    """Yield every specimen: each open stage in three ways of standing, then the rest."""
    for stage, (steps, ages) in OPEN.items():
        for age, standing in zip(ages, ("running", "soon", "overdue"), strict=True):
            yield Specimen(shows=f"{stage}, {standing}", age=age, steps=steps)
    for group in (ENDED, OVERTURNED, EXCEPTIONS, OTHERS, NAMES, WAITING):
        yield from group
