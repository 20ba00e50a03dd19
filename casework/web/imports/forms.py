"""The forms by which a tracker is sent and its columns are chosen."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput
from wtforms import SubmitField

from casework.tracker.cells import is_empty, shown
from casework.tracker.fields import FIELDS
from casework.tracker.headings import Headings
from casework.web.fields import SelectOne


class TrackerForm(FlaskForm):
    """The file itself."""

    tracker = FileField(
        "The tracker",
        widget=GovFileInput(),
        description="An Excel workbook (.xlsx) or a .csv file, up to 20 MB",
        validators=[FileRequired("Choose the tracker’s file")],
        render_kw={"params": {"attributes": {"accept": ".xlsx,.csv"}}},
    )
    submit = SubmitField("Check this tracker", widget=GovSubmitInput())


class ColumnsForm(FlaskForm):
    """Which heading each field is read from. Made by `columns_form`, with a box for each field."""

    def mapping(self) -> dict[str, str]:
        """Return {field: heading}, empty for a field that the sheet does not have."""
        return {field.key: self[field.key].data or "" for field in FIELDS}

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse one heading chosen for two fields, and a tracker without what it must have."""
        is_good = super().validate(extra_validators)
        return all([is_good, self._has_what_it_needs(), *map(self._is_alone, FIELDS)])

    def _has_what_it_needs(self) -> bool:
        chosen = self.mapping()
        faults = []
        if not chosen["request_received"]:
            faults.append(("request_received", "Choose the column of the day of the request"))
        if not any(chosen[name] for name in ("surname", "forename", "full_name")):
            faults.append(("surname", "Choose the column of the child’s surname or whole name"))
        for name, words in faults:
            self[name].errors = [*self[name].errors, words]
        return not faults

    def _is_alone(self, field: Any) -> bool:
        chosen = self.mapping()
        heading = chosen[field.key]
        earlier = [f for f in FIELDS[: FIELDS.index(field)] if chosen[f.key] == heading]
        if not (heading and earlier):
            return True
        words = f"“{heading}” is already chosen for {earlier[0].words.lower()}"
        self[field.key].errors = [*self[field.key].errors, words]
        return False


def columns_form(headings: Headings, samples: Mapping[str, str]) -> type[ColumnsForm]:
    """Return the form for a sheet: a box for each field, offering the sheet's headings.

    `samples` are {heading: a cell under it}.
    """
    offered = [(name, _with_sample(name, samples)) for name in headings.names]
    boxes: dict[str, Any] = {
        field.key: SelectOne(field.words, choices=offered, empty="Not in this sheet")
        for field in FIELDS
    }
    boxes["submit"] = SubmitField("Save and check again", widget=GovSubmitInput())
    return type("ChosenColumnsForm", (ColumnsForm,), boxes)


def sample_cells(headings: Headings, rows: Iterable[tuple[int, Any]]) -> dict[str, str]:
    """Return {heading: the first cell under it that holds anything}, as a person reads it."""
    found: dict[str, str] = {}
    for _, cells in rows:
        for place, name in enumerate(headings.names):
            if name not in found and place < len(cells) and not is_empty(cells[place]):
                found[name] = shown(cells[place])[:40]
    return found


def _with_sample(name: str, samples: Mapping[str, str]) -> str:
    return f"{name} (such as {samples[name]})" if name in samples else name
