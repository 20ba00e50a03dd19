"""What an invented adviser writes: needs, outcomes and provision, some of it good and some not."""

from collections.abc import Sequence
from typing import Any

from casework.codes import Found
from casework.demonstration.draw import Draw
from casework.demonstration.words import advice_words
from casework.rules.plan_sections import in_order

#: How likely a line of good, middling and poor advice is to be specific; how often each is met.
_LIKELY = {0.95: 0.5, 0.6: 0.3, 0.15: 0.2}
_GOOD = 0.97
_VOICE = 0.7


def write(draw: Draw, kind: str, *, again: bool = False) -> dict[str, Any]:
    """Return advice of a kind of service: columns of Advice, its `entries`, and what is `found`.

    Written `again` after it was sent back, it is good.
    """
    words = advice_words()["kinds"][kind]
    likely = _GOOD if again else draw.weighted(_LIKELY)
    needs = draw.sample(words["needs"], draw.randint(1, len(words["needs"])))
    smart = [draw.happens(likely) for _ in needs]
    specific = [draw.happens(likely) for _ in needs]
    entries = [
        _entry(draw, need, is_smart=is_smart, is_specific=is_specific)
        for need, is_smart, is_specific in zip(needs, smart, specific, strict=True)
    ]
    has_voice = again or draw.happens(_VOICE)
    fed = {"E"} | {e["need_section"] for e in entries} | {e["provision_section"] for e in entries}
    return {
        "summary": _filled(draw, draw.choice(words["summary"])),
        "child_voice": draw.choice(advice_words()["voices"]) if has_voice else "",
        "sections": " ".join(in_order(fed)),
        "entries": entries,
        "found": {
            "needs_found": _found([len(needs) > 1 or again, True]),
            "outcomes_smart": _found(smart),
            "provision_specific": _found(specific),
            "child_voice": _found([has_voice]),
        },
    }


def parts(advice: dict[str, Any]) -> list[dict[str, Any]]:
    """Return advice as the parts of a paper: a heading with its paragraphs for each."""
    said = [{"heading": "Summary", "paragraphs": [advice["summary"]]}]
    if advice["child_voice"]:
        heading = "What the child or young person says"
        said.append({"heading": heading, "paragraphs": [advice["child_voice"]]})
    for number, entry in enumerate(advice["entries"], start=1):
        lines = [entry["need"], f"Outcome: {entry['outcome']}", f"Provision: {entry['provision']}"]
        who = ". ".join(words for words in (entry["by_whom"], entry["how_often"]) if words)
        said.append({"heading": f"Need {number}", "paragraphs": [*lines, *([who] if who else [])]})
    return said


def _entry(draw: Draw, need: Any, *, is_smart: bool, is_specific: bool) -> dict[str, Any]:
    provision, by_whom, how_often = need["specific" if is_specific else "loose"]
    return {
        "need_section": need["section"],
        "need": need["need"],
        "outcome": need["smart" if is_smart else "vague"],
        "provision_section": need["to"],
        "provision": provision,
        "by_whom": by_whom,
        "how_often": _filled(draw, how_often),
    }


def _filled(draw: Draw, words: str) -> str:
    return words.format(
        terms=draw.randint(2, 9),
        percent=draw.randint(62, 98),
        minutes=draw.choice((10, 15, 20, 30)),
        times=draw.choice(("two", "three", "four")),
    )


def _found(good: Sequence[bool]) -> str:
    return (Found.YES if all(good) else Found.PARTLY if any(good) else Found.NO).value
