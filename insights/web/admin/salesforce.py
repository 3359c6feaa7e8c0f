"""Import of accounts and territories as Salesforce exports them."""

from flask import Blueprint

blueprint = Blueprint("salesforce", __name__, url_prefix="/salesforce")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
