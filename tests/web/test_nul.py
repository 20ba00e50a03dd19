"""A NUL, which PostgreSQL cannot be asked for, is answered like any other name of nothing."""

import pytest
from flask.testing import FlaskClient

from tests.fixtures.people import SignIn, send_sign_in


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("manager", "/cases/a%00b"),
        ("manager", "/cases/%00/explain"),
        ("administrator", "/accounts/%00"),
        ("administrator", "/accounts?role=%00"),
    ],
)
def test_an_address_with_a_nul_is_not_found(sign_in: SignIn, role: str, address: str) -> None:
    assert sign_in(role).get(address).status_code == 404


def test_an_email_address_with_a_nul_is_only_wrong(client: FlaskClient) -> None:
    assert send_sign_in(client, "nobody\0@example.org").status_code == 422
