"""`/chasing`: what each service owes, and reminding it."""

from flask import Blueprint

blueprint = Blueprint("chasing", __name__, url_prefix="/chasing")
