"""How services answer the requests for advice: the dashboard, its cases and the monthly report."""

from flask import Blueprint

blueprint = Blueprint("contributions", __name__, url_prefix="/contributions")
