"""The code lists that a child's record uses, the DfE's and our own, each code with its words.

A member is the code itself, so it goes into a column, a form or a return as it stands:
``SenType.SLCN == "SLCN"`` and ``SenType.SLCN.words`` is what a person reads.
Source: the code sets of the SEN2 person-level collection, 2025 and 2026 editions.
"""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A code of a published list, with the words that people read for it."""

    words: str

    def __new__(cls, code: str, words: str = "") -> Self:
        """Return the member for `code`, carrying its `words`."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.words = words
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return (code, words) pairs in the list's own order, as a form's select takes them."""
        return [(member.value, member.words) for member in cls]


class Sex(Code):
    """SEN2 `Sex`: replaced gender in the 2024 collection."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"
    UNKNOWN = "U", "Not known"


class Ethnicity(Code):
    """SEN2 `Ethnicity`: the DfE's twenty main codes."""

    WBRI = "WBRI", "White: British"
    WIRI = "WIRI", "White: Irish"
    WIRT = "WIRT", "White: Traveller of Irish heritage"
    WROM = "WROM", "White: Gypsy or Roma"
    WOTH = "WOTH", "Any other White background"
    MWBC = "MWBC", "Mixed: White and Black Caribbean"
    MWBA = "MWBA", "Mixed: White and Black African"
    MWAS = "MWAS", "Mixed: White and Asian"
    MOTH = "MOTH", "Any other mixed background"
    AIND = "AIND", "Asian: Indian"
    APKN = "APKN", "Asian: Pakistani"
    ABAN = "ABAN", "Asian: Bangladeshi"
    AOTH = "AOTH", "Any other Asian background"
    BCRB = "BCRB", "Black: Caribbean"
    BAFR = "BAFR", "Black: African"
    BOTH = "BOTH", "Any other Black background"
    CHNE = "CHNE", "Chinese"
    OOTH = "OOTH", "Any other ethnic group"
    REFU = "REFU", "Preferred not to say"
    NOBT = "NOBT", "Not yet known"


class SenType(Code):
    """SEN2 `SENtype`, item 5.8a: the primary or secondary type of need."""

    SPLD = "SPLD", "Specific learning difficulty"
    MLD = "MLD", "Moderate learning difficulty"
    SLD = "SLD", "Severe learning difficulty"
    PMLD = "PMLD", "Profound and multiple learning difficulty"
    SEMH = "SEMH", "Social, emotional and mental health"
    SLCN = "SLCN", "Speech, language and communication needs"
    HI = "HI", "Hearing impairment"
    VI = "VI", "Vision impairment"
    MSI = "MSI", "Multi-sensory impairment"
    PD = "PD", "Physical disability"
    ASD = "ASD", "Autistic spectrum disorder"
    DS = "DS", "Down syndrome"  # in the list from the 2025 collection
    OTH = "OTH", "Other difficulty or disability"


class RequestSource(Code):
    """SEN2 `RequestSource`: who asked for the assessment; collected from 2025."""

    PARENT_OR_YOUNG_PERSON = "1", "Parent or young person"
    EDUCATION_SETTING = "2", "School or other education setting"
    HEALTH_PROFESSIONAL = "3", "Health care professional"
    SOCIAL_CARE_PROFESSIONAL = "4", "Social care professional"
    OTHER = "5", "Someone else"

    @property
    def makes_a_request(self) -> bool:
        """Return whether section 36(1) lets this person request an assessment.

        Anyone else brings the child to the authority's attention, and its clock starts on
        the day it became responsible (Children and Families Act 2014, section 24(1)).
        """
        return self in (RequestSource.PARENT_OR_YOUNG_PERSON, RequestSource.EDUCATION_SETTING)


class RequestRoute(Code):
    """How a request reached the authority."""

    EMAIL = "email", "Email"
    POST = "post", "Post"
    FORM = "form", "Online form"
    PHONE = "phone", "Telephone"
    BY_HAND = "by-hand", "By hand"


class UpnUnknown(Code):
    """SEN2 `UPNunknown`: why a child has neither a UPN nor a ULN."""

    UN1 = "UN1", "Under 6 and not yet given one"
    UN2 = "UN2", "Never in a state school in England"
    UN3 = "UN3", "Educated outside England"
    UN5 = "UN5", "Sources give different numbers"
    UN8 = "UN8", "New to the authority and not yet known"
    UN9 = "UN9", "Young person never in a state school or further education"
    UN10 = "UN10", "Request ended with no further action before it was known"


class SenSetting(Code):
    """SEN2 `SENsetting`, items 4.7c and 5.7c: used only where there is no URN or UKPRN."""

    OLA = "OLA", "Arranged by the authority out of school (section 61)"
    OPA = "OPA", "Arranged by parents (section 42(5)), not elective home education"
    EHE = "EHE", "Elective home education"
    EYP = "EYP", "Early years provider with no URN"
    NEET = "NEET", "Not in education, employment or training (aged 16 to 25)"
    NIEC = "NIEC", "Not in education: notice to cease the plan issued"
    NIEO = "NIEO", "Not in education: another reason"
    OTH = "OTH", "Other, such as a type of setting named without a setting"


class SettingType(Code):
    """The kinds of place a child may attend: those that section 38(3) lets a family ask for, and
    those that a plan meets besides. The words are the Act's; the codes are ours."""

    EARLY_YEARS = "early-years", "Early years provider"
    NURSERY_SCHOOL = "nursery-school", "Maintained nursery school"
    PRIMARY = "primary", "Primary school"
    SECONDARY = "secondary", "Secondary school"
    ALL_THROUGH = "all-through", "All-through school"
    SPECIAL = "special", "Special school or special academy"
    NON_MAINTAINED_SPECIAL = "non-maintained", "Non-maintained special school"
    SECTION_41 = "section-41", "Independent institution approved under section 41"
    INDEPENDENT = "independent", "Other independent school"
    ALTERNATIVE_PROVISION = "alternative", "Pupil referral unit or alternative provision"
    FURTHER_EDUCATION = "further-education", "Further education or sixth form college"
    SPECIAL_POST_16 = "special-post-16", "Special post-16 institution"
    OTHER = "other", "Other"


class DocumentKind(Code):
    """What a document on a case is; the codes are ours, in the order in which they come."""

    REQUEST = "request", "Request form"
    SCHOOL_EVIDENCE = "school-evidence", "School or setting’s evidence"
    FAMILY_VIEWS = "family-views", "Family’s views"
    CHILD_VIEWS = "child-views", "Child or young person’s views"
    EDUCATION_ADVICE = "education-advice", "Education advice"
    PSYCHOLOGY_ADVICE = "psychology-advice", "Educational psychologist’s advice"
    HEALTH_ADVICE = "health-advice", "Health advice"
    SOCIAL_CARE_ADVICE = "social-care-advice", "Social care advice"
    OTHER_ADVICE = "other-advice", "Other advice"
    DRAFT_PLAN = "draft-plan", "Draft plan"
    FINAL_PLAN = "final-plan", "Final plan"
    REVIEW = "review", "Report of a review"
    CONSULTATION = "consultation", "Reply to a consultation"
    LETTER = "letter", "Letter or email"
    MINUTES = "minutes", "Minutes or notes of a meeting"
    TRIBUNAL = "tribunal", "Mediation or tribunal paper"
    OTHER = "other", "Other document"

    @property
    def informs_a_panel(self) -> bool:
        """Return whether a panel reads it as a matter of course: what was asked and advised."""
        return self in _INFORM_A_PANEL


_INFORM_A_PANEL = frozenset(
    {
        DocumentKind.REQUEST,
        DocumentKind.SCHOOL_EVIDENCE,
        DocumentKind.FAMILY_VIEWS,
        DocumentKind.CHILD_VIEWS,
        DocumentKind.EDUCATION_ADVICE,
        DocumentKind.PSYCHOLOGY_ADVICE,
        DocumentKind.HEALTH_ADVICE,
        DocumentKind.SOCIAL_CARE_ADVICE,
        DocumentKind.OTHER_ADVICE,
    }
)


class ContactPart(Code):
    """As what somebody is written to at a service that gives advice; the codes are ours."""

    MAILBOX = "mailbox", "Team mailbox"
    ESCALATION = "escalation", "Escalation contact"
    COVER = "cover", "Stands in for the escalation contact"


class AdviceRoute(Code):
    """How advice reached the authority; the codes are ours."""

    FORM = "form", "Returned on its form"
    DOCUMENT = "document", "Returned as a document"
    EMAIL = "email", "Came by email, filed by an officer"
    POST = "post", "Came by post, filed by an officer"
    PHONE = "phone", "Said by telephone, written down by an officer"


class ServiceRoute(Code):
    """How a draft plan is served on the family; the codes are ours.

    By hand, by prepaid post, or by email where the family agreed to it (Education Act 1996, s.572).
    """

    BY_HAND = "by-hand", "Given by hand"
    POST = "post", "First class post"
    EMAIL = "email", "Email, which the family agreed to"


class PlaceKind(Code):
    """Where in a school the place is: SEN2 asks for units and resourced provision apart."""

    SCHOOL = "school", "The school or college itself"
    UNIT = "unit", "Its special unit"
    RESOURCED = "resourced", "Its resourced provision"


class Accepted(Code):
    """What was done about something the family said of a draft; the codes are ours."""

    YES = "yes", "The plan was changed as asked"
    PARTLY = "partly", "The plan was changed in part"
    NO = "no", "The plan was not changed"


class ToldBy(Code):
    """How somebody was told of a change; the codes are ours."""

    LETTER = "letter", "Letter"
    EMAIL = "email", "Email"
    PHONE = "phone", "Telephone"
    MEETING = "meeting", "Meeting"


class Found(Code):
    """Whether sampled advice has what it should; the codes are ours."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"


class DocumentState(Code):
    """What is known of a document's file: only a clean one is given to anyone."""

    WAITING = "waiting", "Waiting for its virus check"
    CLEAN = "clean", "Passed its checks"
    INFECTED = "infected", "Withheld: it failed its virus check"
    UNREADABLE = "unreadable", "Withheld: the file is damaged or has been changed"
