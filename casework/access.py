"""Who may do what, and whose records they may see. One table; whatever it does not say is refused.

It says what a role may do (`RULES`) and which cases a person may do it to (`scope_of`). Routes wear
the first (casework.web.guards); queries filter lists, counts, searches and single cases alike by
the second. It knows no web and no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto
from types import MappingProxyType

from casework.codes import Code
from casework.rules.panels import Window


class Role(Code):
    """What a person's account is for: one role each."""

    CASE_OFFICER = "case-officer", "Case officer"
    PANEL_MEMBER = "panel-member", "Panel member"
    PANEL_CLERK = "panel-clerk", "Panel clerk"
    MANAGER = "manager", "Manager"
    DCO = "dco", "Designated clinical officer"
    SOCIAL_CARE_LEAD = "social-care-lead", "Designated social care officer"
    SERVICE_MEMBER = "service-member", "Member of a service that gives advice"
    AUDITOR = "auditor", "Auditor"
    DATA_PROTECTION_OFFICER = "data-protection-officer", "Data protection officer"
    BOARD_READER = "board-reader", "Board reader"
    ADMINISTRATOR = "administrator", "Administrator"


#: Every role, in the order that people read them.
ROLES = tuple(Role)


def role_words(role: str) -> str:
    """Return a role as people read it; one that nobody knows is returned as it is."""
    return Role(role).words if role in ROLES else role


class Permission(StrEnum):
    """One thing that a person may do, named by what it allows."""

    SEE_CASES = auto()
    WRITE_CASES = auto()
    RECORD_ODDITY = auto()
    SEE_NOTES = auto()
    SEE_PANELS = auto()
    SEE_EVERY_MEETING = auto()
    PREPARE_MEETINGS = auto()
    MANAGE_PANELS = auto()
    DECIDE = auto()
    SEE_CONTACTS = auto()
    SEE_PROTECTED_ADDRESSES = auto()
    SEE_WHO_LOOKED = auto()
    EXPORT_LIST = auto()
    IMPORT_TRACKER = auto()
    SEE_INDICATORS = auto()
    SEE_LAW = auto()
    SEE_AUDIT_TRAIL = auto()
    MANAGE_ACCOUNTS = auto()
    MANAGE_SETTINGS = auto()
    MANAGE_TEAM = auto()
    SEE_DOCUMENTS = auto()
    ADD_DOCUMENTS = auto()
    SEE_SERVICES = auto()
    MANAGE_SERVICES = auto()
    ANSWER_REQUESTS = auto()
    READ_ADVICE = auto()
    RELEASE_ADVICE = auto()
    CHASE_ADVICE = auto()
    SEE_CONTRIBUTIONS = auto()
    ISSUE_REPORTS = auto()
    SAMPLE_ADVICE = auto()
    SIGN_PLANS = auto()
    MANAGE_LETTERS = auto()
    APPROVE_EXCEPTIONS = auto()
    SEE_JOBS = auto()
    RUN_JOBS = auto()
    SEE_UNDELIVERED = auto()
    RELEASE_MAIL = auto()
    SET_ALERTS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table: what is allowed, to which roles, why, and whom else to ask."""

    id: str
    permission: Permission
    #: What it allows, to follow "Only … may".
    allows: str
    roles: frozenset[Role]
    reason: str
    #: Who can help a person that the rule refuses.
    ask: str = "your manager"


_OFFICERS = frozenset({Role.CASE_OFFICER, Role.MANAGER})
_LEADS = frozenset({Role.DCO, Role.SOCIAL_CARE_LEAD})
_ADVISERS = _LEADS | {Role.SERVICE_MEMBER}
_OVERSEERS = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})

RULES = (
    Rule(
        id="A1",
        permission=Permission.SEE_CASES,
        allows="see children’s cases",
        roles=_OFFICERS | _LEADS | {Role.PANEL_CLERK},
        reason="A child’s record is open to those who work on it and to nobody else.",
    ),
    Rule(
        id="A2",
        permission=Permission.WRITE_CASES,
        allows="add to or change a case",
        roles=_OFFICERS,
        reason="What the authority did and when is recorded by those who answer for it.",
    ),
    Rule(
        id="A3",
        permission=Permission.RECORD_ODDITY,
        allows="record a step out of its order, with a reason",
        roles=frozenset({Role.MANAGER}),
        reason="A step out of order is more often a slip than a truth, so a second person decides.",
    ),
    Rule(
        id="A4",
        permission=Permission.SEE_CONTACTS,
        allows="see how a family is contacted",
        roles=_OFFICERS | {Role.PANEL_CLERK},
        reason="Only those who write to the family need its address.",
    ),
    Rule(
        id="A5",
        permission=Permission.SEE_PROTECTED_ADDRESSES,
        allows="see a protected address",
        roles=frozenset({Role.MANAGER}),
        reason="A protected address found out can put a child or a parent in danger.",
    ),
    Rule(
        id="A6",
        permission=Permission.SEE_WHO_LOOKED,
        allows="see who has looked at a case",
        roles=_OFFICERS,
        reason="Those who hold a case can tell whether someone had cause to open it.",
        ask="the data protection officer",
    ),
    Rule(
        id="A7",
        permission=Permission.EXPORT_LIST,
        allows="take a list of cases out of the system",
        roles=_OFFICERS,
        reason="A file of children’s names is the easiest thing to lose.",
    ),
    Rule(
        id="A8",
        permission=Permission.IMPORT_TRACKER,
        allows="bring a tracker in",
        roles=frozenset({Role.MANAGER}),
        reason="An import makes many records at once, and one person answers for all of them.",
    ),
    Rule(
        id="A9",
        permission=Permission.SEE_INDICATORS,
        allows="see the indicators",
        roles=_OFFICERS
        | _OVERSEERS
        | {Role.DCO, Role.SOCIAL_CARE_LEAD, Role.PANEL_CLERK, Role.BOARD_READER},
        reason="The figures are for those who run, steer or check the work.",
    ),
    Rule(
        id="A10",
        permission=Permission.SEE_LAW,
        allows="see the law that the system applies",
        roles=frozenset(Role),
        reason="The law is public.",
    ),
    Rule(
        id="A11",
        permission=Permission.SEE_AUDIT_TRAIL,
        allows="read the audit trail",
        roles=_OVERSEERS,
        reason="Whoever checks the work is not one of those who do it.",
        ask="the data protection officer",
    ),
    Rule(
        id="A12",
        permission=Permission.MANAGE_ACCOUNTS,
        allows="manage accounts",
        roles=frozenset({Role.ADMINISTRATOR}),
        reason="Whoever decides who may see records does not see them.",
        ask="an administrator of this service",
    ),
    Rule(
        id="A13",
        permission=Permission.MANAGE_SETTINGS,
        allows="manage schools and other settings",
        roles=frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
        reason="A closure recorded for a school can excuse lateness in every case there.",
        ask="your manager or an administrator of this service",
    ),
    Rule(
        id="A14",
        permission=Permission.MANAGE_TEAM,
        allows="see what each officer holds and hand their cases over",
        roles=frozenset({Role.MANAGER}),
        reason="Work is shared out by whoever answers for the team.",
    ),
    Rule(
        id="A15",
        permission=Permission.SEE_NOTES,
        allows="read the notes on a case and the reasons for its exceptions",
        roles=_OFFICERS,
        reason="A note may say of a family what a service that gives advice has no need to know.",
    ),
    Rule(
        id="A16",
        permission=Permission.SEE_DOCUMENTS,
        allows="open the documents on a case",
        roles=_OFFICERS | {Role.PANEL_CLERK},
        reason="A report tells more of a child than all the rest of the record.",
    ),
    Rule(
        id="A17",
        permission=Permission.ADD_DOCUMENTS,
        allows="add a document to a case or withdraw one",
        roles=_OFFICERS | {Role.PANEL_CLERK},
        reason="Those who receive the papers answer for putting each with the right child.",
    ),
    Rule(
        id="A18",
        permission=Permission.SEE_PANELS,
        allows="see the meetings of panels that they prepare, sit on or bring cases to",
        roles=_OFFICERS | _ADVISERS | {Role.PANEL_CLERK, Role.PANEL_MEMBER},
        reason="A panel’s papers are open to its members while they need them, and to nobody else.",
        ask="the clerk of the panel",
    ),
    Rule(
        id="A19",
        permission=Permission.SEE_EVERY_MEETING,
        allows="see the meetings of every panel, whenever they are",
        roles=_OFFICERS | {Role.PANEL_CLERK},
        reason="Officers bring cases to a panel and act on what it decides.",
        ask="the clerk of the panel",
    ),
    Rule(
        id="A20",
        permission=Permission.PREPARE_MEETINGS,
        allows="prepare a panel’s meetings and keep their record",
        roles=frozenset({Role.PANEL_CLERK, Role.MANAGER}),
        reason="One person answers for what goes before a panel and for what is written down.",
        ask="the clerk of the panel",
    ),
    Rule(
        id="A21",
        permission=Permission.MANAGE_PANELS,
        allows="set a panel’s terms of reference and its members",
        roles=frozenset({Role.MANAGER}),
        reason="Who decides about children is settled by whoever answers for the service.",
    ),
    Rule(
        id="A22",
        permission=Permission.DECIDE,
        allows="take a decision outside a panel",
        roles=frozenset({Role.MANAGER}),
        reason="The law’s clock does not wait for a meeting, and somebody must answer for the "
        "decision.",
    ),
    Rule(
        id="A23",
        permission=Permission.SEE_SERVICES,
        allows="see the services that give advice and whom to write to there",
        roles=_OFFICERS | _LEADS | {Role.PANEL_CLERK},
        reason="Whoever asks for advice, or chases it, needs the right address.",
    ),
    Rule(
        id="A24",
        permission=Permission.MANAGE_SERVICES,
        allows="change the services that give advice and whom to write to there",
        roles=frozenset({Role.MANAGER}),
        reason="A wrong address sends a child’s request to the wrong people.",
    ),
    Rule(
        id="A25",
        permission=Permission.ANSWER_REQUESTS,
        allows="answer what their own service, or the services they answer for, were asked",
        roles=_ADVISERS,
        reason="Advice comes from whoever was asked for it.",
        ask="the case officer",
    ),
    Rule(
        id="A26",
        permission=Permission.READ_ADVICE,
        allows="read advice: officers all of it, others what is theirs to read",
        roles=_OFFICERS | _ADVISERS,
        reason="What a service wrote of a child is for those who act on it.",
        ask="the case officer",
    ),
    Rule(
        id="A27",
        permission=Permission.RELEASE_ADVICE,
        allows="ask to read the other lead’s advice on one case, and answer such a request",
        roles=_LEADS,
        reason="Health and social care each keep their own, and share it where there is a need.",
        ask="the designated clinical or social care officer",
    ),
    Rule(
        id="A28",
        permission=Permission.CHASE_ADVICE,
        allows="remind services of the advice they owe",
        roles=_OFFICERS | _LEADS,
        reason="One reminder from whoever answers for it; several from several people are ignored.",
    ),
    Rule(
        id="A29",
        permission=Permission.SEE_CONTRIBUTIONS,
        allows="see how the services answer",
        roles=_OFFICERS | _LEADS,
        reason="Exact figures are for those who work on the cases behind them.",
    ),
    Rule(
        id="A30",
        permission=Permission.ISSUE_REPORTS,
        allows="issue the monthly report on advice",
        roles=_LEADS | {Role.MANAGER},
        reason="One person answers for figures that leave the team.",
    ),
    Rule(
        id="A31",
        permission=Permission.SAMPLE_ADVICE,
        allows="draw samples of advice and score them",
        roles=_LEADS | {Role.MANAGER},
        reason="Advice is judged by somebody who answers for its quality and did not write it.",
    ),
    Rule(
        id="A32",
        permission=Permission.SIGN_PLANS,
        allows="sign a final plan",
        roles=frozenset({Role.MANAGER}),
        reason="The plan is signed by the officer who answers for signing it off, and a second "
        "person reads what binds the authority.",
    ),
    Rule(
        id="A33",
        permission=Permission.APPROVE_EXCEPTIONS,
        allows="approve an exception to a time limit that somebody else proposed",
        roles=frozenset({Role.MANAGER}),
        reason="Whoever could not keep a limit is not the one to say that the law excuses it.",
    ),
    Rule(
        id="A34",
        permission=Permission.MANAGE_LETTERS,
        allows="change the templates of letters",
        roles=frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
        reason="Every family’s letter is made from them, so somebody answers for their words.",
        ask="your manager or an administrator of this service",
    ),
    Rule(
        id="A35",
        permission=Permission.SEE_JOBS,
        allows="see what the scheduler does, and are told where it stops",
        roles=frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
        reason="Whoever answers for limits must know when nobody is told of them.",
        ask="your manager or an administrator of this service",
    ),
    Rule(
        id="A36",
        permission=Permission.RUN_JOBS,
        allows="have the scheduler do a job now, or say that its clock is right",
        roles=frozenset({Role.ADMINISTRATOR}),
        reason="A job done at the wrong hour, or by a wrong clock, tells many people at once.",
        ask="an administrator of this service",
    ),
    Rule(
        id="A37",
        permission=Permission.SEE_UNDELIVERED,
        allows="see which email was not delivered and have it sent again",
        roles=frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
        reason="Whoever was to be told must be told another way, and somebody answers for that.",
        ask="your manager or an administrator of this service",
    ),
    Rule(
        id="A38",
        permission=Permission.RELEASE_MAIL,
        allows="release email that was held because a backup was restored",
        roles=frozenset({Role.ADMINISTRATOR}),
        reason="Released without need, old email goes to everybody a second time.",
        ask="an administrator of this service",
    ),
    Rule(
        id="A39",
        permission=Permission.SET_ALERTS,
        allows="say how they are told of time limits, and who is told in their place",
        roles=_OFFICERS,
        reason="Whoever answers for a case is told of its limits, or names who is told instead.",
    ),
)

_BY_PERMISSION = {rule.permission: rule for rule in RULES}
if len(_BY_PERMISSION) != len(RULES) or set(_BY_PERMISSION) != set(Permission):
    raise ValueError("each permission needs one rule")

#: What each role may do: the table read the other way.
PERMISSIONS: Mapping[str, frozenset[Permission]] = MappingProxyType(
    {role: frozenset(r.permission for r in RULES if role in r.roles) for role in ROLES}
)


def rule_for(permission: Permission) -> Rule:
    """Return the rule that says who has this permission."""
    return _BY_PERMISSION[permission]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The person who asks: all that deciding what they may see needs to know of them."""

    user_id: int
    name: str
    role: str
    team_id: int | None = None
    #: For a service member: their service, by its id.
    service_id: int | None = None

    def may(self, permission: Permission) -> bool:
        """Return whether this person's role has the permission. An unknown role has none."""
        return permission in PERMISSIONS.get(self.role, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The cases that a person may see: every one, or those where advice was asked of these.

    With `everything` the rest says nothing. Without it a case is in scope when advice was asked
    of a service in `services`, by id, or of one that belongs to an agency in `agencies` ("health",
    "social_care"). With all three empty no case is.
    """

    everything: bool = False
    agencies: frozenset[str] = field(default_factory=frozenset)
    services: frozenset[int] = field(default_factory=frozenset)
    #: The person from whom every case in which they have declared an interest is hidden.
    hidden_from: int | None = None

    @property
    def nothing(self) -> bool:
        """Whether no case at all is in scope, so that there is no need to ask the database."""
        return not (self.everything or self.agencies or self.services)


EVERY_CASE = Scope(everything=True)
NO_CASE = Scope()

_SCOPES: Mapping[str, Scope] = MappingProxyType(
    {
        # A young person's plan does not wait for one officer's return from leave.
        Role.CASE_OFFICER: EVERY_CASE,
        Role.MANAGER: EVERY_CASE,
        # The clerk prepares the agenda of every panel.
        Role.PANEL_CLERK: EVERY_CASE,
        Role.DCO: Scope(agencies=frozenset({"health"})),
        Role.SOCIAL_CARE_LEAD: Scope(agencies=frozenset({"social_care"})),
    }
)


def scope_of(viewer: Viewer) -> Scope:
    """Return the cases that this person may see; none, unless a rule says otherwise."""
    if not viewer.may(Permission.SEE_CASES):
        return NO_CASE
    return _scope(viewer)


def reads_of(viewer: Viewer) -> Scope:
    """Return whose advice this person may read, as the scope of those who were asked for it.

    An officer reads all of it, a lead their own agency's, a service its own. What was released to
    them besides is in the records (casework.queries.advice_access).
    """
    return _scope(viewer) if viewer.may(Permission.READ_ADVICE) else NO_CASE


def _scope(viewer: Viewer) -> Scope:
    if viewer.role == Role.SERVICE_MEMBER and viewer.service_id is not None:
        found = Scope(services=frozenset({viewer.service_id}))
    else:
        found = _SCOPES.get(viewer.role, NO_CASE)
    return found if found.nothing else replace(found, hidden_from=viewer.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The place from which a person looks at panels: every meeting, or those they sit on.

    A member looks into a meeting only while its window is open; nobody looks into a case in which
    they have declared an interest.
    """

    user_id: int
    sees_all: bool
    window: Window


def seat_of(viewer: Viewer, window: Window) -> Seat:
    """Return the seat of a person who has the permission SEE_PANELS."""
    sees_all = viewer.may(Permission.SEE_EVERY_MEETING)
    return Seat(user_id=viewer.user_id, sees_all=sees_all, window=window)
