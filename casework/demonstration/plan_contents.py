"""What an invented plan says: from the advice, then put right, then changed for the family."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from casework.demonstration.draw import Draw
from casework.demonstration.returned import Kept
from casework.demonstration.words import plan_words
from casework.rules.advisers import SERVICES
from casework.rules.civil_dates import spoken_date
from casework.rules.plan_checks import vague_words
from casework.rules.plan_content import Item, Section
from casework.rules.plan_from_advice import Advised, rows, with_rows
from casework.rules.plan_sections import PROVISION_SECTIONS, SOCIAL_CARE_SECTIONS, WRITTEN_SECTIONS

#: How often an outcome is left out at first, the child's views are there, a row is put right.
_LEFT_OUT, _VIEWS, _ROW_PUT_RIGHT = 0.06, 0.85, 0.8


def first_draft(
    draw: Draw, advice: Sequence[Kept], advised: Sequence[Advised]
) -> dict[str, Section]:
    """Return a first draft: what the advice says, the family's views, the list of what came."""
    said = plan_words()
    chosen = [
        (entry, key)
        for entry in advised
        for key in rows(entry)
        if key != "E" or not draw.happens(_LEFT_OUT)
    ]
    found = with_rows({}, chosen)
    if "B" in found and draw.happens(0.5):
        found["B"] = replace(found["B"], words=draw.choice(said["introductions"]))
    if draw.happens(_VIEWS):
        found["A"] = Section(key="A", words=draw.choice(said["views"]))
    if not any(key in found for key in SOCIAL_CARE_SECTIONS):
        found["D"] = Section(key="D", words=said["none_of_social_care"])
        for key in ("H1", "H2"):
            found[key] = Section(key=key, words=said["no_provision"])
    lines = [
        f"{SERVICES[one.asked.kind].words}: {', '.join(filter(None, one.asked.author))}, received "
        f"{spoken_date(one.on)}"
        for one in advice
    ]
    if lines:
        found["K"] = Section(key="K", words="\n".join(lines))
    return {key: found[key] for key in WRITTEN_SECTIONS if key in found}


def put_right(draw: Draw, sections: Mapping[str, Section]) -> dict[str, Section]:
    """Return the provision with how much, for how long, by whom, where that was open."""
    found = {}
    for key in PROVISION_SECTIONS:
        section = sections.get(key)
        if section is None or not section.items:
            continue
        items = tuple(
            _quantified(draw, item) if draw.happens(_ROW_PUT_RIGHT) else item
            for item in section.items
        )
        if items != section.items:
            found[key] = replace(section, items=items)
    return found


def _quantified(draw: Draw, item: Item) -> Item:
    said = plan_words()
    is_loose = not item.how_often or vague_words(item.how_often)
    return replace(
        item,
        by_whom=item.by_whom or draw.choice(said["by_whom"]),
        how_often=draw.choice(said["how_often"]) if is_loose else item.how_often,
        how_long=item.how_long or draw.choice(said["lengths"]),
    )


def changed(draw: Draw, sections: Mapping[str, Section]) -> dict[str, Section]:
    """Return one provision said more exactly, after the family had the draft."""
    section = sections.get("F")
    if section is None or not section.items:
        return {}
    first, *rest = section.items
    longer = replace(first, text=first.text + draw.choice(plan_words()["changed"]))
    return {"F": replace(section, items=(longer, *rest))}
