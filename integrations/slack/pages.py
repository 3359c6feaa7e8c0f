"""The Slack page of the administration: how to set it up, and how the connection stands."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue

from insights.errors import Conflict, Invalid, NotFound
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.services import access
from insights.web.admin.sections import sections_for
from integrations.slack import calls, installations, oauth, setup, tending
from integrations.slack import manifest as manifests
from integrations.slack.app import Edge
from integrations.slack.parts import SlackParts
from integrations.slack.saved_messages import web_address

COOKIE = "slack_state"
EXAMPLE_URL = "https://insights.example.com"

blueprint = Blueprint("slack_setup", __name__, url_prefix="/admin/slack")
blueprint.add_app_template_filter(web_address, "slack_message")


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The steps, the manifest, and the checks."""
    settings = runtime().settings
    socket = request.args.get("way", "socket" if _is_by_socket() else "http") == "socket"
    return render_template(
        "slack/setup.html",
        sections=sections_for(actor()),
        here="slack",
        socket=socket,
        manifest=manifests.as_json(_manifest(socket=socket)),
        scopes=manifests.SCOPES,
        public_url=settings.public_url,
        uses_oauth=bool(settings.slack_client_id),
        workspaces=installations.workspaces(db_session()),
        **_checks(),
    )


@blueprint.get("/checks")
def checks() -> ResponseReturnValue:
    """The checks alone, which the page asks for again and again."""
    return render_template("slack/checks.html", **_checks())


@blueprint.get("/manifest")
def manifest() -> Response:
    """The manifest as a file: JSON, or YAML with `?form=yaml`."""
    form = "yaml" if request.args.get("form") == "yaml" else "json"
    made = _manifest(socket=request.args.get("way") == "socket")
    text = manifests.as_json(made) if form == "json" else manifests.as_yaml(made)
    response = Response(text, content_type=f"application/{form}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="slack-manifest.{form}"'
    return response


@blueprint.post("/check")
def check() -> ResponseReturnValue:
    """Has the worker try each token, and read people and channels anew."""
    moment = now()
    for place in installations.workspaces(db_session()):
        calls.put(
            db_session(),
            key=f"{tending.CHECK}:{place.team_id}",
            team_id=place.team_id,
            method=tending.CHECK,
            arguments={},
            now=moment,
        )
    flash("The worker looks at it now. The list below shows what it finds.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<team_id>/remove")
def remove(team_id: str) -> ResponseReturnValue:
    """Forgets a workspace and its tokens; notes stay."""
    if not installations.remove(db_session(), team_id, actor_id=actor().journal_id, now=now()):
        raise NotFound("The app is not in this workspace.")
    flash("The workspace was removed here. Remove the app at Slack as well.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/install")
def install() -> ResponseReturnValue:
    """Goes to Slack to add the app to a workspace."""
    if not runtime().settings.slack_client_id:
        raise Conflict("Set INSIGHTS_SLACK_CLIENT_ID and INSIGHTS_SLACK_CLIENT_SECRET first.")
    state = oauth.begin(db_session(), actor(), now=now())
    cookie[COOKIE] = state
    address = oauth.consent_address(_parts(), state)
    if "HX-Request" in request.headers:
        return "", 200, {"HX-Redirect": address}
    return render_template(
        "slack/leaving.html", sections=sections_for(actor()), here="slack", address=address
    )


@blueprint.get("/installed")
def installed() -> ResponseReturnValue:
    """Where Slack sends the admin back to, with a code or without the permission."""
    kept = str(cookie.pop(COOKIE, ""))
    if request.args.get("error"):
        flash("Nothing was added: it was cancelled at Slack.")
        return redirect(url_for(".index"), 303)
    name = oauth.finish(
        _parts(),
        actor(),
        state=request.args.get("state", ""),
        kept_state=kept,
        code=request.args.get("code", ""),
        now=now(),
    )
    flash(f"The app was added to {name}.")
    return redirect(url_for(".index"), 303)


def _checks() -> dict[str, object]:
    """What the list of checks shows."""
    found = setup.checks(db_session(), runtime().settings, now=now())
    return {"checks": found}


def _manifest(*, socket: bool) -> dict[str, object]:
    """For the installation's own address; for an example while it has none that Slack takes."""
    try:
        return manifests.manifest(runtime().settings.public_url, socket=socket)
    except Invalid:
        return manifests.manifest(EXAMPLE_URL, socket=socket)


def _is_by_socket() -> bool:
    """Which way the page shows first: the one in use, otherwise the one that the address allows."""
    settings = runtime().settings
    if settings.uses_slack:
        return bool(settings.slack_app_token)
    return not settings.public_url.startswith("https://")


def _parts() -> SlackParts:
    edge: Edge = current_app.extensions["insights_slack"]
    return edge.parts
