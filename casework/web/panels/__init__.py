"""The panels, their terms of reference and members, when they meet, and what each has done."""

from flask import Blueprint

blueprint = Blueprint("panels", __name__, url_prefix="/panels")
