"""Briefs: what whoever takes a territory over must know."""

from flask import Blueprint

blueprint = Blueprint("briefs", __name__, url_prefix="/briefs")
