"""What tests of a plan's pages share."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.extensions import db
from casework.models import Case, PlanSectionVersion
from casework.rules.plan_content import Item, Section, read
from casework.services.events import NewEvent
from tests.factories import log, make_case
from tests.fixtures.people import token_in
from tests.fixtures.plans import make_section


@pytest.fixture
def case(app: Flask) -> str:
    """Give the identifier of a case in which a plan is being written."""
    with app.app_context():
        case = make_case()
        log(case, NewEvent(kind="told_will_assess", on=date(2026, 10, 12)))
        return case.public_id


def hold(app: Flask, case: str, *sections: Section, number: int = 1) -> None:
    with app.app_context():
        found = db.session.query(Case).filter_by(public_id=case).one()
        for section in sections:
            make_section(found, section, number)


def held(app: Flask, key: str) -> list[tuple[int, Section]]:
    """Return the versions of a section in order."""
    with app.app_context():
        rows = db.session.query(PlanSectionVersion).filter_by(section=key)
        return [(row.number, read(key, row.content)) for row in rows.order_by("number")]


def typed(*items: Item, number: int = 0, words: str = "") -> dict[str, Any]:
    """Return what a browser sends of a section's form."""
    fields: dict[str, Any] = {"number": str(number), "words": words}
    fields["row"] = [item.id for item in items]
    for item in items:
        fields[f"text_{item.id}"] = item.text
        fields[f"serves_{item.id}"] = list(item.serves)
        for name in ("by_whom", "how_often", "how_long"):
            fields[f"{name}_{item.id}"] = getattr(item, name)
    return fields


def send(
    client: FlaskClient, case: str, key: str, fields: dict[str, Any], **more: Any
) -> TestResponse:
    page = f"/cases/{case}/plan/{key}/edit"
    token = token_in(client.get(f"/cases/{case}/plan/B/edit"))
    return client.post(page, data={"csrf_token": token, **fields, **more})
