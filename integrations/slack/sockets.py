"""Socket Mode: the worker keeps a connection to Slack open, and hears through it what Slack would
otherwise post to /slack/events. The listeners are the same.

Slack gives each thing to one of the connections of an app, of which it allows ten: two
installations must never share one app.
"""

import logging
import threading
from datetime import datetime, timedelta
from socket import gethostname

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import SlackReceipt
from integrations.slack import refusals
from integrations.slack.parts import SlackParts

CONCURRENT = 10
FIRST_REST_SECONDS = 1.0
LONGEST_REST_SECONDS = 60.0
REPORT_EVERY = timedelta(seconds=30)
REPORT_KEY = "socket:"

# The library tells of each frame while debugging, with what people wrote: it says warnings only.
_sdk_log = logging.getLogger("integrations.slack.sdk.sockets")
_sdk_log.setLevel(logging.WARNING)
log = logging.getLogger(__name__)


class Sockets:
    """The connection of this machine, from `start` until `close`; it is opened again when it ends,
    and when Slack asks for it."""

    def __init__(self, parts: SlackParts, app: App) -> None:
        self._parts = parts
        self._handler = SocketModeHandler(
            app,
            parts.settings.slack_app_token,
            logger=_sdk_log,
            web_client=parts.gateways.as_app(),
            concurrency=CONCURRENT,
        )
        self._client = self._handler.client
        self._reported_at: datetime | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._connect, name="slack-sockets", daemon=True)

    def start(self) -> None:
        """Begins to connect; as long as Slack does not answer it is tried again."""
        self._thread.start()

    def step(self) -> bool:
        """Writes down now and then that the connection stands; for the worker's turn."""
        now = self._parts.clock()
        if self._reported_at is not None and now - self._reported_at < REPORT_EVERY:
            return False
        if not self._client.is_connected():
            return False
        row = SlackReceipt(key=f"{REPORT_KEY}{gethostname()}"[:200], at=now)
        with self._parts.database.writing() as session:
            session.merge(row)
        self._reported_at = now
        return False

    def close(self) -> None:
        """Hangs up. What came in before is still dealt with."""
        self._stopping.set()
        self._thread.join()
        client = self._client
        client.auto_reconnect_enabled = False
        # The library looks up from an empty queue after a second; one more message wakes it.
        client.message_processor.event.set()
        client.enqueue_message("{}")
        self._handler.close()  # type: ignore[no-untyped-call]

    def stop_reconnecting(self) -> None:
        """Lets the connection end when Slack ends it."""
        self._client.auto_reconnect_enabled = False

    def _connect(self) -> None:
        rest = FIRST_REST_SECONDS
        while not self._stopping.is_set():
            try:
                self._handler.connect()  # type: ignore[no-untyped-call]
            except (SlackClientError, OSError) as error:
                log.warning(
                    "Slack cannot be reached by Socket Mode (%s). It is tried again.", error
                )
                if isinstance(error, SlackApiError):
                    self._keep_refusal(error)
                self._stopping.wait(rest)
                rest = min(rest * 2, LONGEST_REST_SECONDS)
            else:
                self._forget_refusal()
                return

    def _keep_refusal(self, error: SlackApiError) -> None:
        """Has the set-up page tell why Slack opens no connection."""
        code = str(error.response.get("error", ""))
        with self._parts.database.writing() as session:
            refusals.keep(session, refusals.APP_TOKEN, code, now=self._parts.clock())

    def _forget_refusal(self) -> None:
        with self._parts.database.writing() as session:
            refusals.forget(session, refusals.APP_TOKEN)


def seen_at(session: Session) -> datetime | None:
    """When a connection was last known to stand, on any machine; None if never."""
    statement = (
        select(SlackReceipt.at)
        .where(SlackReceipt.key.startswith(REPORT_KEY))
        .order_by(SlackReceipt.at.desc())
        .limit(1)
    )
    return session.scalars(statement).first()
