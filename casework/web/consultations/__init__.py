"""`/cases/<id>/consultations`: what the family asks for, and the settings asked to take a child."""

from flask import Blueprint

blueprint = Blueprint("consultations", __name__, url_prefix="/cases/<public_id>/consultations")
