"""Who knows about this: people by recent notes that others have confirmed."""

from flask import Blueprint

blueprint = Blueprint("who_knows", __name__, url_prefix="/who-knows")
