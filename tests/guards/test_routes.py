"""Every route, for every role: what the application does must be what permissions.csv says.

The table is written by hand and says who may get past the guard: `yes`, `no` (refused, 403), or
`sign-in` (sent to sign in). A route that is not in it fails, and so does a line of no route. To add
a route, add a line for each of its methods and decide every column.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from casework.access import ROLES, Permission
from casework.app import create_app
from casework.web.guards import (
    UndeclaredRoute,
    check_every_route_has_a_rule,
    needs,
    public,
    signed_in,
)
from casework.web.home import routes as home
from tests.fixtures.application import settings_for
from tests.fixtures.people import SignIn, token_in

pytestmark = pytest.mark.embedded

TABLE = Path(__file__).with_name("permissions.csv")
ANONYMOUS = "anonymous"


def written() -> dict[tuple[str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row.pop("endpoint"), row.pop("method")): row for row in csv.DictReader(file)}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield every route of ours with each method it answers, but for those that Flask adds."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def address(app: Flask, rule: Rule) -> str:
    """Return an address of the route that names no record there is."""
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    values = {name: 0 if kind == "IntegerConverter" else "none" for name, kind in kinds.items()}
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def seen(client: FlaskClient, app: Flask, rule: Rule, method: str) -> str:
    answer = client.open(address(app, rule), method=method)
    assert answer.status_code < 500, f"{method} {rule.endpoint} fails"
    if answer.status_code == 403:
        return "no"
    asks = answer.status_code == 303 and answer.location.startswith("/sign-in")
    return "sign-in" if asks else "yes"


def test_the_table_has_a_line_for_every_route_and_no_other(app: Flask) -> None:
    there = {(rule.endpoint, method) for rule, method in routes(app)}
    missing, spare = there - set(written()), set(written()) - there
    assert not missing, f"add to {TABLE.name}, and decide: {sorted(missing)}"
    assert not spare, f"take out of {TABLE.name}: {sorted(spare)}"


def test_the_table_has_a_column_for_every_role_and_no_cell_is_empty() -> None:
    for line, row in written().items():
        assert list(row) == [ANONYMOUS, *ROLES], line
        assert set(row.values()) <= {"yes", "no", "sign-in"}, line


@pytest.mark.parametrize("role", [ANONYMOUS, *ROLES])
def test_each_route_lets_in_whom_the_table_says(
    app: Flask, client: FlaskClient, sign_in: SignIn, role: str
) -> None:
    if role != ANONYMOUS:
        client = sign_in(role)
    table = written()
    differ = {
        f"{method} {rule.endpoint}": f"{found}, not {table[rule.endpoint, method][role]}"
        for rule, method in routes(app)
        if (found := seen(client, app, rule, method)) != table[rule.endpoint, method][role]
    }
    assert not differ


def test_nobody_gets_past_a_guard_by_asking_in_another_way(app: Flask, client: FlaskClient) -> None:
    table = written()
    for rule, method in routes(app):
        if method == "GET" and table[rule.endpoint, method][ANONYMOUS] == "sign-in":
            for other in ("HEAD", "OPTIONS"):
                assert client.open(address(app, rule), method=other).status_code == 303


def test_the_cookie_of_a_session_signed_out_opens_no_route(app: Flask, sign_in: SignIn) -> None:
    client, thief = sign_in("administrator"), app.test_client()
    cookie = client.get_cookie("casework")
    assert cookie
    token = token_in(client.get("/account"))
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303
    table = written()
    for rule, method in routes(app):
        thief.set_cookie("casework", cookie.value)
        if table[rule.endpoint, method][ANONYMOUS] == "sign-in":
            assert seen(thief, app, rule, method) == "sign-in", rule.endpoint


@pytest.mark.parametrize("role", [ANONYMOUS, "administrator"])
def test_every_answer_of_every_route_keeps_to_the_policy_and_is_kept_nowhere(
    app: Flask, client: FlaskClient, sign_in: SignIn, role: str
) -> None:
    if role != ANONYMOUS:
        client = sign_in(role)
    for rule, method in routes(app):
        headers = client.open(address(app, rule), method=method).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, rule.endpoint
        # An email has its styles in its words: it stands in a frame, where nothing acts.
        is_framed = rule.endpoint == "caught_mail.page"
        assert ("sandbox" if is_framed else "frame-ancestors 'none'") in policy, rule.endpoint
        assert ("unsafe" in policy) == is_framed, rule.endpoint
        assert "unsafe" not in policy.partition("script-src")[2].partition(";")[0], rule.endpoint
        assert headers["X-Content-Type-Options"] == "nosniff", rule.endpoint
        framing = "SAMEORIGIN" if is_framed else "DENY"
        assert headers["X-Frame-Options"] == framing, rule.endpoint
        if rule.endpoint != "theme.stylesheet":
            assert headers["Cache-Control"] == "no-store", rule.endpoint


def test_no_form_is_taken_without_its_token(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("administrator")
    table = written()
    for rule, method in routes(app):
        if method != "GET" and table[rule.endpoint, method]["administrator"] == "yes":
            answer = client.open(address(app, rule), method=method)
            assert answer.status_code == 400, rule.endpoint


def declaring(*views: Callable[..., Any]) -> Flask:
    app = Flask("declaring")
    for number, view in enumerate(views):
        app.add_url_rule(f"/{number}", f"view-{number}", view)
    return app


def test_a_route_that_declares_nothing_stops_the_application_from_starting() -> None:
    app = declaring(lambda: "x", signed_in("A reason.")(lambda: "y"))
    with pytest.raises(UndeclaredRoute, match="view-0") as raised:
        check_every_route_has_a_rule(app)
    assert "view-1" not in str(raised.value)


def test_create_app_itself_makes_that_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(home.index, "access_rule")
    with pytest.raises(UndeclaredRoute, match=r"home\.index"):
        create_app(settings_for("sqlite://", tmp_path))


def test_each_kind_of_rule_is_a_declaration() -> None:
    open_to_all, to_members = public("A reason.")(lambda: "a"), signed_in("One.")(lambda: "b")
    check_every_route_has_a_rule(
        declaring(open_to_all, to_members, needs(Permission.SEE_LAW)(lambda: "c"))
    )
