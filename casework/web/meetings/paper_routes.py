"""`/meetings/<id>/papers`: the papers of a meeting, read on a screen or saved as one PDF."""

from io import BytesIO

from flask import (
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from casework import current
from casework.access import Permission
from casework.database import reading
from casework.headers import sandboxed
from casework.queries import meetings, papers
from casework.queries.meetings import MeetingView
from casework.queries.papers import ItemPapers, PaperLine
from casework.services import packs, viewing
from casework.services import papers as services
from casework.services.documents import Withheld
from casework.services.errors import Absent, Refused
from casework.typesetting import NotTypeset
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, seat, viewer
from casework.web.kept_forms import load
from casework.web.meetings import blueprint
from casework.web.meetings.page import open_meeting
from casework.web.meetings.paper_forms import PapersForm

#: Signs that a person has just opened a paper, so that its pages need not each be told of.
_OPENED = "opened paper"


@blueprint.get("/papers", endpoint="papers")
@needs(Permission.SEE_PANELS)
def index(public_id: str) -> ResponseReturnValue:
    """List the papers of each case, and offer the whole pack."""
    view, items, hidden = _all(public_id)
    without = [i for i in items if not i.papers]
    viewing.meeting_viewed(actor=actor(), meeting_id=view.meeting.id, what="viewed list of papers")
    return render_template(
        "meetings/papers.html",
        view=view,
        items=items,
        hidden=hidden,
        without=without,
        pages=sum(line.document.pages or 0 for i in items for line in i.papers if line.may_be_read),
        may_choose=_may_choose(view),
    )


@blueprint.post("/papers/usual")
@needs(Permission.PREPARE_MEETINGS)
def choose_usual_papers(public_id: str) -> ResponseReturnValue:
    """Choose, for each case without papers, what a panel reads as a matter of course."""
    view, items, _ = _all(public_id)
    without = [i.item.id for i in items if not i.papers]
    try:
        chosen = services.choose_usual(actor=actor(), item_ids=without)
    except Refused as refused:
        flash(f"{refused}.", "refused")
    except Absent:
        flash("The agenda was changed meanwhile. Try again.", "refused")
    else:
        flash(*_chosen_words(chosen))
    return redirect(url_for("meetings.papers", public_id=view.meeting.public_id), 303)


def _chosen_words(chosen: int) -> tuple[str, str]:
    if not chosen:
        words = "No paper was chosen: these cases have no documents yet that a panel reads."
        return words, "refused"
    return f"{chosen} {'paper is' if chosen == 1 else 'papers are'} chosen.", "success"


@blueprint.route("/cases/<item_id>/papers", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def choose_papers(public_id: str, item_id: str) -> ResponseReturnValue:
    """Choose the papers of one case from its documents."""
    view, items, _ = _all(public_id)
    found = next((i for i in items if i.item.public_id == item_id), None)
    if found is None:
        abort(404)
    form = load(PapersForm)
    with reading():
        choices = papers.choices(found.case.id, found.standing)
        viewing.let_go()
    form.offer(choices, usual=not found.papers and not view.is_circulated)
    if form.validate_on_submit():
        try:
            late = services.choose(
                actor=actor(), item_id=found.item.id, why=form.why.data, **form.changes()
            )
        except Refused as refused:
            explain(form, {_at(name): words for name, words in refused.reasons.items()})
        except Absent:
            abort(404)
        else:
            flash(_chosen(late), "success")
            return redirect(url_for("meetings.papers", public_id=public_id), 303)
    viewing.case_viewed(actor=actor(), case_id=found.case.id, what="viewed papers to choose")
    unable = [c for c in choices if c.objection and not c.is_chosen]
    page = render_template(
        "meetings/choose_papers.html", view=view, found=found, form=form, unable=unable
    )
    return page, 422 if form.errors else 200


@blueprint.get("/papers/<paper_id>")
@needs(Permission.SEE_PANELS)
def paper(public_id: str, paper_id: str) -> ResponseReturnValue:
    """Show one paper, page by page, each with its words for those who have it read aloud."""
    view, items, _ = _all(public_id)
    found, line = _find(items, paper_id)
    texts: tuple[str, ...] = ()
    withheld = ""
    try:
        texts = services.opened(actor=actor(), line=line)
    except Withheld as fault:
        withheld = str(fault)
        viewing.case_viewed(actor=actor(), case_id=found.case.id, what="viewed withheld paper")
    page = render_template(
        "meetings/paper.html",
        view=view,
        found=found,
        line=line,
        texts=texts,
        withheld=withheld,
        token=_signer().dumps([viewer().user_id, paper_id]),
        around=_around(items, line),
    )
    return page, 410 if withheld else 200


@blueprint.get("/papers/<paper_id>/<token>/<int:number>.png")
@needs(Permission.SEE_PANELS)
def paper_page(public_id: str, paper_id: str, token: str, number: int) -> Response:
    """Send one page of a paper as a picture, to a person who has just opened it."""
    _, items, _ = _all(public_id)
    _, line = _find(items, paper_id)
    try:
        most = current.settings().session_absolute_hours * 3600
        if _signer().loads(token, max_age=most) != [viewer().user_id, paper_id]:
            abort(404)
        content = services.page_picture(line=line, number=number)
    except (BadSignature, Absent, Withheld):
        abort(404)
    return send_file(BytesIO(content), mimetype="image/png")


@blueprint.get("/pack")
@needs(Permission.SEE_PANELS)
@sandboxed
def pack(public_id: str) -> ResponseReturnValue:
    """Send the whole pack as one PDF, made for this person."""
    view, items, hidden = _all(public_id)
    try:
        content = packs.build(
            actor=actor(), view=view, items=items, left_out=hidden, reader=viewer().name
        )
    except NotTypeset as fault:
        current_app.logger.error("a pack could not be made", extra={"values": {"why": str(fault)}})
        flash("The pack could not be made. Read the papers one by one meanwhile.", "refused")
        return redirect(url_for("meetings.papers", public_id=public_id), 303)
    name = f"pack-{view.meeting.on_day.isoformat()}.pdf"
    return send_file(
        BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name
    )


def _all(public_id: str) -> tuple[MeetingView, list[ItemPapers], int]:
    """The meeting, what this person may look into of it, and how many cases are hidden."""
    with reading():
        view = open_meeting(public_id)
        items = papers.of_meeting(seat(), view)
        hidden = meetings.declared(seat(), view.meeting.id)
        viewing.let_go()
    return view, items, hidden


def _find(items: list[ItemPapers], paper_id: str) -> tuple[ItemPapers, PaperLine]:
    every = ((item, line) for item in items for line in item.papers)
    found = next((both for both in every if both[1].paper.public_id == paper_id), None)
    if found is None:
        abort(404)
    return found


def _around(items: list[ItemPapers], line: PaperLine) -> dict[str, tuple[ItemPapers, PaperLine]]:
    """The papers before and after one that can be read, through the whole meeting."""
    every = [(item, one) for item in items for one in item.papers if one.may_be_read or one is line]
    at = next(n for n, (_, one) in enumerate(every) if one is line)
    found = {"previous": every[at - 1]} if at else {}
    return found | ({"next": every[at + 1]} if at + 1 < len(every) else {})


def _may_choose(view: MeetingView) -> bool:
    is_open = not view.is_cancelled and view.record is None
    return is_open and viewer().may(Permission.PREPARE_MEETINGS)


def _at(name: str) -> str:
    return name if name in ("chosen", "why") else "chosen"


def _chosen(late: int) -> str:
    if not late:
        return "The papers are saved."
    are = "is" if late == 1 else "are"
    return f"The papers are saved. {late} {are} marked late, and the members are told."


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current.settings().secret_key, salt=_OPENED)
