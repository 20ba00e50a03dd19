"""What is asked of a service: its list, each request, and the ways to answer."""

from flask import Blueprint

blueprint = Blueprint("asked", __name__, url_prefix="/asked")
