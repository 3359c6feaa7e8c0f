"""Pages: HTML for people. Each module is one noun; its routes stand on its functions.

Handlers keep one rhythm: load, ask whether it is allowed, do it, show it. Decisions are made in
`insights/services`; a handler only translates.
"""

from flask import Flask

from insights.web import (
    accounts,
    admin,
    app_shell,
    battlecards,
    briefs,
    capture,
    competitors,
    deliveries,
    handovers,
    health,
    home,
    measures,
    metrics,
    my_notes,
    notes,
    photos,
    products,
    profile,
    promises,
    questions,
    reading,
    routes,
    saved_searches,
    search,
    segments,
    sign_in,
    silence,
    tellings,
    territories,
    territory_map,
    topics,
    trend_summaries,
    trends,
    triage,
    waiting,
    who_knows,
)

BLUEPRINTS = (
    health.blueprint,
    metrics.blueprint,
    sign_in.blueprint,
    home.blueprint,
    app_shell.blueprint,
    capture.blueprint,
    waiting.blueprint,
    notes.blueprint,
    triage.blueprint,
    photos.blueprint,
    my_notes.blueprint,
    search.blueprint,
    saved_searches.blueprint,
    routes.blueprint,
    deliveries.blueprint,
    territory_map.blueprint,
    silence.blueprint,
    territories.blueprint,
    trend_summaries.blueprint,
    trends.blueprint,
    competitors.blueprint,
    segments.blueprint,
    products.blueprint,
    reading.blueprint,
    profile.blueprint,
    topics.blueprint,
    questions.blueprint,
    tellings.blueprint,
    battlecards.blueprint,
    accounts.blueprint,
    promises.blueprint,
    handovers.blueprint,
    briefs.blueprint,
    who_knows.blueprint,
    measures.blueprint,
    admin.blueprint,
)


def register(app: Flask) -> None:
    """Adds every page to the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
