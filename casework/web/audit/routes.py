"""`/audit-trail`: who did what, when and from where. Reading it leaves an entry of its own."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from casework.access import Permission
from casework.queries import audit_entries
from casework.services import oversight
from casework.web.audit.forms import TrailForm
from casework.web.guards import actor, needs
from casework.web.paging import row_number

blueprint = Blueprint("audit", __name__)


@blueprint.get("/audit-trail")
@needs(Permission.SEE_AUDIT_TRAIL)
def index() -> tuple[str, int]:
    """Show the newest entries, narrowed by person, case, act and day."""
    form = TrailForm(request.args, people=audit_entries.people(), actions=audit_entries.actions())
    is_good = form.validate()
    before = request.args.get("before", None, row_number)
    oversight.note_reading(actor=actor())
    found = audit_entries.page(form.wanted(before)) if is_good else None
    asked: dict[str, Any] = {
        name: value for name, value in request.args.items() if value and name != "before"
    }
    older = found.older_than if found else None
    return render_template(
        "audit/index.html",
        form=form,
        found=found,
        older=url_for("audit.index", **asked, before=older) if older else None,
        newest=url_for("audit.index", **asked) if before else None,
    ), 200 if is_good else 422
