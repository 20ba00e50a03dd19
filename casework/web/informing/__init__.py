"""`/cases/<id>/informing` and `/to-be-told`: who was told what, and who is still to be."""

from flask import Blueprint

blueprint = Blueprint("informing", __name__)
