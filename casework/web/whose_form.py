"""A form on a page of one child's case is taken for that case, and never for another's.

Each such form says whose it is; what comes to another case's address with it was mixed up, by two
tabs, a copied address or a page that went stale, and changes nothing.
"""

from typing import Final

from flask import Flask, request
from markupsafe import Markup
from werkzeug.exceptions import Conflict

from casework import errors
from casework.web import kept_forms
from casework.web.kept_forms import OF_CASE

_PLACE: Final = "/cases/<public_id>"


class AnotherCase(Conflict):
    """A form of one case came to the address of another."""


def init_app(app: Flask) -> None:
    """Give templates `whose_form()`, and refuse a form that is another case's.

    Called after the guards, so that a stranger is asked to sign in first.
    """
    app.jinja_env.globals["whose_form"] = whose_form
    app.before_request(_refuse_another)
    app.register_error_handler(AnotherCase, _answer)


def whose_form() -> Markup:
    """Return the field that says whose the form is; nothing on a page that is of no case."""
    case = _case()
    return (
        Markup('<input type="hidden" name="{}" value="{}">').format(OF_CASE, case)
        if case
        else Markup()
    )


def _case() -> str:
    rule = request.url_rule
    if rule is None or not rule.rule.startswith(_PLACE):
        return ""
    return str((request.view_args or {})["public_id"])


def _refuse_another() -> None:
    if request.method == "POST" and (said := request.form.get(OF_CASE)) and said != _case():
        raise AnotherCase


def _answer(_error: AnotherCase) -> errors.Answer:
    typed = [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in kept_forms.typed_fields()
        if value.strip()
    ]
    return errors.page(409, {}, template="errors/another_case.html", typed=typed)
