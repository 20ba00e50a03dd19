"""The weekly meeting's page: cases that can still be in time beside those that are late."""

from flask import Blueprint

blueprint = Blueprint("at_risk", __name__, url_prefix="/at-risk")
