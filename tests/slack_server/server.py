"""The running stand-in: its HTTP server, its sockets, and the people of its workspaces."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from flask import Blueprint, Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.slack_server import desk, oauth_pages, responding, web_api
from tests.slack_server.admin import Admin
from tests.slack_server.app_registration import AppRegistration
from tests.slack_server.clock import Clock, FakeClock
from tests.slack_server.delivery import Answer, Delivery, HttpDelivery, Nowhere, Parcel
from tests.slack_server.driver import Visitor
from tests.slack_server.slack import Slack
from tests.slack_server.socket_mode import SocketDelivery
from tests.slack_server.workspace import Workspace

EVENTUALLY_SECONDS = 5.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.02
uploads = Blueprint("uploads", __name__)


class _Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


class SlackServer:
    """Slack on this machine.

    Used as a context manager it stops at the end, and fails when the app made mistakes that
    Slack's own servers would have refused: unknown methods and arguments, invalid blocks.
    """

    def __init__(
        self, clock: Clock | None = None, app: AppRegistration | None = None, *, port: int = 0
    ) -> None:
        self.clock: Clock = clock or FakeClock()
        self.slack = Slack(self.clock, app)
        self.flask = _flask(self.slack)
        self._server = make_server(
            "127.0.0.1", port, self.flask, threaded=True, request_handler=_Quiet
        )
        self.slack.base_url = f"http://127.0.0.1:{self._server.port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            args=(POLL_SECONDS,),
            name="slack-server",
            daemon=True,
        )

    @property
    def address(self) -> str:
        return self.slack.base_url

    @property
    def api_url(self) -> str:
        """What WebClient takes as base_url."""
        return f"{self.slack.base_url}/api/"

    @property
    def authorize_url(self) -> str:
        return f"{self.slack.base_url}/oauth/v2/authorize"

    @property
    def delivery(self) -> Delivery:
        return self.slack.events.delivery

    @delivery.setter
    def delivery(self, delivery: Delivery) -> None:
        self.slack.events.delivery.close()
        self.slack.events.delivery = delivery

    def start(self) -> "SlackServer":
        self._thread.start()
        self.slack.events.start()
        return self

    def stop(self) -> None:
        self.clock.stop()
        self.slack.events.stop()
        self.delivery = Nowhere()
        self._server.shutdown()
        self._thread.join(STOP_SECONDS)
        self._server.server_close()

    def __enter__(self) -> "SlackServer":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        if kind is None:
            assert not self.slack.mistakes, self.slack.mistakes

    def take_mistakes(self) -> list[str]:
        """The mistakes so far, which count no more."""
        mistakes = list(self.slack.mistakes)
        self.slack.mistakes.clear()
        return mistakes

    def deliver_over_http(
        self, address: str, signing_time: Callable[[], float] = time.time
    ) -> HttpDelivery:
        """Sends everything from now on to this address of the app."""
        secret = self.slack.app.signing_secret
        self.delivery = http = HttpDelivery(address, secret, self.clock, signing_time)
        return http

    def deliver_over_sockets(self, port: int = 0) -> SocketDelivery:
        """Sends everything from now on through sockets, which the app has to open."""
        self.delivery = sockets = SocketDelivery(self.clock, self.slack.app.app_id, port=port)
        self.slack.socket_url = sockets.url
        return sockets

    def add_workspace(self, name: str = "Acme", enterprise_id: str | None = None) -> Workspace:
        return self.slack.add_workspace(name, enterprise_id)

    def visitor(self, workspace: Workspace, name: str) -> Visitor:
        return Visitor(self.slack, workspace, workspace.person(name))

    def admin(self, workspace: Workspace, name: str) -> Admin:
        return Admin(self.slack, workspace, workspace.person(name))

    def repeat_interaction(self) -> Answer:
        """Sends the last command, click or form once more, exactly as it was."""
        return self.delivery.send(self.slack.interactions[-1])

    def settle(self) -> None:
        """Returns when all events that are due were delivered."""
        self.slack.events.settle()

    def eventually(self, true: Callable[[], Any], seconds: float = EVENTUALLY_SECONDS) -> Any:
        """Waits for what the app does after it answered; what `true` returned in the end."""
        deadline = time.monotonic() + seconds
        while not (found := true()):
            if time.monotonic() > deadline:
                raise AssertionError("it did not happen in time")
            time.sleep(0.01)
        return found

    def verify_url(self) -> Answer:
        """The question with which Slack makes sure of an event address."""
        challenge = f"challenge-{self.slack.ids.number('challenge')}"
        payload = {
            "token": self.slack.app.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        answer = self.delivery.send(Parcel("events_api", payload))
        told = answer.body["challenge"] if isinstance(answer.body, dict) else answer.body
        assert told == challenge, f"the app answered {answer.body!r}"
        return answer


@uploads.route("/upload/v1/<team>/<file_id>", methods=["POST"])
def upload(team: str, file_id: str) -> Response:
    """The second step of an upload: the bytes themselves."""
    slack = web_api.the_slack()
    with slack.lock:
        file = slack.workspaces[team].files[file_id]
        content = request.get_data()
        if len(content) != file["size"]:
            return Response("wrong length", 400)
        file["content"] = content
    return Response(f"OK - {len(content)}")


def _flask(slack: Slack) -> Flask:
    flask = Flask(__name__, static_folder=None)
    flask.extensions["slack"] = slack
    for module in (web_api, responding, oauth_pages, desk):
        flask.register_blueprint(module.blueprint)
    flask.register_blueprint(uploads)
    return flask
