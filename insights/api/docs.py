"""The document of the API, for programs and for people."""

import orjson
from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from insights.api.document import Document
from insights.api.outline import outline
from insights.http.protection import public

blueprint = Blueprint("api_docs", __name__)


@blueprint.get("/api/v1/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """The OpenAPI document."""
    response = Response(orjson.dumps(_document().content), mimetype="application/json")
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@blueprint.get("/api/docs")
@public
def docs() -> ResponseReturnValue:
    """The same as a page."""
    return render_template("api/docs.html", outline=outline(_document().content))


def _document() -> Document:
    document: Document = current_app.extensions["insights_api"]
    return document
