"""The installable app: what a phone keeps of the product, so that it opens without a signal.

All of this is public and the same for everybody. Whose notes a page shows is known to the device
alone: the kept form is filled in by its scripts, from what the device holds.
"""

import json

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from insights.http.protection import public
from insights.http.templating import neutral, organisation, static_url
from insights.web import capture
from insights.web.app_shell_files import SENDING_WORKER, WORKER, shell_files

blueprint = Blueprint("app_shell", __name__)

PAPER = "#faf7f1"
# Addresses that open from the device at once, whatever their query, and the page that is shown.
KEPT_PAGES = {"/n": "/n/shell", "/waiting": "/waiting"}
OFFLINE_PAGE = "/offline"
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-192.png", "192x192", "maskable"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)


@blueprint.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker; `?plain` is the one for browsers in which a worker cannot be a module.

    It differs with every release, by which browsers notice that there is a new one.
    """
    response = Response(_script(plain="plain" in request.args))
    response.content_type = "application/javascript; charset=utf-8"
    response.headers["Service-Worker-Allowed"] = "/"
    return _asked_for_each_time(response)


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """What a phone has to know to put the app on its home screen."""
    response = jsonify(
        id="/",
        name=organisation(),
        short_name="Insights",
        description="Note what customers say about competitors, and read what colleagues heard.",
        lang="en",
        start_url="/n",
        scope="/",
        display="standalone",
        theme_color=PAPER,
        background_color=PAPER,
        categories=["business", "productivity"],
        icons=[_icon(name, size, purpose) for name, size, purpose in ICONS],
        shortcuts=[_shortcut("New note", "/n"), _shortcut("Search", url_for("search.page"))],
        share_target=_share_target(),
    )
    response.content_type = "application/manifest+json"
    return _asked_for_each_time(response)


@blueprint.get(OFFLINE_PAGE)
@public
def offline() -> ResponseReturnValue:
    """Shown by the worker for a page that the device does not have."""
    return neutral("app_shell/offline.html")


@blueprint.get("/n/shell")
@public
def shell() -> ResponseReturnValue:
    """The form of a new note as devices keep it."""
    return capture.shell_page()


def _script(*, plain: bool) -> str:
    shell = json.dumps(_shell(), indent=2)
    if plain:
        return f"self.shell = {shell};\nimportScripts({json.dumps(static_url(WORKER))});\n"
    return (
        f"import {json.dumps(static_url(WORKER))};\n"
        f"import {json.dumps(static_url(SENDING_WORKER))};\n"
        f"self.shell = {shell};\n"
    )


def _shell() -> dict[str, object]:
    """What the worker keeps when it is installed, and where it finds it."""
    files = shell_files()
    return {
        "version": files.version,
        "statics": f"{current_app.static_url_path}/",
        "files": files.names,
        "pages": KEPT_PAGES,
        "offline": OFFLINE_PAGE,
    }


def _icon(name: str, size: str, purpose: str) -> dict[str, str]:
    return {"src": static_url(name), "sizes": size, "type": "image/png", "purpose": purpose}


def _shortcut(name: str, url: str) -> dict[str, object]:
    return {"name": name, "url": url, "icons": [_icon(*ICONS[0])]}


def _share_target() -> dict[str, object]:
    """What other apps may hand over; the worker takes it in, the server never sees it."""
    return {
        "action": "/n/share",
        "method": "POST",
        "enctype": "multipart/form-data",
        "params": {
            "title": "title",
            "text": "text",
            "url": "url",
            "files": [{"name": "photos", "accept": ["image/*"]}],
        },
    }


def _asked_for_each_time(response: Response) -> Response:
    """May be kept by the browser, but it has to ask whether it is still the same."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
