"""Logs: one JSON object a line, on standard error, with no personal data.

A line holds the route's template, never the path or the query; an error's kind and place, never
its words, since those may quote what a person typed.
"""

import json
import logging
import secrets
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from casework.config import Settings

access = logging.getLogger("casework.access")


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON: its own words without their arguments, and our named values."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg),
            **getattr(record, "values", {}),
        }
        if has_request_context():
            line["reference"] = g.get("reference")
        if record.exc_info and record.exc_info[1]:
            line |= _kind_and_place(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=str)


def init_app(app: Flask) -> None:
    """Log every request in production, and give each a reference that error pages show."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    # At a desk the terminal is for the address and the sign-ins, and for what goes wrong.
    settings: Settings = app.extensions["casework.settings"]
    level = logging.INFO if settings.in_production else logging.WARNING
    logging.basicConfig(level=level, handlers=[handler], force=_is_ours_to_set())
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    app.before_request(_begin)
    app.after_request(_finish)


def _is_ours_to_set() -> bool:
    """Tell whether the root logger has only handlers that we set: a test runner's stay."""
    return all(isinstance(h.formatter, JsonFormatter) for h in logging.getLogger().handlers)


def _begin() -> None:
    g.reference = secrets.token_hex(6).upper()
    g.began = time.perf_counter()


def _finish(response: Response) -> Response:
    if "reference" not in g:
        return response
    response.headers["X-Request-ID"] = g.reference
    values = {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.began) * 1000, 1),
    }
    quiet = request.endpoint in ("static", "health.live", "health.ready")
    level = logging.DEBUG if quiet else logging.INFO
    access.log(level, "request", extra={"values": values})
    return response


def _kind_and_place(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    kind = type(error)
    return {
        "error": f"{kind.__module__}.{kind.__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
