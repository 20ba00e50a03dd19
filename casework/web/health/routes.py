"""`/health/live`: the process answers. `/health/ready`: it can do its work."""

from flask import Blueprint

from casework import readiness
from casework.headers import plain_http_allowed
from casework.web.guards import public

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
@plain_http_allowed
@public("The machines that watch the service have no account.")
def live() -> dict[str, str]:
    """Answer whenever the process can."""
    return {"status": "live"}


@blueprint.get("/ready")
@plain_http_allowed
@public("The machines that watch the service have no account.")
def ready() -> tuple[dict[str, object], int]:
    """Answer 200 when every part works and 503 when one does not; say which, and no more."""
    found = readiness.checks()
    failed = "failed" in found.values()
    return {"status": "not ready" if failed else "ready", "checks": found}, 503 if failed else 200
