"""Tables and constraints. No decisions are taken here."""

from casework.models.advice import (
    Advice,
    AdviceCheck,
    AdviceEntry,
    AdviceExpected,
    AdviceRelease,
    AdviceReuse,
    AdviceSample,
    AdviceScore,
    ContributionReport,
)
from casework.models.advice_service import AdviceService, Provider, ServiceContact
from casework.models.alert import Absence, Alert, Quiet
from casework.models.audit import AuditEntry, ChangeDetail
from casework.models.case import Adviser, Case, OfficerAssignment
from casework.models.condition import ConditionDone
from casework.models.consultation import Consultation, ConsultationReply, PlacementRequest
from casework.models.deadline import Deadline
from casework.models.decision import (
    DecisionCondition,
    DecisionEvidence,
    PanelDecision,
    PanelRecord,
    PanelRecordDecision,
    PanelView,
)
from casework.models.document import Document
from casework.models.event import CaseEvent, CaseEventException, ExceptionStep
from casework.models.family import FamilyCode, FamilyLink, FamilyVisit
from casework.models.forecast import Forecast, ForecastCurve
from casework.models.heartbeat import Heartbeat
from casework.models.job import Job, JobRequest, JobRun
from casework.models.letter import Letter, LetterRecipient, LetterTemplate
from casework.models.mail_place import MailPlace
from casework.models.message import Message
from casework.models.panel import (
    AgendaItem,
    Attendance,
    Interest,
    Panel,
    PanelAgencyNeeded,
    PanelCirculation,
    PanelMeeting,
    PanelMember,
    PanelPhrase,
)
from casework.models.paper import Paper
from casework.models.person import Contact, Person, PersonNameKey
from casework.models.plan import (
    DraftServed,
    FinalPlan,
    HealthAgreement,
    Informed,
    PlanEdition,
    PlanEditionSection,
    PlanSectionVersion,
    Representation,
    RepresentationAnswer,
)
from casework.models.setting import Setting, SettingClosure
from casework.models.tracker import TrackerMapping, TrackerUpload
from casework.models.user import KeptForm, SignInAttempt, Team, User, UserSession

__all__ = [
    "Absence",
    "Advice",
    "AdviceCheck",
    "AdviceEntry",
    "AdviceExpected",
    "AdviceRelease",
    "AdviceReuse",
    "AdviceSample",
    "AdviceScore",
    "AdviceService",
    "Adviser",
    "AgendaItem",
    "Alert",
    "Attendance",
    "AuditEntry",
    "Case",
    "CaseEvent",
    "CaseEventException",
    "ChangeDetail",
    "ConditionDone",
    "Consultation",
    "ConsultationReply",
    "Contact",
    "ContributionReport",
    "Deadline",
    "DecisionCondition",
    "DecisionEvidence",
    "Document",
    "DraftServed",
    "ExceptionStep",
    "FamilyCode",
    "FamilyLink",
    "FamilyVisit",
    "FinalPlan",
    "Forecast",
    "ForecastCurve",
    "HealthAgreement",
    "Heartbeat",
    "Informed",
    "Interest",
    "Job",
    "JobRequest",
    "JobRun",
    "KeptForm",
    "Letter",
    "LetterRecipient",
    "LetterTemplate",
    "MailPlace",
    "Message",
    "OfficerAssignment",
    "Panel",
    "PanelAgencyNeeded",
    "PanelCirculation",
    "PanelDecision",
    "PanelMeeting",
    "PanelMember",
    "PanelPhrase",
    "PanelRecord",
    "PanelRecordDecision",
    "PanelView",
    "Paper",
    "Person",
    "PersonNameKey",
    "PlacementRequest",
    "PlanEdition",
    "PlanEditionSection",
    "PlanSectionVersion",
    "Provider",
    "Quiet",
    "Representation",
    "RepresentationAnswer",
    "ServiceContact",
    "Setting",
    "SettingClosure",
    "SignInAttempt",
    "Team",
    "TrackerMapping",
    "TrackerUpload",
    "User",
    "UserSession",
]
