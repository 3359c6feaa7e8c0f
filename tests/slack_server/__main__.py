"""Runs the stand-in by hand: `python -m tests.slack_server --app http://127.0.0.1:8000`."""

import argparse
import json
import signal
import threading
import urllib.parse
from pathlib import Path

from tests.slack_server import faults
from tests.slack_server.app_registration import AppRegistration
from tests.slack_server.clock import WallClock
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

# Those whom the demo organisation knows by their e-mail addresses, and a guest whom it does not.
PEOPLE = {
    "rep": "rep@example.com",
    "marketing": "marketing@example.com",
    "manager": "manager@example.com",
    "admin": "admin@example.com",
    "guest": "guest@elsewhere.example",
}
PUBLIC_CHANNELS = ("field-notes", "marketing", "product", "random")
PRIVATE_CHANNEL = "leadership"
WITHOUT_APP = ("random",)
BAD_DAY = (
    faults.too_many_requests(),
    faults.server_error(),
    faults.refusal("internal_error"),
    faults.connection_reset(),
    faults.lost_response(),
)


def main() -> None:
    """Serves until it is interrupted."""
    # Also where whoever starts it does not listen to interruptions, as a script in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = _options()
    app = _registration(options)
    server = SlackServer(WallClock(), app, port=options.port)
    workspace = people_a_workspace(server)
    if options.sockets:
        server.deliver_over_sockets(options.port and options.port + 1)
    else:
        server.deliver_over_http(f"{options.app.rstrip('/')}/slack/events")
    if options.faults:
        server.slack.faults.scatter(options.faults, *BAD_DAY)
    server.start()
    print(_greeting(server, workspace, sockets=options.sockets), flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()
    for mistake in server.take_mistakes():
        print(f"mistake of the app: {mistake}")


def people_a_workspace(server: SlackServer) -> Workspace:
    """A workspace with people and channels, the app installed and in most of them."""
    workspace = server.add_workspace("Acme Field Sales")
    people = [
        workspace.add_person(name, email=email, is_guest=name == "guest")
        for name, email in PEOPLE.items()
    ]
    installation = server.slack.install(workspace, workspace.person("admin").id)
    bot = workspace.people[installation.bot_user_id]
    for name in PUBLIC_CHANNELS:
        workspace.add_channel(name, people if name in WITHOUT_APP else [*people, bot])
    leaders = [workspace.person("manager"), workspace.person("admin"), bot]
    workspace.add_channel(PRIVATE_CHANNEL, leaders, "group")
    return workspace


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.slack_server", description=__doc__)
    parser.add_argument("--app", default="http://127.0.0.1:8000", help="the product's address")
    parser.add_argument("--port", type=int, default=8600, help="where the stand-in listens")
    parser.add_argument(
        "--sockets", action="store_true", help="use Socket Mode instead of requests to the app"
    )
    parser.add_argument(
        "--faults", type=float, default=0.0, help="the share of calls that go wrong, as 0.2"
    )
    parser.add_argument("--manifest", type=Path, help="the app's manifest as JSON")
    return parser.parse_args()


def _registration(options: argparse.Namespace) -> AppRegistration:
    if options.manifest:
        app = AppRegistration.from_manifest(json.loads(options.manifest.read_text()))
    else:
        app = AppRegistration(redirect_urls=[options.app])
    # A manifest names the domain of the real installation.
    app.unfurl_domains.append(urllib.parse.urlsplit(options.app).hostname or "")
    return app


def _greeting(server: SlackServer, workspace: Workspace, *, sockets: bool) -> str:
    assert workspace.installation is not None
    lines = [
        f"The stand-in for Slack runs at {server.address}. Start the product with",
        "",
        f"  INSIGHTS_SLACK_API_URL={server.api_url}",
        f"  INSIGHTS_SLACK_SIGNING_SECRET={server.slack.app.signing_secret}",
        f"  INSIGHTS_SLACK_BOT_TOKEN={workspace.installation.bot_token}",
    ]
    if sockets:
        lines.append(f"  INSIGHTS_SLACK_APP_TOKEN={server.slack.app.app_token}")
    return "\n".join([*lines, "", "and open the address above in a browser."])


if __name__ == "__main__":
    main()
