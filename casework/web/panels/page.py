"""How a page about a panel is opened, and how its forms answer."""

from typing import Any, TypeVar

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from casework.database import reading
from casework.queries import panels
from casework.services import viewing
from casework.services.errors import ChangedMeanwhile
from casework.web.conflicts import VersionedForm
from casework.web.guards import seat

Form = TypeVar("Form", bound=VersionedForm)


def open_panel(public_id: str) -> Any:
    """Return the panel. Answers 404 alike for none and for one that is not theirs to see."""
    with reading():
        panel = panels.find(seat(), public_id)
        if panel is None:
            abort(404)
        viewing.let_go()
    return panel


def form_page(template: str, form: FlaskForm, **words: object) -> ResponseReturnValue:
    """Return the page of a form: 422 where something typed will not do."""
    return render_template(template, form=form, **words), 422 if form.errors else 200


def conflict_page(
    template: str, form: Form, theirs: Form, changed: ChangedMeanwhile, **words: object
) -> ResponseReturnValue:
    """Show what others saved meanwhile beside what this person typed, still unsaved."""
    conflict = {"changes": changed.changes, "differences": form.merge(theirs, changed.version)}
    return render_template(template, form=form, conflict=conflict, **words), 409
