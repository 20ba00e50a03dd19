"""`/cases/<id>/final`: the final plan, signed for the authority and sent to whom it must be."""

from flask import Blueprint

blueprint = Blueprint("final", __name__, url_prefix="/cases/<public_id>/final")
