"""Nothing typed is lost: what a form sends too late is kept, and comes back in the same form.

Every route with a form gets it by `load`. A form that arrives after its session has ended, or with
the token of an earlier one, is kept for its person alone; signed in again, they find the page
filled as they left it, and send it once more.
"""

from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, after_this_request, g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from casework.services import kept_forms
from casework.web import sessions
from casework.web.next_page import opens

Form = TypeVar("Form", bound=FlaskForm)

#: The field that says whose case a form is of (casework.web.whose_form).
OF_CASE = "of_case"
#: What is never kept nor shown again: the names of fields that hold these words.
SECRET_FIELDS = ("password", "csrf_token", OF_CASE)
LONGEST_PATH = 300


def load(form_class: type[Form], **kwargs: Any) -> Form:
    """Return the form, filled: by what was sent, or by what was kept for this person and page.

    `kwargs` are the form's own (`obj`, `data` …), which give what neither fills.
    """
    if person := sessions.person():
        user_id = person.viewer.user_id
        if request.method != "GET":
            _forget_when_done(user_id, path())
        elif fields := kept_forms.kept(user_id=user_id, path=path()):
            g.form_was_kept = True
            kwargs["formdata"] = MultiDict(fields)
    form: Form = form_class(**kwargs)
    return form


def keep_for(user_id: int) -> bool:
    """Keep what this request's form holds for a person; return whether anything was kept.

    Only what was sent from one of our own pages, and only where that page can be opened again:
    no other site can leave its words in a person's form.
    """
    place, fields = path(), typed_fields()
    if not (fields and is_from_our_page() and opens(place) and len(place) <= LONGEST_PATH):
        return False
    kept_forms.keep(user_id=user_id, path=place, fields=fields)
    return True


def keep_for_person() -> bool:
    """Keep this request's form for whoever is signed in; return whether anything was kept."""
    person = sessions.person()
    return person is not None and keep_for(person.viewer.user_id)


def typed_fields() -> list[tuple[str, str]]:
    """Return the (name, value) pairs of this request's form, without its secrets and files."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name.lower() for word in SECRET_FIELDS)
    ]


def is_from_our_page() -> bool:
    """Return whether the browser says that a page of this application sent the request."""
    if "Sec-Fetch-Site" in request.headers:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def path() -> str:
    """Return the address of the form that this request is about."""
    return request.full_path if request.query_string else request.path


def _forget_when_done(user_id: int, place: str) -> None:
    """Forget what was kept once the form has led somewhere else: then it is saved, or given up."""

    @after_this_request
    def forget(response: Response) -> Response:
        if 300 <= response.status_code < 400:
            kept_forms.forget(user_id=user_id, path=place)
        return response
