"""Accounts: what is known before a visit."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
