"""Handovers: the exit interview, the brief, and who has read what."""

from flask import Blueprint

blueprint = Blueprint("handovers", __name__, url_prefix="/handovers")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
