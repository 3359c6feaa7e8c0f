"""The Web API: token, limits, arguments, scope, and then the method itself."""

import threading
from typing import Any

from flask import Blueprint, Request, Response, current_app, jsonify, request

from tests.slack_server import methods  # noqa: F401  (enters every method into the table)
from tests.slack_server.app_registration import Installation
from tests.slack_server.arguments import missing_arguments, read_arguments, unknown_arguments
from tests.slack_server.call import METHODS, Call, Method
from tests.slack_server.connection import drop_connection
from tests.slack_server.errors import Refused, TooOften
from tests.slack_server.faults import Fault
from tests.slack_server.slack import RecordedCall, Slack

blueprint = Blueprint("web_api", __name__)
NO_ONE = Installation("", "", "", "", [], "")


def the_slack() -> Slack:
    """The stand-in that this server belongs to."""
    slack: Slack = current_app.extensions["slack"]
    return slack


@blueprint.route("/api/<name>", methods=["GET", "POST"])
def answer(name: str) -> Response:
    """One call of the app."""
    slack = the_slack()
    fault = slack.faults.next_for(name)
    if fault is not None and fault.kind != "lost":
        return _suffer(slack, name, fault)
    response = _answer(slack, name, request)
    if fault is not None:
        drop_connection(request)
    return response


def _answer(slack: Slack, name: str, request: Request) -> Response:
    arguments: dict[str, Any] = {}
    try:
        arguments = read_arguments(request)
        told = _perform(slack, name, arguments, request)
    except TooOften as often:
        return _too_often(slack, name, arguments, often.retry_after)
    except Refused as refused:
        return _respond(slack, name, arguments, {"error": refused.error} | refused.details)
    response = _respond(slack, name, arguments, told)
    if name == "auth.test":
        response.headers["x-oauth-scopes"] = ",".join(_installation(slack, request).scopes)
    return response


def _perform(
    slack: Slack, name: str, arguments: dict[str, Any], request: Request
) -> dict[str, Any]:
    known = METHODS.get(name)
    if known is None:
        slack.blunder(f"unknown method {name}")
        raise Refused("unknown_method", req_method=name)
    with slack.lock:
        installation = _authenticate(slack, known, request)
        wait = slack.limits.wait_for_method(installation.team_id, name, known.tier)
        if wait:
            raise TooOften(wait)
        _check_arguments(slack, name, arguments)
        workspace = _workspace(slack, installation, arguments)
        call = Call(slack, workspace, installation, arguments)
        if known.scope:
            call.need(known.scope)
        if request.authorization and request.authorization.type == "basic":
            arguments = arguments | {
                "client_id": request.authorization.username,
                "client_secret": request.authorization.password,
            }
            call.arguments = arguments
        return known.handler(call)


def _authenticate(slack: Slack, known: Method, request: Request) -> Installation:
    if known.token == "none":
        return NO_ONE
    token = _token(request)
    if token is None:
        raise Refused("not_authed")
    if known.token == "app":
        if token != slack.app.app_token:
            raise Refused("not_allowed_token_type" if token.startswith("xoxb") else "invalid_auth")
        return NO_ONE
    installation = slack.installations.get(token)
    if installation is None:
        raise Refused("not_allowed_token_type" if token.startswith("xapp") else "invalid_auth")
    if installation.refusal:
        raise Refused(installation.refusal)
    if installation.expires_at is not None and slack.clock.now() > installation.expires_at:
        raise Refused("token_expired")
    return installation


def _token(request: Request) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token
    return request.values.get("token")


def _installation(slack: Slack, request: Request) -> Installation:
    return slack.installations[str(_token(request))]


def _check_arguments(slack: Slack, name: str, arguments: dict[str, Any]) -> None:
    unknown = unknown_arguments(name, arguments)
    if unknown:
        slack.blunder(f"{name} was called with unknown arguments: {', '.join(sorted(unknown))}")
        messages = [f"[ERROR] unknown argument: {one}" for one in sorted(unknown)]
        raise Refused.with_messages("invalid_arguments", messages)
    missing = missing_arguments(name, arguments)
    if missing:
        messages = [f"[ERROR] missing required field: {one}" for one in missing]
        raise Refused.with_messages("invalid_arguments", messages)


def _workspace(slack: Slack, installation: Installation, arguments: dict[str, Any]) -> Any:
    """The workspace of the token; with an organisation's token the one that team_id names."""
    if not installation.is_enterprise_install:
        return slack.workspaces.get(installation.team_id)
    asked = slack.workspaces.get(str(arguments.get("team_id") or installation.team_id))
    if asked is None or asked.enterprise_id != installation.enterprise_id:
        raise Refused("team_not_found")
    return asked


def _suffer(slack: Slack, name: str, fault: Fault) -> Response:
    if fault.kind == "error":
        return _respond(slack, name, {}, {"error": fault.error})
    if fault.kind == "status":
        if fault.retry_after is not None:
            return _too_often(slack, name, {}, fault.retry_after)
        slack.calls.append(RecordedCall(name, {}, slack.clock.now(), fault.status, "http_error"))
        return Response("upstream error", fault.status)
    slack.calls.append(RecordedCall(name, {}, slack.clock.now(), 0, fault.kind))
    if fault.kind == "hang":
        threading.Event().wait(fault.seconds)
    drop_connection(request)
    return Response()


def _too_often(slack: Slack, name: str, arguments: dict[str, Any], retry_after: int) -> Response:
    response = _respond(slack, name, arguments, {"error": "ratelimited"}, 429)
    response.headers["Retry-After"] = str(retry_after)
    return response


def _respond(
    slack: Slack, name: str, arguments: dict[str, Any], told: dict[str, Any], status: int = 200
) -> Response:
    error = told.get("error")
    slack.calls.append(RecordedCall(name, arguments, slack.clock.now(), status, error))
    response = jsonify({"ok": error is None} | told)
    response.status_code = status
    return response
