"""Business figures: brought in by territory and month."""

from flask import Blueprint

blueprint = Blueprint("business_figures", __name__, url_prefix="/figures")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
