"""Many hands on the plans of twins: nothing is lost, nothing overwritten, nothing mixed up."""

import random
from itertools import count

import pytest
from flask import Flask

from casework.extensions import db
from casework.models import PlanSectionVersion
from casework.queries.plans import versions_of
from casework.rules.plan_content import Section, read
from casework.services import plans
from casework.services.audit_trail import COMMAND_LINE
from casework.services.plans import SectionChanged
from tests.factories import make_case

KEYS = ("B", "E", "F")


def test_interleaved_saves_of_two_authors_lose_and_mix_up_nothing(app: Flask) -> None:
    chance, texts = random.Random(5), count(1)
    with app.app_context():
        twins = [make_case(person={"forenames": name}).id for name in ("Ida", "Ada")]
        tabs = [(case, key) for case in twins for key in KEYS for _author in range(2)]
        seen = dict.fromkeys(range(len(tabs)), 0)
        saved: dict[tuple[int, str], list[str]] = {(case, key): [] for case, key in tabs}
        refused = 0
        for _ in range(150):
            tab = chance.randrange(len(tabs))
            case, key = tabs[tab]
            words = f"{case} {key} {next(texts)}"
            given = [(Section(key=key, words=words), seen[tab])]
            try:
                made = plans.save(actor=COMMAND_LINE, case_id=case, sections=given)
            except SectionChanged:
                refused += 1
                seen[tab] = len(saved[case, key])
            else:
                saved[case, key].append(words)
                seen[tab] = made[key]
        held = {
            place: [read(place[1], row.content).words for row in versions_of(*place).values()]
            for place in saved
        }
    assert refused > 20
    assert {place: list(reversed(words)) for place, words in held.items()} == saved


def test_sections_are_saved_all_or_none(app: Flask) -> None:
    with app.app_context():
        case = make_case().id
        one = (Section(key="B", words="First."), 0)
        plans.save(actor=COMMAND_LINE, case_id=case, sections=[one])
        both = [(Section(key="E", words="An outcome."), 0), (Section(key="B", words="Other."), 0)]
        with pytest.raises(SectionChanged):
            plans.save(actor=COMMAND_LINE, case_id=case, sections=both)
        assert db.session.query(PlanSectionVersion).count() == 1
