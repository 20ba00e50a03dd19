"""`/cases/<id>/plan`: the plan as its sections, written, checked and compared."""

from flask import Blueprint

blueprint = Blueprint("plan", __name__, url_prefix="/cases/<public_id>/plan")
