"""Battlecards: lines written, cited, checked and compared with what they said before."""

from flask import Blueprint

blueprint = Blueprint("battlecards", __name__, url_prefix="/battlecards")
