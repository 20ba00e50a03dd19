"""`/law`: the whole book of rules, and what the system knows of bank holidays."""

from itertools import groupby

from flask import Blueprint, render_template, request

from casework import clock
from casework.access import Permission
from casework.holidays import england_and_wales, horizon_warning
from casework.rules.because import limit_in_words
from casework.rules.book import BOOK, search
from casework.rules.exceptions import GROUNDS, REGULATIONS
from casework.rules.facts import FACTS
from casework.web.guards import needs

blueprint = Blueprint("law", __name__)

#: The longest search that is answered; a rule's whole duty is shorter.
LONGEST = 200
CONFIDENCE = {
    "P": "Read in the law itself",
    "S": "Read in a source that quotes it",
    "M": "From memory, not yet confirmed",
}
KINDS = {
    "law": "Law",
    "guidance": "Guidance",
    "derived": "Derived from the law",
    "local": "The authority’s own target",
}


@blueprint.get("/law")
@needs(Permission.SEE_LAW)
def index() -> str:
    """Show every time limit, or those that speak of `q`."""
    words = request.args.get("q", "").strip()[:LONGEST]
    found = search(words)
    return render_template(
        "law/law.html",
        words=words,
        found=len(found),
        total=len(BOOK),
        chapters=[(name, list(rows)) for name, rows in groupby(found, key=lambda row: row.chapter)],
        limit_in_words=limit_in_words,
        facts=FACTS,
        grounds=GROUNDS,
        regulations=REGULATIONS,
        confidence=CONFIDENCE,
        kinds=KINDS,
        holidays=england_and_wales(),
        warning=horizon_warning(clock.today()),
    )
