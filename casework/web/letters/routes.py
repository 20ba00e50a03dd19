"""`/cases/<id>/letters`: those issued, and one more in two steps: written, then checked."""

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from casework import clock, current
from casework.access import Permission, role_words
from casework.database import reading
from casework.queries import letters
from casework.queries.cases import CaseView
from casework.queries.letter_copies import Written, services_unset
from casework.rules.letters import LETTERS, LetterKind
from casework.services import letters as issuing
from casework.services import viewing
from casework.services.errors import ChangedMeanwhile, Refused
from casework.services.letter_templates import install_first_versions
from casework.services.letters import NewLetter, TemplateChanged
from casework.services.protected_text import refuse_protected
from casework.web.cases.meanwhile import saved
from casework.web.cases.page import open_case, show
from casework.web.form_errors import explain
from casework.web.guards import actor, needs, viewer
from casework.web.kept_forms import typed_fields
from casework.web.letters.checking import Checked, NotComposed, checked
from casework.web.letters.forms import LetterForm, letter_form
from casework.web.letters.tokens import Token, opened, sealed

blueprint = Blueprint("letters", __name__, url_prefix="/cases/<public_id>/letters")

_INDEX = "letters.index"
#: What the form of the check screen has of its own; the rest is what was typed before it.
_OF_THE_SCREEN = ("token", "checked", "to", "is_safe", "change", "also", "why_not_all")
_LONGEST_WHY = 1000

_TWICE = "Issued. It was sent twice and issued once."
ANOTHER_CASE = (
    "What was sent is from another case’s page. Nothing was issued. Close the other tab, or "
    "check whose page this is, and begin the letter again."
)
CASE_CHANGED = (
    "The case was changed since you checked this letter. Nothing was issued. Check it again."
)
TEMPLATE_CHANGED = (
    "Another version of this letter’s template was put in use since you checked it. Nothing was "
    "issued. Check the letter again as it is now."
)
WORDS_CHANGED = (
    "What this letter says was changed since you checked it: a name, an address or a date. "
    "Nothing was issued. Check it again."
)


@blueprint.get("")
@needs(Permission.SEE_DOCUMENTS)
def index(public_id: str) -> ResponseReturnValue:
    """List the letters that were issued, and those that may be issued now."""
    with reading():
        view = open_case(public_id)
        found = letters.issued(view.case.id)
        offered = letters.may_be_issued(view)
        viewing.let_go()
    return show(
        "letters/index.html",
        view,
        what="viewed list of letters",
        issued=found,
        offered=offered,
        kinds=LETTERS,
    )


@blueprint.route("/<kind>", methods=["GET", "POST"])
@needs(Permission.WRITE_CASES)
def write(public_id: str, kind: str) -> ResponseReturnValue:
    """Write a letter, check it as it will be, and issue it."""
    row = LETTERS.get(kind)
    if row is None:
        abort(404)
    install_first_versions()
    with reading():
        view = open_case(public_id)
        form = letter_form(view, row, _fresh(view, row))
        viewing.let_go()
    if request.method == "POST":
        return _posted(view, row, form)
    return _form_page(view, row, form)


def _posted(view: CaseView, kind: LetterKind, form: LetterForm) -> ResponseReturnValue:
    token = opened(form.token.data or "")
    if token is None or (token.case, token.kind) != (view.case.public_id, kind.key):
        form.token.data = _fresh(view, kind)
        return _form_page(view, kind, form, status=409, problem=ANOTHER_CASE)
    if token.letter and _is_issued(view, token):
        return saved(view.case.public_id, _TWICE, _INDEX)
    if _cannot(view, kind) or not form.validate_on_submit() or request.form.get("change"):
        return _form_page(view, kind, form)
    also = tuple(request.form.getlist("also"))
    written = form.written(kind, viewer().name, role_words(viewer().role), also, _why_not_all())
    is_checked = bool(request.form.get("checked")) and bool(token.letter)
    ticked = request.form.getlist("to") if is_checked else None
    try:
        refuse_protected(actor(), view.case.id, {"reasons": written.reasons, "more": written.more})
        seen = checked(view, written, ticked)
    except Refused as refused:
        explain(form, refused.reasons)
        return _form_page(view, kind, form)
    except NotComposed as fault:
        explain(form, {fault.field: str(fault)})
        return _form_page(view, kind, form)
    if not is_checked:
        return _check_page(view, form, seen)
    if problem := _changed_since(view, token, seen):
        return _check_page(view, form, seen, status=409, problem=problem)
    if problem := _not_confirmed(seen):
        return _check_page(view, form, seen, status=422, problem=problem)
    return _issue(view, form, seen, token, written)


def _issue(
    view: CaseView, form: LetterForm, seen: Checked, token: Token, written: Written
) -> ResponseReturnValue:
    new = NewLetter(
        public_id=token.letter,
        written=written,
        template_id=seen.template_id,
        reference=view.case.reference,
        copies=seen.to_issue,
    )
    try:
        issuing.issue(
            actor=actor(),
            today=clock.today(),
            case_id=view.case.id,
            version=token.version,
            letter=new,
        )
    except Refused as refused:
        why = "; ".join(refused.reasons.values())
        return _check_page(view, form, seen, status=422, problem=f"{why}.")
    except TemplateChanged:
        return _again(view, form, written, TEMPLATE_CHANGED)
    except ChangedMeanwhile:
        if _is_issued(view, token):
            return saved(view.case.public_id, _TWICE, _INDEX)
        return _again(view, form, written, CASE_CHANGED)
    copies = len(seen.to_issue)
    # The next page to be opened shows this, which may be another tab's: it names no one.
    told = f"{view.case.reference}: issued, {written.row.words.lower()}"
    noun = "letter" if copies == 1 else "letters"
    words = f"{told} ({copies} {noun}). Open what is listed below, and send it."
    return saved(view.case.public_id, words, _INDEX)


def _again(view: CaseView, form: LetterForm, written: Written, problem: str) -> ResponseReturnValue:
    """Show the check screen once more, as the case and the template are now."""
    view = open_case(view.case.public_id)
    return _check_page(view, form, checked(view, written, None), status=409, problem=problem)


def _changed_since(view: CaseView, token: Token, seen: Checked) -> str:
    if token.template != seen.template_id:
        return TEMPLATE_CHANGED
    if token.version != view.case.version:
        return CASE_CHANGED
    return WORDS_CHANGED if token.words != seen.digest else ""


def _why_not_all() -> str:
    return request.form.get("why_not_all", "").strip()[:_LONGEST_WHY]


def _not_confirmed(seen: Checked) -> str:
    if not seen.to_issue:
        return "Tick who the letter is issued to."
    if seen.left_out and not _why_not_all():
        return f"Tick {' and '.join(seen.left_out)} too, or enter why they are not sent it."
    if seen.needs_care and not request.form.get("is_safe"):
        return (
            "Tick that you have checked that nothing in the letter leads to the protected address."
        )
    return ""


def _cannot(view: CaseView, kind: LetterKind) -> str:
    """Why this letter cannot be issued on this case at all, in words."""
    with reading():
        reason = letters.why_not(view, kind)
        viewing.let_go()
    if reason:
        return reason
    if unset := services_unset(kind, current.settings()):
        named = ", ".join(f"CASEWORK_{name.upper()}" for name in unset)
        return (
            "The letter must say something that is not set yet. Ask whoever runs this service to "
            f"set {named}."
        )
    return ""


def _is_issued(view: CaseView, token: Token) -> bool:
    with reading():
        return letters.is_issued(view.case.id, token.letter)


def _fresh(view: CaseView, kind: LetterKind) -> str:
    return sealed(Token(case=view.case.public_id, kind=kind.key, version=view.case.version))


def _form_page(
    view: CaseView, kind: LetterKind, form: LetterForm, *, status: int = 200, problem: str = ""
) -> ResponseReturnValue:
    cannot = _cannot(view, kind)
    failed = 422 if form.errors or (cannot and request.method == "POST") else 200
    return show(
        "letters/write.html",
        view,
        what="viewed form for a letter",
        status=status if status != 200 else failed,
        form=form,
        kind=kind,
        cannot=cannot,
        problem=problem,
    )


def _check_page(
    view: CaseView, form: LetterForm, seen: Checked, *, status: int = 200, problem: str = ""
) -> ResponseReturnValue:
    words: dict[str, Any] = {"form": form, "seen": seen, "kind": seen.kind, "problem": problem}
    words |= {"why_not_all": _why_not_all(), "longest_why": _LONGEST_WHY}
    typed = [(n, v) for n, v in typed_fields() if n not in _OF_THE_SCREEN]
    return show(
        "letters/check.html",
        view,
        what="checked letter",
        status=status,
        typed=typed,
        token=sealed(seen.token(view)),
        **words,
    )
