"""`/panels/<id>/phrases`: the reasons in words that a panel keeps for each question."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import clock
from casework.access import Permission
from casework.database import reading
from casework.queries import panels
from casework.rules.panels import QUESTIONS
from casework.services import panel_phrases, viewing
from casework.services.errors import Absent, Refused
from casework.web.form_errors import explain
from casework.web.guards import actor, needs
from casework.web.kept_forms import load
from casework.web.panels import blueprint
from casework.web.panels.forms import PhraseForm, PhraseWordsForm
from casework.web.panels.page import form_page, open_panel


@blueprint.get("/<public_id>/phrases")
@needs(Permission.PREPARE_MEETINGS)
def phrases(public_id: str) -> ResponseReturnValue:
    """List the phrases that a panel offers, by question, in their order."""
    panel = open_panel(public_id)
    with reading():
        found = panels.phrases(panel.id)
        viewing.let_go()
    groups = [(question, found.get(question.key, [])) for question in _questions(panel, found)]
    return render_template("panels/phrases.html", panel=panel, groups=groups)


@blueprint.route("/<public_id>/phrases/new", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def add_phrase(public_id: str) -> ResponseReturnValue:
    """Keep another phrase."""
    panel = open_panel(public_id)
    form = load(PhraseForm)
    form.offer_questions(panel.question_keys)
    if form.validate_on_submit():
        try:
            panel_phrases.add_phrase(
                actor=actor(),
                panel_id=panel.id,
                question=form.question,
                outcome=form.outcome,
                words=form.words.data,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        else:
            return _done(public_id, "The phrase is added.")
    return form_page("panels/phrase.html", form, panel=panel, phrase=None)


@blueprint.route("/<public_id>/phrases/<phrase_id>", methods=["GET", "POST"])
@needs(Permission.PREPARE_MEETINGS)
def change_phrase(public_id: str, phrase_id: str) -> ResponseReturnValue:
    """Put other words in a phrase's place; decisions keep the words they were made with."""
    panel = open_panel(public_id)
    phrase = panels.phrase(panel.id, phrase_id) or abort(404)
    form = load(PhraseWordsForm, data={"words": phrase.words})
    about = _about(phrase.question, phrase.outcome)
    if form.validate_on_submit():
        try:
            panel_phrases.change_phrase(
                actor=actor(),
                today=clock.today(),
                panel_id=panel.id,
                public_id=phrase_id,
                words=form.words.data,
            )
        except Refused as refused:
            explain(form, refused.reasons)
        except Absent:
            abort(404)
        else:
            return _done(public_id, "The phrase is changed.")
    return form_page("panels/phrase.html", form, panel=panel, phrase=phrase, about=about)


@blueprint.post("/<public_id>/phrases/<phrase_id>/end")
@needs(Permission.PREPARE_MEETINGS)
def end_phrase(public_id: str, phrase_id: str) -> ResponseReturnValue:
    """Offer a phrase no more."""
    _do(panel_phrases.end_phrase, public_id, phrase_id, today=clock.today())
    return _done(public_id, "The phrase is offered no more. Decisions made with it keep it.")


@blueprint.post("/<public_id>/phrases/<phrase_id>/up")
@needs(Permission.PREPARE_MEETINGS)
def phrase_up(public_id: str, phrase_id: str) -> ResponseReturnValue:
    """Move a phrase up among those of its question."""
    _do(panel_phrases.move_phrase, public_id, phrase_id, by=-1)
    return _done(public_id, "The phrase is moved up.")


@blueprint.post("/<public_id>/phrases/<phrase_id>/down")
@needs(Permission.PREPARE_MEETINGS)
def phrase_down(public_id: str, phrase_id: str) -> ResponseReturnValue:
    """Move a phrase down among those of its question."""
    _do(panel_phrases.move_phrase, public_id, phrase_id, by=1)
    return _done(public_id, "The phrase is moved down.")


def _do(act: Callable[..., None], public_id: str, phrase_id: str, **details: Any) -> None:
    panel = open_panel(public_id)
    try:
        act(actor=actor(), panel_id=panel.id, public_id=phrase_id, **details)
    except Absent:
        abort(404)


def _questions(panel: Any, found: Any) -> list[Any]:
    """Those that the panel decides, and those whose phrases are left from when it did."""
    return [q for q in QUESTIONS.values() if q.key in panel.question_keys or q.key in found]


def _about(question: str, outcome: str | None) -> str:
    asked = QUESTIONS[question]
    return f"{asked.words}: {asked.outcome(outcome).words if outcome else 'any answer'}"


def _done(public_id: str, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("panels.phrases", public_id=public_id), 303)
