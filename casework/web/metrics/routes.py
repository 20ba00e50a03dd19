"""`/metrics`: how the work stands, in the text format of Prometheus, for whoever has the token."""

import secrets
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, abort, request

from casework import clock, current
from casework.database import reading
from casework.headers import plain_http_allowed
from casework.holidays import england_and_wales
from casework.queries import caseload
from casework.queries.metrics import Metric, metrics
from casework.web.guards import public

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@plain_http_allowed
@public("A machine that watches the service has no account: it shows a token of its own.")
def index() -> Response:
    """Answer with every number; to whoever does not show the token there is no such page."""
    token = current.settings().metrics_token
    if not token or not secrets.compare_digest(_shown().encode(), token.encode()):
        abort(404)
    when = caseload.day(clock.today(), england_and_wales(), current.settings().soon_within)
    with reading():
        text = "".join(_lines(metrics(clock.now(), when)))
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _shown() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


def _lines(found: Iterable[Metric]) -> Iterator[str]:
    last = ""
    for one in found:
        name = f"casework_{one.name}"
        if name != last:
            yield f"# HELP {name} {one.meaning}\n# TYPE {name} gauge\n"
            last = name
        label = f'{{job="{one.job}"}}' if one.job else ""
        yield f"{name}{label} {float(one.value)}\n"
