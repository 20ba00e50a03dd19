"""Pages about the service itself, open to anyone."""

from flask import Blueprint, render_template

from casework import current
from casework.web.guards import public

blueprint = Blueprint("information", __name__)


@blueprint.get("/accessibility")
@public("What the service does with people’s data is told before they sign in.")
def accessibility() -> str:
    """Show how far the service can be used by everyone, and whom to tell when it cannot."""
    return render_template("information/accessibility.html")


@blueprint.get("/cookies")
@public("What the service does with people’s data is told before they sign in.")
def cookies() -> str:
    """Show the cookies that are set, and why."""
    return render_template(
        "information/cookies.html", session_hours=current.settings().session_absolute_hours
    )


@blueprint.get("/privacy")
@public("What the service does with people’s data is told before they sign in.")
def privacy() -> str:
    """Show what is recorded about the people who use the service."""
    return render_template("information/privacy.html")
