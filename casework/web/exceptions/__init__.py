"""`/cases/<id>/exceptions`: exceptions to time limits, from the proposal to what is still owed."""

from flask import Blueprint

blueprint = Blueprint("exceptions", __name__, url_prefix="/cases/<public_id>/exceptions")
