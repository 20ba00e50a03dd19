"""The fields that a tracker may hold, and the headings by which councils call them.

A heading is compared by its words, so that "Request rec'd", "REQUEST RECEIVED" and "Date request
received (dd/mm/yyyy)" are one; the synonyms below are the ones that words alone do not join.
"""

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a tracker: its key, the words that people read for it, its other headings."""

    key: str
    words: str
    headings: tuple[str, ...] = ()


_APOSTROPHES: Final = re.compile("['`\u00b4\u02bc\u2018\u2019]")
#: How a cell is to be filled, not what it is about.
_HINTS: Final = re.compile(
    r"\b(y\s*(/|or)\s*n|yes\s*(/|or)\s*no|d{1,2}\W?m{1,3}\W?y{2,4})\b", re.ASCII
)
_WEEKS: Final = re.compile(r"(\d+)\s*(?:weeks?|wks?|w)\b", re.ASCII)
_MEANS: Final = {
    "recd": "received", "rec": "received", "rcvd": "received", "recieved": "received",
    "req": "request", "reqd": "request", "requested": "request", "requests": "request",
    "asked": "request", "dob": "birth", "ep": "educational psychology",
    "psychologist": "psychology", "psychologists": "psychology", "psych": "psychology",
    "ed": "educational", "sc": "social care", "csc": "social care", "grad": "graduated",
    "ref": "reference", "dec": "decision", "dta": "decision to assess", "ehcp": "plan",
    "parents": "parent", "notified": "told", "informed": "told", "withdrew": "withdrawn",
    "num": "number", "no.": "number", "excep": "exception", "exceptions": "exception",
    "exemption": "exception",
}  # fmt: skip
_FILLERS: Final = frozenset(
    ("the", "of", "on", "day", "was", "is", "a", "an", "ehc", "ehcna", "child", "childs",
     "childrens", "pupil", "pupils", "cyp", "student", "students")
)  # fmt: skip


def heading_key(heading: str) -> str:
    """Return the words by which a heading is compared: "Request rec'd" is "request received", and
    "Date of decision to assess" is "decision to assess date"."""
    text = _APOSTROPHES.sub("", normalize("NFKC", heading[:200]).casefold())
    text = _HINTS.sub(" ", text).replace("&", " and ").replace("no.", "number ")
    text = _WEEKS.sub(r"\1 week ", text)
    words = re.sub(r"[\W_]+", " ", text).split()
    meant = " ".join(_MEANS.get(word, word) for word in words).split()
    kept = [word for word in meant if word not in _FILLERS] or meant
    return " ".join(sorted(kept, key="date".__eq__))  # the word date goes last


FIELDS: Final = (
    Field("reference", "Reference", (
        "Ref", "Reference number", "Ref no", "Case reference", "Case ref", "Case number",
        "Case ID", "ID", "Tracker ref", "Our ref", "Case no")),
    Field("surname", "Surname", ("Last name", "Family name", "Legal surname", "Lastname")),
    Field("forename", "Forename", (
        "First name", "Forenames", "Given name", "Given names", "First names", "Firstname",
        "Legal forename")),
    Field("full_name", "Full name", ("Name", "Child", "Pupil", "CYP", "Name of child")),
    Field("date_of_birth", "Date of birth", ("DOB", "D.O.B.", "Birth date", "Birthdate", "Born")),
    Field("upn", "UPN", ("Unique pupil number", "UPN number")),
    Field("nhs_number", "NHS number", ("NHS", "NHS no", "NHS num")),
    Field("sex", "Sex", ("Gender", "M/F", "Sex M/F")),
    Field("setting", "School or setting", (
        "School", "Setting", "School / setting", "School name", "Current school",
        "Current setting", "Education setting", "Placement", "School/college", "Provision",
        "Current school/setting", "School or college", "Nursery/school")),
    Field("request_received", "Request received", (
        "Received", "Request", "Date request received", "Request date", "Date received",
        "Date of request", "Referral received", "Referral date", "Start date",
        "Request for assessment received", "RSA received", "Request in")),
    Field("requested_by", "Requested by", (
        "Requester", "Requestor", "Source", "Source of request", "Request source", "Referrer",
        "Referred by", "Request from", "Request made by", "Who requested")),
    Field("graduated_approach", "Graduated approach shown", (
        "Grad. approach evidenced", "Graduated approach", "Graduated approach evidenced",
        "Graduated response", "Graduated response evidenced", "Evidence of graduated approach",
        "APDR evidenced", "APDR")),
    Field("decision_to_assess", "Decision to assess", (
        "Agreed to assess", "Assess", "Agree to assess", "Assessment agreed",
        "Decision whether to assess", "6 week decision", "Agreed to assess Y/N")),
    Field("assess_decision_sent", "Family told of the decision to assess", (
        "Parents notified", "Parent notified", "Parents informed", "Parent/carer notified",
        "Parents told", "Decision to assess letter", "Decision to assess sent",
        "Decision letter sent", "6 week letter", "6 week letter sent", "Decision sent",
        "Decision to assess letter sent", "Family notified", "Notification sent",
        "Date of decision to assess", "Decision to assess date", "6 week decision date",
        "6 week decision sent")),
    Field("officer", "Case officer", (
        "Officer", "Caseworker", "Case worker", "SEN officer", "SEND officer", "EHC coordinator",
        "Plan coordinator", "Coordinator", "Allocated to", "Case owner", "Case manager",
        "EHCCO", "Lead officer")),
    Field("complex", "Complex case", ("Complex", "Complex?", "Complex Y/N", "Complexity")),
    Field("ep_requested", "Educational psychology asked", (
        "EP req", "EP requested", "EP request sent", "Ed psych requested", "EP advice requested",
        "EP request", "EP advice request sent")),
    Field("ep_received", "Educational psychology received", (
        "EP rec'd", "EP received", "EP advice received", "EP report received",
        "Ed psych received", "Ed psych report received", "EP report")),
    Field("health_service", "Health service", (
        "Health provider", "Health team", "Health advice from", "Health professional")),
    Field("health_requested", "Health advice asked", (
        "Health req", "Health requested", "Health request sent", "Health advice requested",
        "Health advice request sent")),
    Field("health_received", "Health advice received", (
        "Health rec'd", "Health received", "Health report received", "Health report")),
    Field("health_outcome", "Health outcome", (
        "Health response", "Health result", "Health advice outcome", "Health reply")),
    Field("social_care_requested", "Social care advice asked", (
        "SC req", "SC requested", "Social care requested", "Social care request sent",
        "Social care advice requested", "CSC requested")),
    Field("social_care_received", "Social care advice received", (
        "SC rec'd", "SC received", "Social care received", "Social care report received",
        "CSC received", "Social care report")),
    Field("panel_date", "Panel", (
        "Panel date", "Date of panel", "Panel meeting", "Decision panel", "Panel meeting date",
        "Panel on")),
    Field("issue_plan", "Decision to issue a plan", (
        "Issue plan", "Issue plan?", "Agree to issue", "Agreed to issue", "Decision to issue",
        "Plan agreed", "Issue EHCP", "Issue plan Y/N", "Decision to issue plan",
        "Agreed to issue plan")),
    Field("no_plan_notice_sent", "Family told there will be no plan", (
        "No-plan letter", "No plan letter sent", "No plan notice", "No plan notice sent",
        "Decision not to issue sent", "Refusal to issue sent", "Not issuing letter",
        "Decision not to issue letter", "Refusal to issue letter", "No plan letter date")),
    Field("draft_served", "Draft plan served", (
        "Draft issued", "Draft plan issued", "Draft sent", "Draft plan sent", "Draft served",
        "Draft", "Draft plan", "Proposed plan issued", "Draft EHCP issued", "Draft issue date")),
    Field("final_plan_sent", "Final plan sent", (
        "Final issued", "Final plan issued", "Final sent", "Final", "Final plan", "Finalised",
        "Plan issued", "Plan finalised", "Final EHCP issued", "EHCP issued", "Final issue date",
        "EHCP finalised", "Plan sent")),
    Field("exception", "Exception to the 20 weeks", (
        "20wk exception", "20 week exception", "Exception", "Exception applies",
        "Exception Y/N", "20 week exception applies", "Exemption", "20wk exemption",
        "Week 20 exception")),
    Field("exception_reason", "Reason for the exception", (
        "Exception reason", "Reason for exception", "Exception ground", "Exception details",
        "Exemption reason", "Reason for exemption", "20 week exception reason")),
    Field("withdrawn", "Withdrawn", (
        "Withdrawn on", "Date withdrawn", "Request withdrawn", "Withdrawal date", "Withdrawal")),
    Field("status", "Status", ("Current status", "Stage", "Case status", "Progress")),
    Field("notes", "Notes", ("Note", "Comments", "Comment", "Remarks", "Notes/comments")),
)  # fmt: skip

WORDS: Final = {field.key: field.words for field in FIELDS}


def _index() -> dict[str, str]:
    """Return {heading key: field key}; a heading that would mean two fields is a mistake here."""
    known: dict[str, str] = {}
    for field in FIELDS:
        for heading in (field.words, field.key.replace("_", " "), *field.headings):
            key = heading_key(heading)
            if known.setdefault(key, field.key) != field.key:
                raise ValueError(f"{heading!r} would mean both {known[key]} and {field.key}")
    return known


_KNOWN: Final = _index()


def field_for(heading: str) -> str | None:
    """Return the key of the field that a heading names, or None where it names none we know."""
    key = heading_key(heading)
    return _KNOWN.get(key) or _KNOWN.get(key.removesuffix(" date"))
