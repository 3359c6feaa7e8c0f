"""Promises: made, kept, and no longer wanted."""

from flask import Blueprint

blueprint = Blueprint("promises", __name__, url_prefix="/promises")
