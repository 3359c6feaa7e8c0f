"""Reassignments: many territories and accounts given to others at once."""

from flask import Blueprint

blueprint = Blueprint("reassignments", __name__, url_prefix="/reassignments")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
