"""Rules by which accounts find their territory, their gaps and overlaps."""

from flask import Blueprint

blueprint = Blueprint("territory_rules", __name__, url_prefix="/territory-rules")


@blueprint.get("")
def index() -> str:
    """To be written."""
    return ""
