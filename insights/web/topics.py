"""Topics: the board, the list, and the page of each."""

from flask import Blueprint

blueprint = Blueprint("topics", __name__, url_prefix="/topics")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
