"""Questions to the field: asked, answered, closed; and what people looked for in vain."""

from flask import Blueprint

blueprint = Blueprint("questions", __name__, url_prefix="/questions")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
