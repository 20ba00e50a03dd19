"""What panels and officers decided about a case, and decisions taken outside a panel."""

from flask import Blueprint

blueprint = Blueprint("decisions", __name__, url_prefix="/cases/<public_id>")
