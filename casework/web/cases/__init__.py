"""One case: where it stands, what is due, what happened, and why every date is what it is."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__, url_prefix="/cases/<public_id>")
