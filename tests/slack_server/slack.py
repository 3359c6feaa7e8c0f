"""Slack itself: all workspaces, the registered app, and what the app did there."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

from tests.slack_server.app_registration import AppRegistration, Installation
from tests.slack_server.clock import Clock
from tests.slack_server.delivery import Parcel
from tests.slack_server.events import Events
from tests.slack_server.faults import Faults
from tests.slack_server.ids import Ids
from tests.slack_server.limits import RateLimits
from tests.slack_server.tickets import Tickets
from tests.slack_server.views import Views
from tests.slack_server.workspace import Workspace

REMEMBERED_CALLS = 20_000
REMEMBERED_INTERACTIONS = 100
TOKEN_SECONDS = 12 * 60 * 60


@dataclass(frozen=True)
class RecordedCall:
    """A call of the app and how it was answered; no error means that it was ok."""

    method: str
    arguments: dict[str, Any]
    at: float
    status: int
    error: str | None


class Slack:
    """The state of the stand-in. Whoever reads or changes it holds `lock`."""

    def __init__(self, clock: Clock, app: AppRegistration | None = None) -> None:
        self.clock = clock
        self.app = app or AppRegistration()
        self.lock = threading.RLock()
        self.ids = Ids()
        self.tickets = Tickets(clock, self.ids)
        self.limits = RateLimits(clock)
        self.faults = Faults()
        self.events = Events(self)
        self.workspaces: dict[str, Workspace] = {}
        self.installations: dict[str, Installation] = {}
        self.oauth_codes: dict[str, dict[str, Any]] = {}
        self.previews: dict[str, dict[str, Any]] = {}
        self.calls: deque[RecordedCall] = deque(maxlen=REMEMBERED_CALLS)
        # What people did that the app was asked about, so that it can be sent twice.
        self.interactions: deque[Parcel] = deque(maxlen=REMEMBERED_INTERACTIONS)
        # What no finished app does: unknown methods and arguments, invalid blocks and answers.
        self.mistakes: list[str] = []
        self.base_url = ""
        self.socket_url = ""

    def add_workspace(self, name: str, enterprise_id: str | None = None) -> Workspace:
        team_id = self.ids.new("T")
        views = Views(self.ids, self.clock)
        domain = name.lower().replace(" ", "-")
        workspace = Workspace(
            team_id, name, domain, self.clock, self.ids, views, enterprise_id=enterprise_id
        )
        self.workspaces[team_id] = workspace
        return workspace

    def install(
        self,
        workspace: Workspace,
        installer_id: str,
        *,
        scopes: list[str] | None = None,
        organisation: bool = False,
    ) -> Installation:
        """Installs the app, or installs it anew with the bot user it had."""
        before = workspace.installation
        number = self.ids.number("token")
        if before is None:
            bot = workspace.add_person(self.app.bot_name, is_bot=True, bot_id=self.ids.new("B"))
            bot_user_id, bot_id = bot.id, str(bot.bot_id)
        else:
            bot_user_id, bot_id = before.bot_user_id, before.bot_id
        installation = Installation(
            team_id=workspace.id,
            bot_token=f"xoxb-{workspace.id[1:]}-{number}-stand-in",
            bot_user_id=bot_user_id,
            bot_id=bot_id,
            scopes=list(self.app.scopes if scopes is None else scopes),
            installer_id=installer_id,
            enterprise_id=workspace.enterprise_id,
            is_enterprise_install=organisation,
        )
        if self.app.token_rotation:
            self._start_rotation(installation, number)
        workspace.installation = installation
        self.installations[installation.bot_token] = installation
        return installation

    def rotate(self, refresh_token: str) -> Installation | None:
        """New tokens for a refresh token, which is spent by that; None when it is unknown."""
        for installation in list(self.installations.values()):
            if installation.refresh_token == refresh_token and installation.refusal is None:
                self._start_rotation(installation, self.ids.number("token"))
                self.installations[installation.bot_token] = installation
                return installation
        return None

    def workspace_of(self, installation: Installation) -> Workspace:
        return self.workspaces[installation.team_id]

    def blunder(self, what: str) -> None:
        """Records what no finished app does; the test fails when it ends."""
        self.mistakes.append(what)

    def calls_of(self, method: str) -> list[RecordedCall]:
        """The calls of one method that were answered with ok, oldest first."""
        return [call for call in list(self.calls) if call.method == method and call.error is None]

    def _start_rotation(self, installation: Installation, number: int) -> None:
        self.installations.pop(installation.bot_token, None)
        installation.bot_token = f"xoxe.xoxb-1-{installation.team_id[1:]}-{number}"
        installation.refresh_token = f"xoxe-1-{installation.team_id[1:]}-{number}"
        installation.expires_at = self.clock.now() + TOKEN_SECONDS
