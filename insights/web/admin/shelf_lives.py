"""Shelf lives: how long lines of battlecards hold without news."""

from flask import Blueprint

blueprint = Blueprint("shelf_lives", __name__, url_prefix="/shelf-lives")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
