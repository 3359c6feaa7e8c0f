"""The JSON API: parse, ask a service, answer. Its document is served beside it."""

from flask import Flask
from werkzeug.routing import IntegerConverter

from insights.api import (
    account_briefs,
    accounts,
    assignments,
    battlecards,
    briefs,
    business_figures,
    capture,
    comments,
    competitors,
    deliveries,
    destinations,
    docs,
    handovers,
    me,
    measures,
    notes,
    people,
    photos,
    products,
    promises,
    questions,
    reassignments,
    routes,
    saved_searches,
    search,
    segments,
    series,
    sightings,
    silence,
    tellings,
    territories,
    territory_rules,
    topics,
    trend_summaries,
    trends,
    triage,
    who_knows,
)
from insights.api.document import Document
from insights.api.operations import ApiBlueprint
from insights.http.protection import caller_key, limiter
from insights.http.runtime import runtime

# In the order in which the document lists them.
NOUNS = (
    notes,
    sightings,
    comments,
    photos,
    triage,
    search,
    saved_searches,
    routes,
    destinations,
    deliveries,
    territories,
    assignments,
    segments,
    competitors,
    products,
    accounts,
    account_briefs,
    trends,
    trend_summaries,
    series,
    silence,
    topics,
    questions,
    tellings,
    battlecards,
    promises,
    handovers,
    briefs,
    reassignments,
    territory_rules,
    who_knows,
    measures,
    business_figures,
    people,
    me,
    capture,
)

version_1 = ApiBlueprint("api", __name__, url_prefix="/api/v1")
for noun in NOUNS:
    version_1.register_blueprint(noun.blueprint)
limiter.shared_limit(
    lambda: runtime().settings.api_limit,
    scope="api",
    key_func=caller_key,
    exempt_when=lambda: not runtime().settings.api_limit,
)(version_1)


class NumberConverter(IntegerConverter):
    """The number of a row; one of more digits than any row has is no address of ours."""

    regex = "[0-9]{1,10}"


def register(app: Flask) -> None:
    """Adds the API and its document to the application."""
    app.url_map.converters["number"] = NumberConverter
    app.register_blueprint(version_1)
    app.register_blueprint(docs.blueprint)
    headings = {noun.blueprint.label: noun.__doc__ or "" for noun in NOUNS}
    app.extensions["insights_api"] = Document(app, version_1, headings)
