"""Pages: HTML for people. Each module is one noun; its routes stand on its functions.

Handlers keep one rhythm: load, ask whether it is allowed, do it, show it. Decisions are made in
`insights/services`; a handler only translates.
"""

from flask import Flask

from insights.web import (
    admin,
    capture,
    competitors,
    health,
    home,
    metrics,
    notes,
    products,
    profile,
    saved_searches,
    search,
    segments,
    sign_in,
    territories,
)

BLUEPRINTS = (
    health.blueprint,
    metrics.blueprint,
    sign_in.blueprint,
    home.blueprint,
    capture.blueprint,
    notes.blueprint,
    search.blueprint,
    saved_searches.blueprint,
    territories.blueprint,
    competitors.blueprint,
    segments.blueprint,
    products.blueprint,
    profile.blueprint,
    admin.blueprint,
)


def register(app: Flask) -> None:
    """Adds every page to the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
