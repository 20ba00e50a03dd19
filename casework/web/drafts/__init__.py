"""`/cases/<id>/drafts`: the drafts that the family was served, and the weeks left."""

from flask import Blueprint

blueprint = Blueprint("drafts", __name__, url_prefix="/cases/<public_id>/drafts")
