"""What is typed is kept, whoever keeps it at one moment: the page itself, and as it is left."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from casework.services import kept_forms
from tests.factories import make_user

PATH = "/cases/x/plan/F/edit"


def test_two_that_keep_the_same_form_at_once_both_succeed(app: Flask) -> None:
    with app.app_context():
        user_id = make_user("case-officer").id
    together = Barrier(2)

    def keep(words: str) -> None:
        with app.app_context():
            for _ in range(20):
                together.wait(30)
                kept_forms.keep(user_id=user_id, path=PATH, fields=[("words", words)])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(keep, ("one", "two")))
    with app.app_context():
        ((_, words),) = kept_forms.kept(user_id=user_id, path=PATH)
    assert words in ("one", "two")
