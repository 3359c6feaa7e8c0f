"""News: what the person is told, newest first."""

from flask import Blueprint

blueprint = Blueprint("tellings", __name__, url_prefix="/news")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
