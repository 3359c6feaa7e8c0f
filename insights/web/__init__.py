"""Pages: HTML for people. Each module is one noun; its routes stand on its functions.

Handlers keep one rhythm: load, ask whether it is allowed, do it, show it. Decisions are made in
`insights/services`; a handler only translates.
"""

from flask import Flask

from insights.web import health

BLUEPRINTS = (health.blueprint,)


def register(app: Flask) -> None:
    """Adds every page to the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
