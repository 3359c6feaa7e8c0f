"""The page on which somebody allows the app into their workspace, or does not."""

import urllib.parse

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from tests.slack_server.slack import Slack
from tests.slack_server.web_api import the_slack

blueprint = Blueprint("oauth_pages", __name__, template_folder="pages")


@blueprint.get("/oauth/v2/authorize")
def ask() -> AnyResponse:
    """Shows what the app wants, for a person to allow or cancel."""
    slack = the_slack()
    refusal = _refusal(slack)
    if refusal:
        return Response(refusal, 400)
    page = render_template(
        "authorize.html",
        app=slack.app,
        scopes=_scopes(),
        workspaces=slack.workspaces.values(),
        query=request.args,
    )
    return Response(page)


@blueprint.post("/oauth/v2/authorize")
def decide() -> AnyResponse:
    """Sends the person back to the app, with a code or with access_denied."""
    slack = the_slack()
    refusal = _refusal(slack)
    if refusal:
        return Response(refusal, 400)
    told = {"state": request.args.get("state", "")}
    if request.form.get("decision") == "allow":
        told["code"] = _new_code(slack)
    else:
        told["error"] = "access_denied"
    return redirect(f"{_redirect_uri(slack)}?{urllib.parse.urlencode(told)}")


def _new_code(slack: Slack) -> str:
    with slack.lock:
        workspace = slack.workspaces[request.form["team"]]
        people = [one for one in workspace.people.values() if not one.is_bot]
        code = f"{slack.ids.number('code')}.code-of-the-stand-in"
        slack.oauth_codes[code] = {
            "team_id": workspace.id,
            "user_id": request.form.get("user") or people[0].id,
            "scopes": _scopes(),
            "redirect_uri": request.args.get("redirect_uri"),
            "organisation": bool(request.form.get("organisation")),
            "at": slack.clock.now(),
        }
        return code


def _scopes() -> list[str]:
    return [one for one in request.args.get("scope", "").split(",") if one]


def _redirect_uri(slack: Slack) -> str:
    return request.args.get("redirect_uri") or slack.app.redirect_urls[0]


def _refusal(slack: Slack) -> str | None:
    """The word with which Slack's own page refuses a wrong request."""
    if request.args.get("client_id") != slack.app.client_id:
        return "invalid_client_id"
    asked = request.args.get("redirect_uri")
    if asked and not any(asked.startswith(known) for known in slack.app.redirect_urls):
        return "bad_redirect_uri"
    if not asked and not slack.app.redirect_urls:
        return "missing_redirect_uri"
    unknown = set(_scopes()) - set(slack.app.scopes)
    return f"invalid_scope_requested: {', '.join(sorted(unknown))}" if unknown else None
