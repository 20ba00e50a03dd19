"""Tables and constraints. No decisions are taken here."""

from casework.models.audit import AuditEntry, ChangeDetail
from casework.models.case import Adviser, Case, OfficerAssignment
from casework.models.deadline import Deadline
from casework.models.event import CaseEvent, CaseEventException
from casework.models.job import JobRun
from casework.models.person import Contact, Person, PersonNameKey
from casework.models.setting import Setting, SettingClosure
from casework.models.tracker import TrackerMapping, TrackerUpload
from casework.models.user import KeptForm, SignInAttempt, Team, User, UserSession

__all__ = [
    "Adviser",
    "AuditEntry",
    "Case",
    "CaseEvent",
    "CaseEventException",
    "ChangeDetail",
    "Contact",
    "Deadline",
    "JobRun",
    "KeptForm",
    "OfficerAssignment",
    "Person",
    "PersonNameKey",
    "Setting",
    "SettingClosure",
    "SignInAttempt",
    "Team",
    "TrackerMapping",
    "TrackerUpload",
    "User",
    "UserSession",
]
