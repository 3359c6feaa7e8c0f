"""The notes on this device: which wait to be sent, which were, and which need a look.

The page is public and the same for everybody. Whose notes they are is known to the device alone,
which fills the page in (js/waiting.js).
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from insights.http.protection import public
from insights.http.templating import neutral

blueprint = Blueprint("waiting", __name__)


@blueprint.get("/waiting")
@public
def page() -> ResponseReturnValue:
    """The page, without any note; asks neither the session nor the database for anything."""
    return neutral("waiting/page.html")
