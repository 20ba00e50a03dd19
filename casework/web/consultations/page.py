"""What the pages about consultations share: a case with its consultations, and one of them."""

from dataclasses import dataclass
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue

from casework.database import reading
from casework.queries import consultations
from casework.queries.cases import CaseView
from casework.queries.consultations import ConsultationLine, Consultations
from casework.services import viewing
from casework.services.errors import ChangedMeanwhile
from casework.web.cases.forms import VersionForm
from casework.web.cases.page import open_case, show
from casework.web.form_errors import explain

INDEX = "consultations.index"


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with what was asked of settings about it."""

    view: CaseView
    found: Consultations

    def line(self, consultation_id: str) -> ConsultationLine:
        """Return the consultation that an address names. Answers 404 for one of another case."""
        return consultations.find(self.found, consultation_id) or abort(404)

    @property
    def names(self) -> dict[int, str]:
        """Return the names of the settings, by the id of the consultation."""
        return {line.consultation.id: line.words for line in self.found.lines}


def open_consultations(public_id: str) -> Opened:
    """Return the case and its consultations as they stand today; 404 as `open_case` does."""
    with reading():
        view = open_case(public_id)
        found = consultations.consultations(view)
        viewing.let_go()
    return Opened(view, found)


def form_page(
    template: str, opened: Opened, form: VersionForm, *, status: int = 200, **words: Any
) -> ResponseReturnValue:
    """Return a page with a form about consultations: 422 where it is not right."""
    status = 422 if form.errors and status == 200 else status
    what = "viewed form about a setting"
    return show(template, opened.view, what=what, status=status, form=form, **words)


def explain_refused(form: VersionForm, reasons: dict[str, str], boxes: dict[str, str]) -> None:
    """Put what was refused beside the boxes that it is about; `boxes` are those by reason."""
    explain(form, {boxes.get(name, name): why for name, why in reasons.items()})


def over_theirs(
    form: VersionForm, changed: ChangedMeanwhile, public_id: str
) -> tuple[Opened, dict[str, Any]]:
    """Return the case as others left it, and what they did, for the form to be sent once more."""
    form.version.data, form.version.raw_data = changed.version, None
    return open_consultations(public_id), {"status": 409, "changes": changed.changes}
