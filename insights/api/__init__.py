"""The JSON API."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds the API to the application."""
