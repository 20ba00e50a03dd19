"""`/samples`: advice drawn by lot each month, and what is found in it."""

from flask import Blueprint

blueprint = Blueprint("samples", __name__, url_prefix="/samples")
