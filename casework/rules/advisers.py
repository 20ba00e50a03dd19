"""The kinds of service that give advice under regulation 6(1), and each one's limit.

Which services of a kind there are, whose, and whom to write to is data (AdviceService).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial


class Agency(StrEnum):
    """The part of the partnership that a service belongs to."""

    EDUCATION = "education"
    HEALTH = "health"
    PSYCHOLOGY = "psychology"
    SOCIAL_CARE = "social_care"
    FAMILY = "family"
    OTHER = "other"

    @property
    def words(self) -> str:
        """Return the agency's name as it stands in a sentence."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of service that is asked for advice.

    `paragraph` is its place in regulation 6(1); `is_bound` says whether section 31 binds it, so
    that six weeks from its receipt of the request is law (regulation 8(1)) and not guidance.
    """

    key: str
    words: str
    agency: Agency
    paragraph: str
    is_bound: bool
    #: Other words by which people mean it, as they stand in trackers.
    also: str = ""

    def duty(self, kind: str, *, detained: bool) -> str:
        """Return the id of the rule that times this service's answer on such a case."""
        if not self.is_bound:
            return "advice_all_6w"
        if detained:
            return "det_advice_6w"
        return "reassess_advice_6w" if kind == "reassessment" else "advice_partner_6w"


_row = partial(Service, is_bound=False)
_health = partial(Service, agency=Agency.HEALTH, paragraph="c", is_bound=True)

# fmt: off
_ROWS = (
    _row("family", "The family’s own views", Agency.FAMILY, "a"),
    _row("school", "School or setting", Agency.EDUCATION, "b",
         also=r"school|nursery|college|setting|education"),
    _row("hearing_teacher", "Teacher of deaf children", Agency.EDUCATION, "b",
         also=r"hearing|deaf"),
    _row("vision_teacher", "Teacher of vision-impaired children", Agency.EDUCATION, "b",
         also=r"vision|visual"),
    _health("community_paediatrics", "Community paediatrics",
            also=r"paediatric|pediatric|\bpaeds?\b"),
    _health("speech_and_language", "Speech and language therapy",
            also=r"speech|\bsalt\b|\bslt\b"),
    _health("occupational_therapy", "Occupational therapy", also=r"occupational|\bot\b"),
    _health("physiotherapy", "Physiotherapy", also=r"physio"),
    _health("camhs", "Child and adolescent mental health (CAMHS)", also=r"camhs|mental health"),
    _health("community_nursing", "Community nursing", also=r"nurs(e\b|ing)|health visit"),
    _health("other_health", "Other health service", also=r"health|\bnhs\b|medical|\bgp\b"),
    _row("educational_psychology", "Educational psychology", Agency.PSYCHOLOGY, "d",
         also=r"psycholog|\bep\b"),
    _row("social_care", "Social care", Agency.SOCIAL_CARE, "e",
         also=r"social care|social work|\bsc\b"),
    _row("youth_justice", "Youth justice team", Agency.OTHER, "f", is_bound=True,
         also=r"youth justice|youth offending|\byot\b"),
    _row("adulthood", "Preparation for adulthood and independent living", Agency.OTHER, "g"),
    _row("family_choice", "Someone the family asked for", Agency.OTHER, "h"),
    _row("other", "Someone else", Agency.OTHER, "f"),
)
# fmt: on

SERVICES: dict[str, Service] = {service.key: service for service in _ROWS}

#: Read in this order, so that "Community nursing" is not read as a nursery, nor
#: "mental health" as some other health service.
_READING = sorted(
    (s for s in SERVICES.values() if s.also),
    key=lambda s: (s.key in {"other_health", "school"}, s.key == "school"),
)


def read_service(words: str, otherwise: str = "other") -> str:
    """Return the key of the service that the words mean, or `otherwise` where none is meant."""
    for service in _READING:
        if re.search(service.also, words, re.IGNORECASE):
            return service.key
    return otherwise


def services_of(agency: str) -> tuple[str, ...]:
    """Return the keys of the agency's services."""
    return tuple(key for key, service in SERVICES.items() if service.agency == agency)
