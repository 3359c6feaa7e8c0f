"""Measures: how fast, how much and how well, by territory and month."""

from flask import Blueprint

blueprint = Blueprint("measures", __name__, url_prefix="/measures")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
