"""`/cases/<id>/advice`: who was asked for advice, what came back, and what was said of it."""

from flask import Blueprint

blueprint = Blueprint("advice", __name__, url_prefix="/cases/<public_id>/advice")
