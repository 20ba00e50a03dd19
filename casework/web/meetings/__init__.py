"""One meeting of a panel: its agenda, its papers, its cases one by one, its record."""

from flask import Blueprint

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings/<public_id>")
