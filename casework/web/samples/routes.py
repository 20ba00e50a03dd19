"""`/samples`: a month's draw by service, and one piece of advice looked at."""

from datetime import date
from io import BytesIO

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission, reads_of
from casework.codes import AdviceRoute, Found
from casework.database import reading
from casework.filters import counted
from casework.headers import sandboxed
from casework.queries import samples as queries
from casework.queries.samples import Sampled
from casework.rules.sampling import QUESTIONS, is_over, month_before, month_of
from casework.services import documents, viewing
from casework.services import samples as services
from casework.services.errors import Absent, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, scope, viewer
from casework.web.kept_forms import load
from casework.web.samples import blueprint
from casework.web.samples.forms import DrawForm, ScoreForm

#: How many months back are offered.
MONTHS = 12


@blueprint.get("")
@needs(Permission.SAMPLE_ADVICE)
def index() -> str:
    """Show a month's samples and what was found in them, by service."""
    month, today = _month(), clock.today()
    with reading():
        found = queries.of_month(scope(), month)
        viewing.let_go()
    return render_template(
        "samples/index.html",
        month=month,
        months=_months(),
        found=found,
        questions=QUESTIONS,
        can_draw=is_over(month, today),
        form=DrawForm(formdata=None),
    )


@blueprint.post("")
@needs(Permission.SAMPLE_ADVICE)
def draw() -> ResponseReturnValue:
    """Draw the month's advice by lot; a second press only tops up."""
    load(DrawForm)
    month = _month()
    try:
        many = services.draw(actor=actor(), today=clock.today(), month=month, scope=scope())
    except Refused as refused:
        flash(f"{refused}.", "refused")
    else:
        words = f"{counted(many, 'piece', 'pieces')} of advice drawn."
        flash(words if many else "Nothing more to draw: the sample is whole.", "success")
    return redirect(url_for("samples.index", month=f"{month:%Y-%m}"), 303)


@blueprint.route("/<sample_id>", methods=["GET", "POST"])
@needs(Permission.SAMPLE_ADVICE)
def sample(sample_id: str) -> ResponseReturnValue:
    """Show sampled advice beside the form that scores it, and keep the score."""
    form, found = load(ScoreForm), _open(sample_id)
    if form.validate_on_submit():
        try:
            services.score(
                actor=actor(),
                today=clock.today(),
                reads=reads_of(viewer()),
                sample=sample_id,
                answers=form.answers,
                words=form.words.data or "",
            )
        except Refused as refused:
            explain(form, refused.reasons)
            found = _open(sample_id)
        else:
            flash("The score is kept.", "success")
            month = f"{found.sample.month:%Y-%m}"
            return redirect(url_for("samples.index", month=month), 303)
    page = render_template(
        "samples/sample.html",
        form=form,
        found=found,
        advice=found.sample.advice,
        route=AdviceRoute(found.sample.advice.route).words,
        questions=QUESTIONS,
        answers={one.value: one.words for one in Found},
        is_own=services.is_by(found, viewer().user_id),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<sample_id>/document")
@needs(Permission.SAMPLE_ADVICE)
@sandboxed
def file(sample_id: str) -> ResponseReturnValue:
    """Give out the document of sampled advice, to be saved."""
    found = _found(sample_id)
    held = found.sample.advice.document
    if held is None or found.piece.removed_why:
        abort(404)
    try:
        document, content = documents.opened(
            actor=actor(),
            case_id=found.case.id,
            public_id=held.public_id,
            what="opened sampled advice",
        )
    except Absent:
        abort(404)
    except documents.Withheld as withheld:
        flash(f"{withheld}.", "refused")
        return redirect(url_for("samples.sample", sample_id=sample_id), 303)
    answer: Response = send_file(
        BytesIO(content),
        mimetype=document.media_type,
        as_attachment=True,
        download_name=document.file_name,
    )
    return answer


def _open(sample_id: str) -> Sampled:
    """Return a sample that the person may read, the look at it told to the audit trail."""
    found = _found(sample_id)
    viewing.case_viewed(actor=actor(), case_id=found.case.id, what="viewed advice sample")
    return found


def _found(sample_id: str) -> Sampled:
    person = viewer()
    with reading():
        found = queries.opened(sample_id, reads_of(person), person.user_id, clock.today())
        viewing.let_go()
    return found or abort(404)


def _month() -> date:
    """Return the month asked for, of those offered; the last whole one where none is."""
    asked = {f"{month:%Y-%m}": month for month in _months()}
    return asked.get(request.args.get("month", ""), month_before(month_of(clock.today())))


def _months() -> list[date]:
    found = [month_of(clock.today())]
    while len(found) <= MONTHS:
        found.append(month_before(found[-1]))
    return found
