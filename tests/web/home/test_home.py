"""The first page: each role goes to where its own work begins."""

import pytest
from flask import Flask

from casework.access import PERMISSIONS, ROLES, Role
from casework.web.guards import rule_of
from casework.web.home.start_pages import START_PAGES
from tests.fixtures.people import SignIn

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("administrator", "/accounts"),
        ("auditor", "/audit-trail"),
        ("panel-clerk", "/panels"),
        ("panel-member", "/panels"),
        ("data-protection-officer", "/audit-trail"),
    ],
)
def test_each_role_goes_to_its_own_first_page(sign_in: SignIn, role: str, place: str) -> None:
    assert sign_in(role).get("/").location == place


@pytest.mark.parametrize("role", ROLES)
def test_no_role_is_sent_to_a_page_that_refuses_it(app: Flask, role: Role) -> None:
    endpoint = START_PAGES.get(role)
    if endpoint in app.view_functions:
        rule = rule_of(app, endpoint)
        assert rule
        assert rule.permission
        assert rule.permission in PERMISSIONS[role]


def test_the_menu_holds_only_what_a_person_may_open(sign_in: SignIn) -> None:
    def menu(role: str) -> str:
        return sign_in(role).get("/account").text.split("<nav", 1)[1].split("</nav")[0]

    administrators, auditors = menu("administrator"), menu("auditor")
    assert "Accounts" in administrators
    assert "Audit trail" not in administrators
    assert "Audit trail" in auditors
    assert "Accounts" not in auditors
