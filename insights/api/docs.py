"""The document of the API, for programs and for people."""

import orjson
from flask import Blueprint, Response, current_app, request

from insights.api.document import Document
from insights.http.protection import public

blueprint = Blueprint("api_docs", __name__)


@blueprint.get("/api/v1/openapi.json")
@public
def openapi() -> Response:
    """The OpenAPI document."""
    document: Document = current_app.extensions["insights_api"]
    response = Response(orjson.dumps(document.content), mimetype="application/json")
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
